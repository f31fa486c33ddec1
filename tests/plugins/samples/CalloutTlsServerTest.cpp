// The HTTP callout (plugins/callout) over TLS, with certificates made by openssl.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/samples/Callout.h"
#include "tests/plugins/samples/Connect.h"
#include "tests/plugins/samples/HttpService.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

namespace gnatsd::tests {

class CalloutTlsServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CalloutTlsServerTest);
    CPPUNIT_TEST(aKnownServiceIsAsked);
    CPPUNIT_TEST(anUnknownServiceIsNot);
    CPPUNIT_TEST(aServiceWithAnotherNameIsNot);
    CPPUNIT_TEST(aSlowHandshakeIsCutOff);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        makeCertificate("right", "IP:127.0.0.1");
        makeCertificate("named", "DNS:other.example");
    }

private:
    void aKnownServiceIsAsked() {
        HttpService service(byPassword, context("right"));
        AuthServer server(calloutConfig(service.url(), settings("right", "connections: 1")));

        for (int i = 0; i < 3; ++i) {
            const std::string user = "user" + std::to_string(i);
            CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs(user, kCalloutPassword)));
            CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs(user, "wrong")));
        }

        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, service.calls());
        CPPUNIT_ASSERT_EQUAL(1, service.connections());
    }

    void anUnknownServiceIsNot() {
        HttpService service(byPassword, context("right"));
        AuthServer server(calloutConfig(service.url(), settings("named")));

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", kCalloutPassword)));

        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, service.calls());
        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("certificate verify failed") != std::string::npos);
    }

    void aServiceWithAnotherNameIsNot() {
        HttpService service(byPassword, context("named"));
        AuthServer server(calloutConfig(service.url(), settings("named")));

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", kCalloutPassword)));

        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, service.calls());
        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("ertificate") != std::string::npos);
    }

    void aSlowHandshakeIsCutOff() {
        Poco::Net::ServerSocket silent(Poco::Net::SocketAddress("127.0.0.1", 0));
        AuthServer server(
            calloutConfig("https://127.0.0.1:" + std::to_string(silent.address().port()) + "/",
                          settings("right", "timeout: 300ms")));

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", kCalloutPassword)));

        CPPUNIT_ASSERT(server.waitForLog("no answer within 300 ms"));
    }

    std::string settings(const std::string& name, const std::string& more = "") const {
        return "ca_file: \"" + folder_.file(name + ".pem") + "\"\n" + more;
    }

    void makeCertificate(const std::string& name, const std::string& alternative) const {
        const Outcome outcome =
            run(GNATSD_OPENSSL,
                {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", folder_.file(name + ".key"), "-out", folder_.file(name + ".pem"),
                 "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=" + alternative});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, 0, outcome.status);
    }

    Poco::Net::Context::Ptr context(const std::string& name) const {
        return new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE,
                                      folder_.file(name + ".key"), folder_.file(name + ".pem"), "",
                                      Poco::Net::Context::VERIFY_NONE);
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(CalloutTlsServerTest);

}  // namespace gnatsd::tests
