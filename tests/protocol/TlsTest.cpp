// TLS on the client port: the order of INFO and handshake, who is let in without it, what is said
// and logged (CP-113, CP-115 to CP-119, LOG-76, LOG-102).

#include "tests/protocol/TlsRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <thread>

namespace gnatsd::tests {

class TlsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsTest);
    CPPUNIT_TEST(infoIsClearAndTheRestSecured);
    CPPUNIT_TEST(theLogTellsVersionAndCipher);
    CPPUNIT_TEST(oldestVersionIs12);
    CPPUNIT_TEST(theServersOrderOfSuitesCounts);
    CPPUNIT_TEST(configuredSuitesAreTheOnlyOnes);
    CPPUNIT_TEST(configuredCurvesAreTheOnlyOnes);
    CPPUNIT_TEST(plainClientIsToldAndClosed);
    CPPUNIT_TEST(silentClientIsToldAfterTheTimeout);
    CPPUNIT_TEST(stalledHandshakeIsCutSilently);
    CPPUNIT_TEST(authTimerBeginsAfterTheHandshake);
    CPPUNIT_TEST(allowNonTlsTakesBoth);
    CPPUNIT_TEST(handshakeFirstComesBeforeInfo);
    CPPUNIT_TEST(handshakeFirstAutoTakesBoth);
    CPPUNIT_TEST(serverEndsWithCloseNotify);
    CPPUNIT_TEST(rateOfConnectionsIsLimited);
    CPPUNIT_TEST_SUITE_END();

    // CP-115
    void infoIsClearAndTheRestSecured() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        CPPUNIT_ASSERT(client.info().starts_with("INFO {"));
        CPPUNIT_ASSERT(has(client.info(), "\"tls_required\":true"));
        CPPUNIT_ASSERT(has(client.info(), "\"ssl_required\":true"));
        CPPUNIT_ASSERT(has(client.info(), "\"tls_verify\":false"));
        CPPUNIT_ASSERT(!has(client.info(), "tls_available"));
        client.connect();
        client.ask("SUB foo 1\r\nPUB foo 2\r\nhi\r\n", "MSG foo 1 2\r\nhi\r\n");
    }

    void theLogTellsVersionAndCipher() {
        TlsServer server(files_);
        TlsClient client(server, files_, {.highest = TLS1_2_VERSION});
        client.connect();
        server.log().expect("TLS required for client connections");
        server.log().expectMatch(R"(\[DBG\] 127\.0\.0\.1:\d+ - cid:1 - Starting TLS client )"
                                 "connection handshake");
        server.log().expectMatch(R"(\[DBG\] 127\.0\.0\.1:\d+ - cid:1 - TLS handshake complete)");
        server.log().expectMatch(R"(\[DBG\] 127\.0\.0\.1:\d+ - cid:1 - TLS version 1\.2, cipher )"
                                 "suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        TlsClient other(server, files_);
        other.connect();
        server.log().expect("TLS version 1.3, cipher suite TLS_AES_128_GCM_SHA256");
    }

    // CP-117, OPT-124
    void oldestVersionIs12() {
        TlsServer server(files_);
        TlsClient client(server, files_, {.lowest = TLS1_VERSION, .highest = TLS1_1_VERSION});
        CPPUNIT_ASSERT(!client.tryHandshake().empty());
        server.log().expect("TLS handshake error: the client offers only old versions of TLS");
    }

    void theServersOrderOfSuitesCounts() {
        TlsServer server(files_);
        TlsClient client(
            server, files_,
            {.highest = TLS1_2_VERSION,
             .ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256"});
        client.handshake();
        CPPUNIT_ASSERT_EQUAL(std::string("ECDHE-ECDSA-AES128-GCM-SHA256"),
                             std::string(SSL_get_cipher_name(client.ssl())));
    }

    // OPT-115, OPT-128
    void configuredSuitesAreTheOnlyOnes() {
        TlsServer server(files_,
                         "allow_insecure_cipher_suites: true, "
                         "cipher_suites: [\"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\", "
                         "\"TLS_RSA_WITH_RC4_128_SHA\"]");
        TlsClient good(server, files_, {.highest = TLS1_2_VERSION});
        good.connect();
        TlsClient bad(server, files_,
                      {.highest = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384"});
        CPPUNIT_ASSERT(!bad.tryHandshake().empty());
        server.log().expect("TLS handshake error: no shared cipher");
    }

    // OPT-116
    void configuredCurvesAreTheOnlyOnes() {
        TlsServer server(files_, "curve_preferences: [\"CurveP384\"]");
        TlsClient good(server, files_);
        good.connect();
        TlsClient bad(server, files_);
        SSL_set1_groups_list(bad.ssl(), "X25519");
        CPPUNIT_ASSERT(!bad.tryHandshake().empty());
        server.log().expect("TLS handshake error: no shared curve");
    }

    // CP-116
    void plainClientIsToldAndClosed() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.sendRaw("CONNECT {\"verbose\":false}\r\nPING\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Secure Connection - TLS Required'\r\n"),
                             client.rawUntilClosed());
        server.log().expect("TLS handshake error: the client does not speak TLS");
        server.log().expect("Client connection closed: TLS Handshake Failure");
    }

    void silentClientIsToldAfterTheTimeout() {
        TlsServer server(files_, "timeout: 0.2");
        TlsClient client(server, files_);
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Secure Connection - TLS Required'\r\n"),
                             client.rawUntilClosed());
        server.log().expect("TLS handshake timeout");
    }

    void stalledHandshakeIsCutSilently() {
        TlsServer server(files_, "timeout: 0.2");
        TlsClient client(server, files_);
        client.sendRaw(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
        CPPUNIT_ASSERT_EQUAL(std::string(), client.rawUntilClosed());
        server.log().expect("TLS handshake timeout");
    }

    // CP-113
    void authTimerBeginsAfterTheHandshake() {
        TlsServer server(files_, "", "authorization { user: bob, password: b, timeout: 0.3 }");
        TlsClient client(server, files_);
        const auto before = std::chrono::steady_clock::now();
        std::this_thread::sleep_until(before + std::chrono::milliseconds(500));
        client.handshake();
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Authentication Timeout'"), client.line());
        std::string rest;
        CPPUNIT_ASSERT(client.untilClosed(rest));
    }

    // CP-118, OPT-156
    void allowNonTlsTakesBoth() {
        TlsServer server(files_, "", "allow_non_tls: true");
        TlsClient secure(server, files_);
        CPPUNIT_ASSERT(has(secure.info(), "\"tls_available\":true"));
        CPPUNIT_ASSERT(has(secure.info(), "\"tls_required\":false"));
        secure.connect();
        secure.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TlsClient plain(server, files_);
        plain.sendRaw("CONNECT {\"verbose\":false}\r\nPUB foo 2\r\nhi\r\nBAD\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Unknown Protocol Operation'\r\n"),
                             plain.rawUntilClosed());
        secure.expect("MSG foo 1 2\r\nhi\r\n");
    }

    // CP-119
    void handshakeFirstComesBeforeInfo() {
        TlsServer server(files_, "handshake_first: true");
        TlsClient client(server, files_, {.infoFirst = false});
        client.handshake();
        CPPUNIT_ASSERT(client.line().starts_with("INFO {"));
        client.ask("CONNECT {\"verbose\":false}\r\nPING\r\n", "PONG\r\n");
        TlsClient plain(server, files_, {.infoFirst = false});
        plain.sendRaw("PING\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Secure Connection - TLS Required'\r\n"),
                             plain.rawUntilClosed());
    }

    void handshakeFirstAutoTakesBoth() {
        TlsServer server(files_, "handshake_first: auto");
        TlsClient first(server, files_, {.infoFirst = false});
        first.handshake();
        CPPUNIT_ASSERT(first.line().starts_with("INFO {"));
        TlsClient later(server, files_);
        later.connect();
    }

    void serverEndsWithCloseNotify() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        client.send("NONSENSE\r\n");
        std::string rest;
        CPPUNIT_ASSERT_MESSAGE("with close-notify", client.untilClosed(rest));
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Unknown Protocol Operation'\r\n"), rest);
    }

    // OPT-120, CP-223
    void rateOfConnectionsIsLimited() {
        TlsServer server(files_, "connection_rate_limit: 1");
        std::string answers;
        for (int i = 0; i < 3; ++i) {  // in at most two different seconds
            TlsClient client(server, files_);
            client.sendRaw("x");
            answers += client.rawUntilClosed();
        }
        CPPUNIT_ASSERT_MESSAGE(answers, has(answers,
                                            "-ERR 'Connection throttling is active. "
                                            "Please try again later.'\r\n"));
    }

private:
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }

    const TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsTest);

}  // namespace gnatsd::tests
