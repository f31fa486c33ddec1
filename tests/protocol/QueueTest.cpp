// Section 9: queue groups.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

namespace {

/// How many messages of `subject` come for each sid, until PONG answers a PING.
std::map<std::string, int> countBySid(TestClient& client, const std::string& subject) {
    std::map<std::string, int> counts;
    client.send("PING\r\n");
    for (std::string line = client.line(); line != "PONG"; line = client.line()) {
        const std::string start = "MSG " + subject + ' ';
        CPPUNIT_ASSERT_MESSAGE(line, line.starts_with(start));
        ++counts[line.substr(start.size(), line.find(' ', start.size()) - start.size())];
        client.line();
    }
    return counts;
}

std::string publishes(const std::string& subject, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += "PUB " + subject + " 1\r\nx\r\n";
    }
    return text;
}

}  // namespace

class QueueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QueueTest);
    CPPUNIT_TEST(oneMemberGetsTheMessage);
    CPPUNIT_TEST(groupIsKnownByItsNameAlone);
    CPPUNIT_TEST(groupsOfOtherNamesAreIndependent);
    CPPUNIT_TEST(plainCopiesComeFirst);
    CPPUNIT_TEST(choiceIsUniformOverMembers);
    CPPUNIT_TEST(choiceIsUniformOverConnections);
    CPPUNIT_TEST(memberThatLeavesGetsNothing);
    CPPUNIT_TEST(deadMemberIsPassedOver);
    CPPUNIT_TEST(publisherWithoutEchoIsPassedOver);
    CPPUNIT_TEST(memberAtItsMaximumIsPassedOver);
    CPPUNIT_TEST_SUITE_END();

    // CP-141
    void oneMemberGetsTheMessage() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo q 1\r\nSUB foo q 2\r\nSUB foo q 3\r\n");

        for (int i = 0; i < 30; ++i) {
            client.send("PUB foo 1\r\nx\r\n");
            client.expectLine("MSG foo [123] 1");
            client.expect("x\r\n");
            client.expectNothing();
        }
    }

    // CP-141
    void groupIsKnownByItsNameAlone() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo.* q 1\r\nSUB foo.> q 2\r\nSUB *.a q 3\r\nSUB foo.a q 4\r\n");

        client.send(publishes("foo.a", 400));
        const std::map<std::string, int> counts = countBySid(client, "foo.a");

        int sum = 0;
        for (const char* sid : {"1", "2", "3", "4"}) {
            CPPUNIT_ASSERT_MESSAGE(sid, counts.contains(sid));
            sum += counts.at(sid);
        }
        CPPUNIT_ASSERT_EQUAL(400, sum);
    }

    // CP-141
    void groupsOfOtherNamesAreIndependent() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo q 1\r\nSUB foo Q 2\r\nSUB foo r 3\r\nSUB foo 4\r\nSUB * 5\r\n");

        client.send(publishes("foo", 20));
        const std::map<std::string, int> counts = countBySid(client, "foo");

        for (const char* sid : {"1", "2", "3", "4", "5"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(sid, 20, counts.at(sid));
        }
    }

    // CP-145
    void plainCopiesComeFirst() {
        TestServer server;
        TestClient client(server);
        client.connect();

        client.ask("SUB foo q 1\r\nSUB foo 2\r\nPUB foo 1\r\nx\r\n",
                   "MSG foo 2 1\r\nx\r\nMSG foo 1 1\r\nx\r\n");
    }

    // CP-142: the chance of a wrong alarm is below one in a million
    void choiceIsUniformOverMembers() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo q 1\r\nSUB foo q 2\r\nSUB foo q 3\r\nSUB foo q 4\r\n");

        client.send(publishes("foo", 4000));
        const std::map<std::string, int> counts = countBySid(client, "foo");

        for (const char* sid : {"1", "2", "3", "4"}) {
            const int count = counts.at(sid);
            CPPUNIT_ASSERT_MESSAGE(sid + (": " + std::to_string(count)),
                                   count > 850 && count < 1150);
        }
    }

    // CP-142
    void choiceIsUniformOverConnections() {
        TestServer server;
        TestClient one(server);
        one.connect();
        one.ask("SUB foo q 1\r\nPING\r\n", "PONG\r\n");
        TestClient two(server);
        two.connect();
        two.ask("SUB foo q a\r\nSUB foo q b\r\nPING\r\n", "PONG\r\n");
        TestClient publisher(server);
        publisher.connect();

        publisher.ask(publishes("foo", 3000) + "PING\r\n", "PONG\r\n");
        std::map<std::string, int> counts = countBySid(one, "foo");
        counts.merge(countBySid(two, "foo"));

        int sum = 0;
        for (const char* sid : {"1", "a", "b"}) {
            const int count = counts[sid];
            CPPUNIT_ASSERT_MESSAGE(sid + (": " + std::to_string(count)),
                                   count > 860 && count < 1140);
            sum += count;
        }
        CPPUNIT_ASSERT_EQUAL(3000, sum);
    }

    // CP-141
    void memberThatLeavesGetsNothing() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo q 1\r\nSUB foo q 2\r\nUNSUB 1\r\n");

        client.send(publishes("foo", 50));
        CPPUNIT_ASSERT_EQUAL(50, countBySid(client, "foo")["2"]);
    }

    // CP-143
    void deadMemberIsPassedOver() {
        TestServer server;
        TestClient alive(server);
        alive.connect();
        alive.send("SUB foo q 1\r\n");
        TestClient publisher(server);
        publisher.connect();
        {
            TestClient dying(server);
            dying.connect();
            dying.ask("SUB foo q 1\r\nSUB foo q 2\r\nSUB foo q 3\r\nPING\r\n", "PONG\r\n");
        }
        server.log().expect("cid:3 - Client connection closed");

        publisher.ask(publishes("foo", 100) + "PING\r\n", "PONG\r\n");
        CPPUNIT_ASSERT_EQUAL(100, countBySid(alive, "foo")["1"]);
    }

    // CP-143
    void publisherWithoutEchoIsPassedOver() {
        TestServer server;
        TestClient other(server);
        other.connect();
        other.ask("SUB foo q 1\r\nPING\r\n", "PONG\r\n");
        TestClient client(server);
        client.connect(R"(,"echo":false)");
        client.send("SUB foo q 1\r\nSUB foo q 2\r\nSUB foo q 3\r\n");

        client.send(publishes("foo", 100));
        client.expectNothing();
        CPPUNIT_ASSERT_EQUAL(100, countBySid(other, "foo")["1"]);
    }

    // CP-70, CP-143
    void memberAtItsMaximumIsPassedOver() {
        TestServer server;
        TestClient client(server);
        client.connect();
        client.send("SUB foo q 1\r\nSUB foo q 2\r\nUNSUB 1 10\r\n");

        client.send(publishes("foo", 200));
        const std::map<std::string, int> counts = countBySid(client, "foo");

        CPPUNIT_ASSERT_EQUAL(10, counts.at("1"));
        CPPUNIT_ASSERT_EQUAL(190, counts.at("2"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(QueueTest);

}  // namespace gnatsd::tests
