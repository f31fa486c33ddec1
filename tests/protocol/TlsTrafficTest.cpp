// What goes through secured connections: large payloads, slow readers, records cut anywhere, and
// peers that do not keep to the rules.

#include "tests/protocol/TlsRig.h"

#include <cppunit/extensions/HelperMacros.h>

namespace gnatsd::tests {

namespace {

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
    CPPUNIT_TEST(smallRecordsAreSentToWhomAsksForThem);
    CPPUNIT_TEST(everySizeAroundARecordGoesThrough);
    CPPUNIT_TEST(everySplitOfTheInputIsTheSame);
    CPPUNIT_TEST(slowReaderGetsEverything);
    CPPUNIT_TEST(readerThatNeverReadsIsClosed);
    CPPUNIT_TEST(recordsInSingleBytesAreRead);
    CPPUNIT_TEST(recordsCutAnywhereAreRead);
    CPPUNIT_TEST(closeWithinARecordIsAClose);
    CPPUNIT_TEST(keyUpdatesAreAnswered);
    CPPUNIT_TEST(closeWithoutNotifyIsAClose);
    CPPUNIT_TEST(lastInputBeforeCloseNotifyCounts);
    CPPUNIT_TEST(brokenRecordEndsTheConnection);
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

    // RFC 6066, 4: a client that has little room; one that is sent more ends the connection.
    void smallRecordsAreSentToWhomAsksForThem() {
        TlsServer server(files_);
        const std::string body = payload(300'000);
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient client(server, files_,
                             {.lowest = version,
                              .highest = version,
                              .fragment = TLSEXT_max_fragment_length_512});
            client.connect();
            client.send("SUB foo 1\r\n");
            client.ask("PUB foo 300000\r\n" + body + "\r\n",
                       "MSG foo 1 300000\r\n" + body + "\r\n");
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

    void recordsInSingleBytesAreRead() {
        TlsServer server(files_);
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient client(server, files_, {.lowest = version, .highest = version});
            client.connect();
            for (int i = 0; i < 3; ++i) {
                for (const char c : client.recordOf("PING\r\n")) {
                    client.sendRaw({&c, 1});
                }
                client.expect("PONG\r\n");
            }
        }
    }

    void recordsCutAnywhereAreRead() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        const std::string body = payload(40'000);
        const std::string publish = "PUB foo 40000\r\n" + body + "\r\n";
        client.send("SUB foo 1\r\n");
        for (std::size_t cut = 1; cut < publish.size(); cut += 2777) {
            const std::string records = client.recordOf(publish);
            client.sendRaw(std::string_view(records).substr(0, cut));
            TlsClient other(server, files_);
            other.connect();  // so that the pieces come apart
            client.sendRaw(std::string_view(records).substr(cut));
            client.expect("MSG foo 1 40000\r\n" + body + "\r\n");
        }
    }

    void closeWithinARecordIsAClose() {
        TlsServer server(files_);
        TlsClient client(server, files_);
        client.connect();
        const std::string record = client.recordOf("PING\r\n");
        client.sendRaw(std::string_view(record).substr(0, record.size() - 1));
        client.close();
        server.log().expect("Client connection closed: Client Closed");
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

private:
    TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsTrafficTest);

}  // namespace gnatsd::tests
