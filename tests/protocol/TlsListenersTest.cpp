// `listeners`: several client ports in one server, each plain or with a `tls` block of its own; and
// what the page `tlsz` says of their certificates.

#include "plugins/host/options/LoadOptions.h"
#include "tests/protocol/TlsRig.h"
#include "tests/support/TestServer.h"
#include "transports/tls/Upgrade.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

namespace gnatsd::tests {

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TlsListenersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsListenersTest);
    CPPUNIT_TEST(eachListenerHasItsOwnRules);
    CPPUNIT_TEST(infoNamesTheListenersPort);
    CPPUNIT_TEST(listenersComeBesidesTheClientPort);
    CPPUNIT_TEST(startLinesNameThem);
    CPPUNIT_TEST(reloadChangesTheirSecurity);
    CPPUNIT_TEST(reloadCannotMoveThem);
    CPPUNIT_TEST(changedFilesConcernTheListenerThatHasThem);
    CPPUNIT_TEST(daysLeftAreAStatistic);
    CPPUNIT_TEST(whatIsWrongIsToldWithItsPlace);
    CPPUNIT_TEST_SUITE_END();

    /// A server of `listeners`, plain inside and secured outside.
    class Server {
    public:
        Server(const TlsFiles& files, const std::string& text) : files_(files) {
            options_ = load(text);
            log_.setDebug(true);
            server_ = makeServer(options_, log_);
            server_->start();
        }

        std::uint16_t port(std::size_t index) const { return server_->ports().at(index).port; }
        std::size_t count() const { return server_->ports().size(); }
        CapturedLog& log() { return log_; }
        void reload(const std::string& text) {
            host::Options next = load(text);
            next.reactors = options_.reactors;
            try {
                server_->reload(std::move(next), [](const host::LogSettings&) {});
            } catch (const Poco::Exception& error) {
                throw std::runtime_error(error.message());
            }
        }

    private:
        host::Options load(const std::string& text) const {
            const std::string path = files_.file("listeners.conf");
            writeFile(path, text);
            host::LoadedOptions loaded = host::loadOptions(path, {});
            if (!loaded.isGood()) {
                throw std::runtime_error(loaded.report());
            }
            loaded.options.executable = GNATSD_TEST_PROGRAM;
            return std::move(loaded.options);
        }

        const TlsFiles& files_;
        CapturedLog log_;
        host::Options options_;
        std::unique_ptr<host::Server> server_;
    };

    std::string tls(const std::string& name, const std::string& more = {}) const {
        return "tls { cert_file: \"" + files_.pem(name) + "\", key_file: \"" + files_.key(name) +
               "\", ca_file: \"" + files_.pem("ca") + "\", " + more + " }";
    }

    static std::string listener(const std::string& name, const std::string& more = {}) {
        return "{ name: " + name + ", listen: \"127.0.0.1:-1\", " + more + " }\n";
    }

    std::string twoListeners(const std::string& more = {}) const {
        return "listeners: [\n" + listener("inside") + listener("outside", tls("server", more)) +
               "]\n";
    }

    TlsClient client(const Server& server, std::size_t index, const TlsClient::Wish& wish = {}) {
        return TlsClient(server.port(index), files_, wish);
    }

    void eachListenerHasItsOwnRules() {
        files_.make("second", {.subject = "CN=second"});
        Server server(files_,
                      "listeners: [\n" + listener("inside") + listener("outside", tls("server")) +
                          listener("strict", tls("second", "verify: true")) +
                          listener("both", tls("second") + ", allow_non_tls: true") + "]\n");
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, server.count());
        TlsClient inside = client(server, 0);
        CPPUNIT_ASSERT(has(inside.info(), "\"tls_required\":false"));
        TlsClient outside = client(server, 1);
        CPPUNIT_ASSERT(has(outside.info(), "\"tls_required\":true"));
        CPPUNIT_ASSERT(has(outside.info(), "\"tls_verify\":false"));
        outside.connect();
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=localhost"), outside.peerSubject());
        TlsClient strict = client(server, 2, {.certificate = "client"});
        CPPUNIT_ASSERT(has(strict.info(), "\"tls_verify\":true"));
        strict.connect();
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=second"), strict.peerSubject());
        TlsClient nobody = client(server, 2, {.highest = TLS1_2_VERSION});
        CPPUNIT_ASSERT(!nobody.tryHandshake().empty());
        TlsClient both = client(server, 3);
        CPPUNIT_ASSERT(has(both.info(), "\"tls_available\":true"));
        both.connect();
        // One server: what is published on one listener comes out at another.
        outside.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        inside.sendRaw("CONNECT {\"verbose\":false}\r\nPUB foo 2\r\nhi\r\n");
        outside.expect("MSG foo 1 2\r\nhi\r\n");
    }

    void infoNamesTheListenersPort() {
        Server server(files_, twoListeners());
        for (const std::size_t index : {0U, 1U}) {
            TlsClient one = client(server, index);
            CPPUNIT_ASSERT_MESSAGE(
                one.info(),
                has(one.info(), "\"port\":" + std::to_string(server.port(index)) + ","));
        }
        server.reload("client_advertise: \"example.com:1234\"\n" + twoListeners());
        TlsClient told = client(server, 1);
        CPPUNIT_ASSERT(has(told.info(), "\"port\":1234,"));
    }

    void listenersComeBesidesTheClientPort() {
        Server server(files_, "listen: \"127.0.0.1:-1\"\n" + tls("server") + "\nlisteners: [ " +
                                  listener("inside") + "]\n");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, server.count());
        CPPUNIT_ASSERT(has(client(server, 0).info(), "\"tls_required\":true"));
        CPPUNIT_ASSERT(has(client(server, 1).info(), "\"tls_required\":false"));
    }

    void startLinesNameThem() {
        Server server(files_, twoListeners());
        server.log().expectMatch(R"(\[INF\] Listening for client connections on )"
                                 R"(127\.0\.0\.1:\d+ \(inside, without TLS\))");
        server.log().expectMatch(R"(\[INF\] Listening for client connections on )"
                                 R"(127\.0\.0\.1:\d+ \(outside, TLS required\))");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0},
                             server.log().count("TLS required for client connections"));
    }

    void reloadChangesTheirSecurity() {
        Server server(files_, twoListeners());
        server.reload(twoListeners("verify: true"));
        TlsClient strict = client(server, 1);
        CPPUNIT_ASSERT(has(strict.info(), "\"tls_verify\":true"));
        server.log().expect("Reloaded: listeners");
        server.reload("listeners: [\n" + listener("inside", tls("server")) +
                      listener("outside", tls("server")) + "]\n");
        TlsClient inside = client(server, 0);
        CPPUNIT_ASSERT(has(inside.info(), "\"tls_required\":true"));
        inside.connect();
        server.log().expect("(inside, TLS required)");
        server.reload("listeners: [\n" + listener("inside") + listener("outside") + "]\n");
        CPPUNIT_ASSERT(has(client(server, 1).info(), "\"tls_required\":false"));
    }

    void reloadCannotMoveThem() {
        Server server(files_, twoListeners());
        for (const std::string& text :
             {"listeners: [" + listener("inside") + "]\n",
              "listeners: [" + listener("inside") + listener("abroad", tls("server")) + "]\n"}) {
            try {
                server.reload(text);
                CPPUNIT_FAIL("reloaded: " + text);
            } catch (const std::runtime_error& error) {
                CPPUNIT_ASSERT_MESSAGE(error.what(),
                                       has(error.what(),
                                           "config reload not supported for Listeners: "
                                           "old=inside=127.0.0.1:-1, outside=127.0.0.1:-1, new="));
            }
        }
        client(server, 1).connect();
    }

    void changedFilesConcernTheListenerThatHasThem() {
        files_.make("second", {.subject = "CN=second"});
        Server server(files_, "listeners: [\n" + listener("one", tls("server")) +
                                  listener("other", tls("second")) + "]\n");
        files_.make("second", {.subject = "CN=renewed"});
        server.log().expect("certificate files have changed, new connections get " +
                            files_.pem("second"));
        TlsClient one = client(server, 0);
        one.connect();
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=localhost"), one.peerSubject());
        TlsClient other = client(server, 1);
        other.connect();
        CPPUNIT_ASSERT_EQUAL(std::string("/CN=renewed"), other.peerSubject());
    }

    void daysLeftAreAStatistic() {
        files_.make("old", {.daysFrom = -9, .daysTo = -2});
        tls::Contexts contexts;
        for (const std::string name : {"server", "old"}) {
            tls::TlsSettings settings;
            settings.certFile = files_.pem(name);
            settings.keyFile = files_.key(name);
            contexts[name] = tls::TlsContext::make(settings);
        }
        const std::string page = tls::Upgrade(contexts).page({}).body;
        CPPUNIT_ASSERT_MESSAGE(page, has(page, files_.pem("server")));
        CPPUNIT_ASSERT_MESSAGE(page, has(page, "\"days_left\": 59"));
        CPPUNIT_ASSERT_MESSAGE(page, has(page, "\"days_left\": -"));
    }

    void whatIsWrongIsToldWithItsPlace() {
        refused("listeners: []", "\"listeners\" must not be empty");
        refused("listeners: [ 1 ]", "expected a map in \"listeners\", got an integer");
        refused("listeners: { a: 1 }", "expected a list of maps for \"listeners\"");
        refused("listeners: [\n{ listen: 1 } ]", ":2:1: a listener needs a \"name\"");
        refused("listeners: [ { name: a } ]", "a listener needs a port");
        refused("listeners: [ { name: a, port: 99999 } ]",
                "\"port\" must be between -1 and 65535, got 99999");
        refused("listeners: [ { name: a, port: 1 }\n{ name: a, port: 2 } ]",
                ":2:1: two listeners have the name \"a\"");
        refused("listeners: [ { name: a, port: 1, allow_non_tls: true } ]",
                "\"allow_non_tls\" needs a \"tls\" block");
        refused("listeners: [ { name: a, port: 1, tsl { } } ]",
                "unknown field \"tsl\", did you mean \"tls\"?");
        refused("listeners: [ { name: a, port: 1, tls { key_file: k } } ]",
                "missing 'cert_file' in TLS configuration");
        refused(
            "listeners: [ { name: a, port: -1,\ntls { cert_file: \"/nowhere/c.pem\", "
            "key_file: \"/nowhere/k.pem\" } } ]",
            "listeners.conf:2:7: error parsing X509 certificate/key pair: open "
            "/nowhere/c.pem: no such file or directory");
    }

    void refused(const std::string& text, const std::string& why) {
        std::string told;
        try {
            const Server server(files_, text);
        } catch (const Poco::Exception& error) {
            told = error.message();
        } catch (const std::exception& error) {
            told = error.what();
        }
        CPPUNIT_ASSERT_MESSAGE(text + "\nwanted: " + why + "\ngot: " + told, has(told, why));
    }

    TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsListenersTest);

}  // namespace gnatsd::tests
