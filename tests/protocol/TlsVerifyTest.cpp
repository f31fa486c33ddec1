// Client certificates: who has to show one, which are refused and why, and who a certificate is
// (AU-70 to AU-73).

#include "tests/protocol/TlsRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

namespace gnatsd::tests {

namespace {

constexpr const char* kVerify = "verify: true";
constexpr const char* kMap = "verify_and_map: true";

/// Users that certificates may name; a password would let nobody in.
std::string users(const std::string& names) {
    std::string list;
    for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find('|', at), names.size());
        list += "{ user: \"" + names.substr(at, end - at) + "\", permissions: " + "{ publish: \"" +
                std::to_string(at) + ".>\" } }\n";
        at = end + 1;
    }
    return "authorization { users: [\n" + list + "] }";
}

}  // namespace

class TlsVerifyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsVerifyTest);
    CPPUNIT_TEST(certificateIsDemanded);
    CPPUNIT_TEST(certificateOfAnotherAuthorityIsRefused);
    CPPUNIT_TEST(expiredCertificateIsRefused);
    CPPUNIT_TEST(certificateThatIsNotValidYetIsRefused);
    CPPUNIT_TEST(clientThatDistrustsTheServerIsNamed);
    CPPUNIT_TEST(onlyPinnedKeysMayCome);
    CPPUNIT_TEST(pinsHoldWithoutVerify);
    CPPUNIT_TEST(emailNamesTheUserBeforeTheHost);
    CPPUNIT_TEST(hostNamesTheUser);
    CPPUNIT_TEST(subjectNamesTheUserInAnyOrder);
    CPPUNIT_TEST(unknownCertificateIsNobody);
    CPPUNIT_TEST(userOfConnectDoesNotCount);
    CPPUNIT_TEST(nobodyStaysPlainWhereCertificatesMap);
    CPPUNIT_TEST(noAuthUserIsNobodyWhereCertificatesMap);
    CPPUNIT_TEST_SUITE_END();

    // AU-70
    void certificateIsDemanded() {
        TlsServer server(files_, kVerify);
        TlsClient good(server, files_, {.certificate = "client"});
        CPPUNIT_ASSERT(good.info().find("\"tls_verify\":true") != std::string::npos);
        good.connect();
        TlsClient bad(server, files_, {.highest = TLS1_2_VERSION});
        CPPUNIT_ASSERT(!bad.tryHandshake().empty());
        server.log().expect("TLS handshake error: the client didn't provide a certificate");
    }

    void certificateOfAnotherAuthorityIsRefused() {
        files_.make("other", {.subject = "CN=Other CA", .names = "", .issuer = "other"});
        files_.make("stranger", {.subject = "CN=stranger", .issuer = "other"});
        refused("stranger",
                "the client's certificate \"CN=stranger\" is refused: unable to get "
                "local issuer certificate");
    }

    void expiredCertificateIsRefused() {
        files_.make("late", {.subject = "CN=late", .daysFrom = -9, .daysTo = -2});
        refused("late", "the client's certificate \"CN=late\" is refused: certificate has expired");
    }

    void certificateThatIsNotValidYetIsRefused() {
        files_.make("early", {.subject = "CN=early", .daysFrom = 2, .daysTo = 9});
        refused("early", "\"CN=early\" is refused: certificate is not yet valid");
    }

    void clientThatDistrustsTheServerIsNamed() {
        files_.make("other", {.subject = "CN=Other CA", .names = "", .issuer = "other"});
        TlsServer server(files_);
        TlsClient client(server, files_, {.authority = "other"});
        CPPUNIT_ASSERT(!client.tryHandshake().empty());
        server.log().expect("TLS handshake error: the client refuses: unknown CA");
    }

    // AU-73
    void onlyPinnedKeysMayCome() {
        files_.make("second", {.subject = "CN=second"});
        TlsServer server(files_, std::string(kVerify) + "\npinned_certs: [\"" +
                                     files_.fingerprint("client") + "\"]");
        TlsClient good(server, files_, {.certificate = "client"});
        good.connect();
        TlsClient bad(server, files_, {.certificate = "second", .highest = TLS1_2_VERSION});
        CPPUNIT_ASSERT(!bad.tryHandshake().empty());
        server.log().expect("\"CN=second\" is refused: its key is not in 'pinned_certs'");
    }

    void pinsHoldWithoutVerify() {
        files_.make("alone", {.subject = "CN=alone", .issuer = "alone"});
        TlsServer server(files_, "pinned_certs: [\"" + files_.fingerprint("alone") + "\"]");
        TlsClient good(server, files_, {.certificate = "alone"});
        good.connect();
        TlsClient bad(server, files_, {.certificate = "client", .highest = TLS1_2_VERSION});
        CPPUNIT_ASSERT(!bad.tryHandshake().empty());
        TlsClient none(server, files_, {.highest = TLS1_2_VERSION});
        CPPUNIT_ASSERT(!none.tryHandshake().empty());
    }

    // AU-71: the first user may publish to 0.>, the second elsewhere.
    void emailNamesTheUserBeforeTheHost() {
        TlsServer server(files_, kMap, users("erin@example.com|erin.example.com"));
        isFirstUser(server, "client");
    }

    void hostNamesTheUser() {
        TlsServer server(files_, kMap, users("erin.example.com|CN=erin,OU=Eng,O=Acme"));
        isFirstUser(server, "client");
    }

    void subjectNamesTheUserInAnyOrder() {
        TlsServer server(files_, kMap, users("O=Acme, CN=erin, ou=Eng|CN=erin|erin"));
        isFirstUser(server, "client");
    }

    // AU-72
    void unknownCertificateIsNobody() {
        TlsServer server(files_, kMap, users("bob"));
        TlsClient client(server, files_, {.certificate = "client"});
        client.handshake();
        client.ask("CONNECT {\"verbose\":false}\r\n", "-ERR 'Authorization Violation'\r\n");
        server.log().expect("not found");
    }

    void userOfConnectDoesNotCount() {
        TlsServer server(files_, kMap,
                         "authorization { users: [ {user: bob, password: b}, "
                         "{user: \"erin@example.com\", permissions: {publish: \"0.>\"}} ] }");
        TlsClient erin(server, files_, {.certificate = "client"});
        erin.handshake();
        erin.ask("CONNECT {\"verbose\":false,\"user\":\"bob\",\"pass\":\"b\"}\r\nPUB x 0\r\n\r\n",
                 "-ERR 'Permissions Violation for Publish to \"x\"'\r\n");
        server.log().expect("[WRN] ");
        server.log().expect("User \"bob\" found in connect proto, but user required from cert");
        files_.make("nobody", {.subject = "CN=nobody", .names = "DNS:nobody"});
        TlsClient bob(server, files_, {.certificate = "nobody"});
        bob.handshake();
        bob.ask("CONNECT {\"verbose\":false,\"user\":\"bob\",\"pass\":\"b\"}\r\n",
                "-ERR 'Authorization Violation'\r\n");
    }

    void nobodyStaysPlainWhereCertificatesMap() {
        TlsServer server(files_, kMap,
                         "allow_non_tls: true\nauthorization { user: bob, password: b }");
        TlsClient client(server, files_);
        CPPUNIT_ASSERT(client.info().find("\"tls_required\":true") != std::string::npos);
        client.sendRaw("CONNECT {\"user\":\"bob\",\"pass\":\"b\"}\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Secure Connection - TLS Required'\r\n"),
                             client.rawUntilClosed());
    }

    void noAuthUserIsNobodyWhereCertificatesMap() {
        TlsServer server(files_, kMap,
                         "no_auth_user: bob\nauthorization { users: [ {user: bob, password: b}, "
                         "{user: eve, password: e} ] }");
        TlsClient client(server, files_, {.certificate = "client"});
        client.handshake();
        client.ask("PUB x 0\r\n\r\n", "-ERR 'Authorization Violation'\r\n");
    }

private:
    void refused(const std::string& name, const std::string& why) {
        TlsServer server(files_, kVerify);
        TlsClient client(server, files_, {.certificate = name, .highest = TLS1_2_VERSION});
        CPPUNIT_ASSERT(!client.tryHandshake().empty());
        server.log().expect(why);
        // In 1.3 the client learns it after its part of the handshake.
        TlsClient newer(server, files_, {.certificate = name});
        std::string rest;
        newer.tryHandshake();
        newer.untilClosed(rest);
        CPPUNIT_ASSERT_EQUAL(std::string(), rest);
    }

    void isFirstUser(TlsServer& server, const std::string& certificate) {
        TlsClient client(server, files_, {.certificate = certificate});
        client.handshake();
        client.ask("CONNECT {\"verbose\":false}\r\nPUB 0.x 0\r\n\r\nPUB x 0\r\n\r\n",
                   "-ERR 'Permissions Violation for Publish to \"x\"'\r\n");
    }

    TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsVerifyTest);

}  // namespace gnatsd::tests
