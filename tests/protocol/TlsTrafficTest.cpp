// What goes through secured connections: large payloads, slow readers, many at once, every cut, and
// peers that do not keep to the rules.

#include "tests/protocol/TlsRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sys/resource.h>
#include <sys/socket.h>
#include <vector>

namespace gnatsd::tests {

namespace {

/// Bytes of this process that are in memory.
[[maybe_unused]] std::size_t residentBytes() {
    std::ifstream in("/proc/self/statm");
    std::size_t pages = 0;
    in >> pages >> pages;
    return pages * 4096;
}

std::string payload(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i) {
        text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
    }
    return text;
}

}  // namespace

class TlsTrafficTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsTrafficTest);
    CPPUNIT_TEST(largePayloadsGoBothWays);
    CPPUNIT_TEST(everySizeAroundARecordGoesThrough);
    CPPUNIT_TEST(everySplitOfTheInputIsTheSame);
    CPPUNIT_TEST(slowReaderGetsEverything);
    CPPUNIT_TEST(readerThatNeverReadsIsClosed);
    CPPUNIT_TEST(handshakeInSingleBytesSucceeds);
    CPPUNIT_TEST(handshakeCutAtEveryByteHurtsNobody);
    CPPUNIT_TEST(connectThatComesWithTheHandshakeIsRead);
    CPPUNIT_TEST(renegotiationIsRefused);
    CPPUNIT_TEST(keyUpdatesAreAnswered);
    CPPUNIT_TEST(closeWithoutNotifyIsAClose);
    CPPUNIT_TEST(lastInputBeforeCloseNotifyCounts);
    CPPUNIT_TEST(brokenRecordEndsTheConnection);
    CPPUNIT_TEST(sessionsAreResumed);
    CPPUNIT_TEST(aThousandConnectionsAtOnce);
    CPPUNIT_TEST_SUITE_END();

    void largePayloadsGoBothWays() {
        TlsServer server(files_);
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient client(server, files_, {.lowest = version, .highest = version});
            client.connect();
            const std::string body = payload(std::size_t{1024} * 1024);
            client.send("SUB foo 1\r\n");
            for (int i = 0; i < 3; ++i) {
                client.ask("PUB foo 1048576\r\n" + body + "\r\n",
                           "MSG foo 1 1048576\r\n" + body + "\r\n");
            }
        }
    }

    void everySizeAroundARecordGoesThrough() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        client.send("SUB foo 1\r\n");
        for (std::size_t size :
             {0U, 1U, 16'300U, 16'383U, 16'384U, 16'385U, 32'768U, 131'072U, 131'073U, 400'001U}) {
            const std::string body = payload(size);
            const std::string number = std::to_string(size);
            client.ask("PUB foo " + number + "\r\n" + body + "\r\n",
                       "MSG foo 1 " + number + "\r\n" + body + "\r\n");
        }
    }

    void everySplitOfTheInputIsTheSame() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        client.send("SUB foo 1\r\n");
        const std::string input = "PUB foo 5\r\nhello\r\nPING\r\n";
        for (std::size_t cut = 1; cut < input.size(); ++cut) {
            client.send(input.substr(0, cut));
            client.ask(input.substr(cut), "MSG foo 1 5\r\nhello\r\nPONG\r\n");
        }
        for (const char c : input) {
            client.send({&c, 1});
        }
        client.expect("MSG foo 1 5\r\nhello\r\nPONG\r\n");
    }

    void slowReaderGetsEverything() {
        TlsServer server(files_);
        TlsClient reader(server, files_);
        TlsClient writer(server, files_);
        reader.connect();
        writer.connect();
        reader.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        const std::string body = payload(200'000);
        std::string wanted;
        for (int i = 0; i < 80; ++i) {  // more than the socket takes
            writer.send("PUB foo 200000\r\n" + body + "\r\n");
        }
        writer.ask("PING\r\n", "PONG\r\n");
        for (int i = 0; i < 80; ++i) {
            reader.expect("MSG foo 1 200000\r\n" + body + "\r\n");
        }
        reader.ask("PING\r\n", "PONG\r\n");
    }

    void readerThatNeverReadsIsClosed() {
        TlsServer server(files_, "", "write_deadline: \"300ms\"");
        TlsClient reader(server, files_);
        TlsClient writer(server, files_);
        reader.connect();
        writer.connect();
        reader.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        const std::string message = "PUB foo 1000000\r\n" + payload(1'000'000) + "\r\n";
        for (int i = 0; i < 40; ++i) {
            writer.send(message);
        }
        server.log().expect("Slow Consumer Detected");
        writer.ask("PING\r\n", "PONG\r\n");
    }

    void handshakeInSingleBytesSucceeds() {
        TlsServer server(files_, "verify: true");
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

    void connectThatComesWithTheHandshakeIsRead() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        BIO* in = BIO_new(BIO_s_mem());
        BIO* out = BIO_new(BIO_s_mem());
        BIO_set_mem_eof_return(in, -1);
        SSL_set_bio(client.ssl(), in, out);
        while (SSL_do_handshake(client.ssl()) != 1) {
            sendAll(client, out);
            char buffer[16384];
            const ssize_t got = ::recv(client.fd(), buffer, sizeof buffer, 0);
            CPPUNIT_ASSERT(got > 0);
            BIO_write(in, buffer, static_cast<int>(got));
        }
        const std::string connect = "CONNECT {\"verbose\":false}\r\nPING\r\n";
        SSL_write(client.ssl(), connect.data(), static_cast<int>(connect.size()));
        sendAll(client, out);  // the end of the handshake and this, in one piece
        SSL_set_fd(client.ssl(), client.fd());
        client.expect("PONG\r\n");
    }

    void renegotiationIsRefused() {
        TlsServer server(files_);
        TlsClient client(server, files_, {.highest = TLS1_2_VERSION});
        client.connect();
        SSL_renegotiate(client.ssl());
        CPPUNIT_ASSERT(SSL_do_handshake(client.ssl()) != 1 ||
                       SSL_renegotiate_pending(client.ssl()));
        TlsClient other(server, files_);
        other.connect();
    }

    void keyUpdatesAreAnswered() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        for (int i = 0; i < 20; ++i) {
            CPPUNIT_ASSERT_EQUAL(1, SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED));
            client.ask("PING\r\n", "PONG\r\n");
        }
    }

    void closeWithoutNotifyIsAClose() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        client.close();
        server.log().expect("Client connection closed: Client Closed");
    }

    void lastInputBeforeCloseNotifyCounts() {
        TlsServer server(files_);
        TlsClient listener(server, files_);
        listener.connect();
        listener.ask("SUB foo 1\r\nPING\r\n", "PONG\r\n");
        TlsClient client(server, files_);
        client.connect();
        client.send("PUB foo 3\r\nbye\r\n");
        SSL_shutdown(client.ssl());
        listener.expect("MSG foo 1 3\r\nbye\r\n");
        std::string rest;
        CPPUNIT_ASSERT_MESSAGE("answered by a close-notify", client.untilClosed(rest));
        server.log().expect("cid:2 - Client connection closed: Client Closed");
    }

    void brokenRecordEndsTheConnection() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        client.sendRaw(
            std::string_view("\x17\x03\x03\x00\x20 0123456789abcdef0123456789abcde", 37));
        server.log().expect("Client connection closed: Read Error");
    }

    void sessionsAreResumed() {
        TlsServer server(files_, "verify: true");
        TlsClient first(server, files_, {.certificate = "client"});
        first.connect();
        const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session(
            SSL_get1_session(first.ssl()), &SSL_SESSION_free);
        TlsClient again(server, files_, {.certificate = "client", .session = session.get()});
        again.connect();
        CPPUNIT_ASSERT_EQUAL(1, SSL_session_reused(again.ssl()));
        // Other rules, other tickets: who resumes is asked for everything again.
        server.reload("verify: true\npinned_certs: [\"" + files_.fingerprint("server") + "\"]");
        TlsClient late(server, files_, {.certificate = "client", .session = session.get()});
        std::string rest;
        CPPUNIT_ASSERT(late.tryHandshake() != "" || !late.untilClosed(rest));
        server.log().expect("its key is not in 'pinned_certs'");
    }

    void aThousandConnectionsAtOnce() {
        constexpr std::size_t kCount = 1000;
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
        ::setrlimit(RLIMIT_NOFILE, &limit);
        TlsServer server(files_, "timeout: 10", "", 2);
        std::vector<std::unique_ptr<TlsClient>> clients;
        for (std::size_t i = 0; i < kCount; ++i) {
            clients.push_back(std::make_unique<TlsClient>(server, files_));
            clients.back()->connect();
            clients.back()->ask("SUB all 1\r\nPING\r\n", "PONG\r\n");
        }
        clients.front()->send("PUB all 2\r\nhi\r\n");
        for (const auto& client : clients) {
            client->expect("MSG all 1 2\r\nhi\r\n");
        }
        if constexpr (!GNATSD_INSTRUMENTED) {  // sanitizers keep what is freed
            // Both ends live here, so one end is less than this.
            CPPUNIT_ASSERT_MESSAGE(std::to_string(residentBytes() / kCount) + " bytes a connection",
                                   residentBytes() / kCount < std::size_t{160} * 1024);
        }
    }

private:
    static void sendAll(const TlsClient& client, BIO* out) {
        char* data = nullptr;
        const long size = BIO_get_mem_data(out, &data);
        client.sendRaw({data, static_cast<std::size_t>(size)});
        (void)BIO_reset(out);
    }

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

CPPUNIT_TEST_SUITE_REGISTRATION(TlsTrafficTest);

}  // namespace gnatsd::tests
