// Rules that concern deliveries: what is left out (AU-39), and the right to answer (AU-41).

#include "tests/protocol/RulesFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <string_view>

namespace gnatsd::tests {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class DeliverRulesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeliverRulesTest);
    CPPUNIT_TEST(deniedMessagesAreLeftOut);
    CPPUNIT_TEST(deniedMessagesDoNotCount);
    CPPUNIT_TEST(deniedQueueMemberIsPassedOver);
    CPPUNIT_TEST(requestThatIsDeniedToEverybodyHasNoResponders);
    CPPUNIT_TEST(answersAreCounted);
    CPPUNIT_TEST(answersMayComeAnyTimeUntilTheyExpire);
    CPPUNIT_TEST(serviceAnswersManyClients);
    CPPUNIT_TEST_SUITE_END();

    // AU-38, AU-39, LOG-121
    void deniedMessagesAreLeftOut() {
        TestServer server(users("bob sub=foo.> subdeny=foo.secret,foo.*.priv"));
        TestClient bob = client(server, "bob", kModern);
        TestClient other = client(server, "all", kModern);

        bob.ask("SUB foo.secret 1\r\n", noSubscribe("foo.secret"));
        bob.ask("SUB foo.a.priv 1\r\n", noSubscribe("foo.a.priv"));
        bob.ask("SUB foo.> 1\r\nSUB foo.* 2\r\nSUB foo.*.* 3\r\nPING\r\n", "PONG\r\n");
        other.ask(
            "PUB foo.secret 1\r\ns\r\nPUB foo.a.priv 1\r\ns\r\nPUB foo.secret 1\r\ns\r\n"
            "HPUB foo.secret 12 13\r\nNATS/1.0\r\n\r\ns\r\nPUB foo.ok 1\r\nx\r\nPING\r\n",
            "PONG\r\n");

        const std::string first = bob.line();
        CPPUNIT_ASSERT(first == "MSG foo.ok 1 1" || first == "MSG foo.ok 2 1");
        bob.expect("x\r\n" +
                   std::string(first.ends_with("1 1") ? "MSG foo.ok 2 1" : "MSG foo.ok 1 1") +
                   "\r\nx\r\n");
        bob.expectNothing();
        server.log().expectMatch(
            R"(\[DBG\] .* - cid:\d+ - Not permitted to deliver to "foo.a.priv")");
        CPPUNIT_ASSERT_EQUAL(std::size_t{6},
                             server.log().count("Not permitted to deliver to \"foo.secret\""));
    }

    // AU-39
    void deniedMessagesDoNotCount() {
        TestServer server(users("bob subdeny=foo.secret"));
        TestClient bob = client(server, "bob");
        TestClient other = client(server, "all");
        bob.ask("SUB foo.* 1\r\nUNSUB 1 2\r\nPING\r\n", "PONG\r\n");

        other.ask(
            "PUB foo.secret 1\r\ns\r\nPUB foo.a 1\r\n1\r\nPUB foo.secret 1\r\ns\r\n"
            "PUB foo.b 1\r\n2\r\nPUB foo.c 1\r\n3\r\nPING\r\n",
            "PONG\r\n");

        bob.expect("MSG foo.a 1 1\r\n1\r\nMSG foo.b 1 1\r\n2\r\n");
        bob.expectNothing();
    }

    // AU-39, CP-143
    void deniedQueueMemberIsPassedOver() {
        TestServer server(users("bob subdeny=foo.secret"));
        TestClient bob = client(server, "bob");
        TestClient member = client(server, "all");
        TestClient other = client(server, "all");
        bob.ask("SUB foo.* q 1\r\nPING\r\n", "PONG\r\n");
        member.ask("SUB foo.* q 1\r\nPING\r\n", "PONG\r\n");
        std::string input;
        std::string got;
        for (int i = 0; i < 100; ++i) {
            input += "PUB foo.secret 1\r\ns\r\n";
            got += "MSG foo.secret 1 1\r\ns\r\n";
        }

        other.ask(input + "PING\r\n", "PONG\r\n");

        member.expect(got);
        bob.expectNothing();
    }

    // AU-39, CP-105
    void requestThatIsDeniedToEverybodyHasNoResponders() {
        TestServer server(users("bob subdeny=svc.secret"));
        TestClient bob = client(server, "bob");
        TestClient other = client(server, "all", kModern);
        bob.ask("SUB svc.> 1\r\nSUB svc.> q 2\r\nPING\r\n", "PONG\r\n");

        other.ask("SUB in 1\r\nPUB svc.secret in 1\r\nx\r\n",
                  "HMSG in 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
        bob.expectNothing();
    }

    // AU-41
    void answersAreCounted() {
        TestServer server(users("svc sub=svc responses=2:60000; one sub=svc responses=0:0"));
        TestClient other = client(server, "all");
        other.ask("SUB in.* 1\r\nPING\r\n", "PONG\r\n");
        TestClient service = client(server, "svc");
        service.ask("PUB in.a 1\r\nx\r\n", noPublish("in.a"));
        service.ask("SUB svc 1\r\nPING\r\n", "PONG\r\n");

        other.send("PUB svc in.a 1\r\nq\r\n");
        service.expect("MSG svc 1 in.a 1\r\nq\r\n");
        service.ask("PUB in.a 1\r\n1\r\nPUB in.a 1\r\n2\r\nPUB in.a 1\r\n3\r\nPUB in.b 1\r\nx\r\n",
                    noPublish("in.a") + noPublish("in.b"));
        other.expect("MSG in.a 1 1\r\n1\r\nMSG in.a 1 1\r\n2\r\n");
        service.close();

        TestClient one = client(server, "one");
        one.ask("SUB svc 1\r\nPING\r\n", "PONG\r\n");
        other.send("PUB svc in.c 1\r\nq\r\n");
        one.expect("MSG svc 1 in.c 1\r\nq\r\n");
        one.ask("PUB in.c 1\r\n1\r\nPUB in.c 1\r\n2\r\n", noPublish("in.c"));
        other.expect("MSG in.c 1 1\r\n1\r\n");
        other.expectNothing();
    }

    // AU-41: from delivery on
    void answersMayComeAnyTimeUntilTheyExpire() {
        TestServer server(users("svc sub=svc responses=-1:300"));
        TestClient other = client(server, "all");
        TestClient service = client(server, "svc");
        service.ask("SUB svc 1\r\nPING\r\n", "PONG\r\n");
        const auto begin = Clock::now();
        other.send("PUB svc in 1\r\nq\r\n");
        service.expect("MSG svc 1 in 1\r\nq\r\n");
        int answers = 0;

        for (;; ++answers) {
            service.send("PUB in 1\r\nx\r\nPING\r\n");
            if (service.line() != "PONG") {
                service.expect("PONG\r\n");
                break;
            }
            CPPUNIT_ASSERT(Clock::now() - begin < 10s);
        }

        CPPUNIT_ASSERT(Clock::now() - begin >= 290ms);
        CPPUNIT_ASSERT(answers > 1);
    }

    // AU-41: the right is there when the request is, whichever thread it came from
    void serviceAnswersManyClients() {
        TestServer server(users("svc sub=svc responses=1:60000"));
        TestClient service = client(server, "svc");
        service.ask("SUB svc q 1\r\nPING\r\n", "PONG\r\n");
        TestClient one = client(server, "all");
        TestClient two = client(server, "all");
        one.ask("SUB one.* 1\r\nPING\r\n", "PONG\r\n");
        two.ask("SUB two.* 1\r\nPING\r\n", "PONG\r\n");

        for (int i = 0; i < 200; ++i) {
            const std::string id = std::to_string(i);
            one.send("PUB svc one." + id + " 1\r\nq\r\n");
            two.send("PUB svc two." + id + " 1\r\nq\r\n");
            for (int k = 0; k < 2; ++k) {
                const std::string request = service.line();
                service.expect("q\r\n");
                const std::string reply = request.substr(10, request.rfind(' ') - 10);
                service.send("PUB " + reply + " 2\r\nok\r\n");
            }
            one.expect("MSG one." + id + " 1 2\r\nok\r\n");
            two.expect("MSG two." + id + " 1 2\r\nok\r\n");
        }
        service.expectNothing();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeliverRulesTest);

}  // namespace gnatsd::tests
