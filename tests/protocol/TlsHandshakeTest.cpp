// Handshakes: in single bytes, cut at every byte, followed by data at once, renewed, resumed.

#include "tests/protocol/TlsRig.h"

#include <cppunit/extensions/HelperMacros.h>
#include <openssl/err.h>

#include <memory>

namespace gnatsd::tests {

class TlsHandshakeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsHandshakeTest);
    CPPUNIT_TEST(handshakeInSingleBytesSucceeds);
    CPPUNIT_TEST(handshakeCutAtEveryByteHurtsNobody);
    CPPUNIT_TEST(endOfTheHandshakeCutAtEveryByteHurtsNobody);
    CPPUNIT_TEST(connectThatComesWithTheHandshakeIsRead);
    CPPUNIT_TEST(renegotiationIsRefused);
    CPPUNIT_TEST(sessionsAreResumed);
    CPPUNIT_TEST(noSessionIsResumedUnlessAllowed);
    CPPUNIT_TEST_SUITE_END();

    void handshakeInSingleBytesSucceeds() {
        TlsServer server(files_, "verify: true, timeout: 20");
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient client(server, files_,
                             {.certificate = "client", .highest = version, .bytewise = true});
            client.connect();
        }
    }

    void handshakeCutAtEveryByteHurtsNobody() {
        TlsServer server(files_);
        const std::string hello = clientHello();
        for (std::size_t cut = 1; cut < hello.size(); ++cut) {
            TlsClient client(server, files_);
            client.sendRaw(std::string_view(hello).substr(0, cut));
            client.close();
        }
        TlsClient last(server, files_);
        last.connect();
        server.log().expect("TLS handshake error: the client closed the connection");
    }

    void endOfTheHandshakeCutAtEveryByteHurtsNobody() {
        TlsServer server(files_);
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            std::size_t size = 1;
            for (std::size_t cut = 0; cut < size; ++cut) {
                TlsClient client(server, files_, {.lowest = version, .highest = version});
                const std::string flight = client.lastFlight();
                size = flight.size();
                client.sendRaw(std::string_view(flight).substr(0, cut));
                client.close();
            }
            CPPUNIT_ASSERT(size > 50);
        }
        TlsClient last(server, files_);
        last.connect();
    }

    void connectThatComesWithTheHandshakeIsRead() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        const std::string flight = client.lastFlight();
        const std::string connect = "CONNECT {\"verbose\":false}\r\nPING\r\n";
        client.sendRaw(flight + client.recordOf(connect));  // in one piece
        client.expect("PONG\r\n");
    }

    void renegotiationIsRefused() {
        TlsServer server(files_);
        TlsClient client(server, files_, {.highest = TLS1_2_VERSION});
        client.connect();
        ERR_clear_error();
        CPPUNIT_ASSERT_EQUAL(1, SSL_renegotiate(client.ssl()));
        CPPUNIT_ASSERT(SSL_do_handshake(client.ssl()) != 1);
        CPPUNIT_ASSERT_EQUAL(SSL_R_NO_RENEGOTIATION, ERR_GET_REASON(ERR_peek_error()));
        TlsClient other(server, files_);
        other.connect();
    }

    void sessionsAreResumed() {
        TlsServer server(files_, "verify: true, session_tickets: true");
        TlsClient first(server, files_, {.certificate = "client"});
        first.connect();
        const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session(
            SSL_get1_session(first.ssl()), &SSL_SESSION_free);
        TlsClient again(server, files_, {.certificate = "client", .session = session.get()});
        again.connect();
        CPPUNIT_ASSERT_EQUAL(1, SSL_session_reused(again.ssl()));
        // Other rules, other tickets: who resumes is asked for everything again.
        server.reload("verify: true, session_tickets: true\npinned_certs: [\"" +
                      files_.fingerprint("server") + "\"]");
        TlsClient late(server, files_, {.certificate = "client", .session = session.get()});
        std::string rest;
        CPPUNIT_ASSERT(late.tryHandshake() != "" || !late.untilClosed(rest));
        server.log().expect("its key is not in 'pinned_certs'");
    }

    void noSessionIsResumedUnlessAllowed() {
        TlsServer server(files_);
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient first(server, files_, {.highest = version});
            first.connect();
            const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session(
                SSL_get1_session(first.ssl()), &SSL_SESSION_free);
            CPPUNIT_ASSERT_EQUAL(0, SSL_SESSION_has_ticket(session.get()));
            TlsClient again(server, files_, {.highest = version, .session = session.get()});
            again.connect();
            CPPUNIT_ASSERT_EQUAL(0, SSL_session_reused(again.ssl()));
        }
    }

private:
    static std::string clientHello() {
        SSL_CTX* context = SSL_CTX_new(TLS_client_method());
        SSL* ssl = SSL_new(context);
        BIO* in = BIO_new(BIO_s_mem());
        BIO* out = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl, in, out);
        SSL_set_connect_state(ssl);
        SSL_do_handshake(ssl);
        char* data = nullptr;
        const long size = BIO_get_mem_data(out, &data);
        std::string hello(data, static_cast<std::size_t>(size));
        SSL_free(ssl);
        SSL_CTX_free(context);
        return hello;
    }

    TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsHandshakeTest);

}  // namespace gnatsd::tests
