// The right to answer requests (AU-41): what a delivery grants, a session takes.

#include "kernel/ClientSession.h"
#include "tests/kernel/SessionFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

namespace {

using List = std::vector<std::string>;

PermissionRules answering(ResponseRule rule = {}) {
    PermissionRules result;
    result.subscribe.allow = List{"svc.>"};
    result.responses = rule;
    return result;
}

std::string refusedPublish(const std::string& subject) {
    return "-ERR 'Permissions Violation for Publish to \"" + subject + "\"'\r\n";
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++times;
    }
    return times;
}

}  // namespace

class ClientResponsesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClientResponsesTest);
    CPPUNIT_TEST(requestMayBeAnsweredOnce);
    CPPUNIT_TEST(requestFromElsewhereMayBeAnswered);
    CPPUNIT_TEST(rightToAnswerExpires);
    CPPUNIT_TEST(runOfAnswers);
    CPPUNIT_TEST(filteredRequestGrantsNothing);
    CPPUNIT_TEST_SUITE_END();

    // AU-41
    void requestMayBeAnsweredOnce() {
        SessionWorld world;
        world.gate.know("all", {});
        world.gate.know("svc", answering());
        Peer client(world, world.here, 1, "all", ",\"headers\":true");
        Peer service(world, world.here, 2, "svc");
        service.say("SUB svc.> 1\r\n");
        client.say("SUB in.* 1\r\n");

        CPPUNIT_ASSERT_EQUAL(refusedPublish("in.1"), service.say("PUB in.1 1\r\nx\r\n"));
        client.say("PUB svc.a in.1 1\r\nq\r\nPUB svc.a in.2 1\r\nq\r\nPUB svc.a 1\r\nq\r\n");
        client.say("HPUB svc.b in.3 12 12\r\nNATS/1.0\r\n\r\n\r\n");
        service.take();
        CPPUNIT_ASSERT_EQUAL(refusedPublish("in.1") + refusedPublish("in.4"),
                             service.say("PUB in.1 1\r\nx\r\nPUB in.1 1\r\nx\r\n"
                                         "PUB in.2 1\r\ny\r\nPUB in.3 1\r\nz\r\n"
                                         "PUB in.4 1\r\nz\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("MSG in.1 1 1\r\nx\r\nMSG in.2 1 1\r\ny\r\nMSG in.3 1 1\r\nz\r\n"),
            client.take());
    }

    // AU-41
    void requestFromElsewhereMayBeAnswered() {
        SessionWorld world;
        world.gate.know("all", {});
        world.gate.know("svc", answering());
        Peer client(world, world.there, 1, "all");
        Peer service(world, world.here, 2, "svc");
        service.say("SUB svc.> q 1\r\nSUB svc.> 2\r\nUNSUB 2 1\r\n");
        client.say("SUB in.* 1\r\n");

        client.say("PUB svc.a in.1 1\r\nq\r\nPUB svc.a in.2 1\r\nq\r\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, count(service.take(), "MSG "));
        // Two deliveries of the first, one of the second.
        CPPUNIT_ASSERT_EQUAL(refusedPublish("in.1") + refusedPublish("in.2"),
                             service.say("PUB in.1 1\r\na\r\nPUB in.1 1\r\nb\r\n"
                                         "PUB in.1 1\r\nc\r\nPUB in.2 1\r\nd\r\n"
                                         "PUB in.2 1\r\ne\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("MSG in.1 1 1\r\na\r\nMSG in.1 1 1\r\nb\r\nMSG in.2 1 1\r\nd\r\n"),
            client.take());
    }

    // AU-41
    void rightToAnswerExpires() {
        SessionWorld world;
        world.gate.know("all", {});
        world.gate.know("svc", answering({2, 500ms}));
        Peer client(world, world.here, 1, "all");
        Peer service(world, world.here, 2, "svc");
        service.say("SUB svc.> 1\r\n");

        client.say("PUB svc.a in.1 1\r\nq\r\n");
        client.say("PUB svc.a in.2 1\r\nq\r\n");
        service.take();
        CPPUNIT_ASSERT_EQUAL(std::string(), service.say("PUB in.1 1\r\nx\r\nPUB in.2 1\r\nx\r\n"));
        CPPUNIT_ASSERT_EQUAL(refusedPublish("in.1"),
                             service.say("PUB in.1 1\r\nx\r\nPUB in.1 1\r\nx\r\n"));
        world.pass(500ms);
        CPPUNIT_ASSERT_EQUAL(refusedPublish("in.2"), service.say("PUB in.2 1\r\nx\r\n"));
    }

    // Requests and answers that come in one piece each are handled as runs.
    void runOfAnswers() {
        for (const bool near : {true, false}) {
            SessionWorld world;
            world.gate.know("all", {});
            world.gate.know("svc", answering());
            Peer client(world, near ? world.here : world.there, 1, "all");
            Peer service(world, world.here, 2, "svc");
            service.say("SUB svc.> 1\r\n");
            client.say("SUB in 1\r\n");
            std::string requests;
            std::string answers;
            for (int i = 0; i < 100; ++i) {
                requests += "PUB svc.a in 3\r\nabc\r\n";
                answers += "PUB in 3\r\nabc\r\n";
            }

            client.say(requests);
            CPPUNIT_ASSERT_EQUAL(std::size_t{100}, count(service.take(), "MSG svc.a 1 in 3\r\n"));
            CPPUNIT_ASSERT_EQUAL(refusedPublish("in"),
                                 service.say(answers + "PUB in 3\r\nabc\r\n"));
            CPPUNIT_ASSERT_EQUAL(std::size_t{100}, count(client.take(), "MSG in 1 3\r\n"));
        }
    }

    void filteredRequestGrantsNothing() {
        SessionWorld world;
        world.gate.know("all", {});
        PermissionRules both = answering();
        both.subscribe.deny = {"svc.secret"};
        world.gate.know("svc", both);
        Peer client(world, world.here, 1, "all");
        Peer service(world, world.here, 2, "svc");
        service.say("SUB svc.> 1\r\n");

        client.say("PUB svc.secret in.1 1\r\nq\r\nPUB svc.a in.2 1\r\nq\r\n");

        CPPUNIT_ASSERT_EQUAL(std::string("MSG svc.a 1 in.2 1\r\nq\r\n"), service.take());
        CPPUNIT_ASSERT_EQUAL(refusedPublish("in.1"),
                             service.say("PUB in.1 1\r\nx\r\nPUB in.2 1\r\nx\r\n"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientResponsesTest);

}  // namespace gnatsd::kernel
