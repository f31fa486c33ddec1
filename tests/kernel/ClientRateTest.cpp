// The part of ClientSession that deals with the limits of one user.

#include "kernel/ClientSession.h"
#include "tests/kernel/SessionFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

namespace {

SessionLimits rate(std::uint32_t messages, std::uint32_t burst) {
    SessionLimits limits;
    limits.publishRate = messages;
    limits.publishBurst = burst;
    return limits;
}

}  // namespace

class ClientRateTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClientRateTest);
    CPPUNIT_TEST(wildcardsMayBeRefused);
    CPPUNIT_TEST(publisherAboveItsRateWaits);
    CPPUNIT_TEST(nothingIsLostWhileItWaits);
    CPPUNIT_TEST(holdForSomethingElseDoesNotEndTheWait);
    CPPUNIT_TEST(waitingPublisherIsNotStale);
    CPPUNIT_TEST(rateMayChange);
    CPPUNIT_TEST_SUITE_END();

    static void change(SessionWorld& world, Peer& peer) {
        ++world.gate.rules;
        peer.session().onChange();
        peer.take();
    }

    void wildcardsMayBeRefused() {
        SessionWorld world;
        SessionLimits limits;
        limits.noWildcards = true;
        world.gate.know("bob", {}, limits);
        world.gate.users["bob"].permissions = nullptr;
        Peer bob(world, world.here, 1, "bob");

        for (const char* subject : {"*", ">", "a.*", "a.>", "*.a"}) {
            CPPUNIT_ASSERT_EQUAL("-ERR 'Permissions Violation for Subscription to \"" +
                                     std::string(subject) + "\"'\r\n",
                                 bob.say("SUB " + std::string(subject) + " 1\r\n"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("MSG a*b.c> 1 1\r\nx\r\n"),
                             bob.say("SUB a*b.c> 1\r\nPUB a*b.c> 1\r\nx\r\n"));
    }

    void publisherAboveItsRateWaits() {
        SessionWorld world;
        world.gate.know("bob", {}, rate(10, 3));
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB a 1\r\n");
        const std::string one = "PUB a 1\r\nx\r\n";
        const std::string got = "MSG a 1 1\r\nx\r\n";

        CPPUNIT_ASSERT_EQUAL(got + got, bob.say(one + one));
        CPPUNIT_ASSERT_EQUAL(0, bob.link().holds);
        CPPUNIT_ASSERT_EQUAL(got, bob.say(one + one + one + "PING\r\n"));
        CPPUNIT_ASSERT_EQUAL(1, bob.link().holds);
        CPPUNIT_ASSERT(bob.link().hold >= 100ms && bob.link().hold < 101ms);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, world.here.shard.counters.publishHolds.get());
        world.pass(101ms);
        bob.session().onHoldEnd();
        CPPUNIT_ASSERT_EQUAL(got, bob.take());
        world.pass(101ms);
        bob.session().onHoldEnd();
        CPPUNIT_ASSERT_EQUAL(got, bob.take());
        world.pass(101ms);
        bob.session().onHoldEnd();
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), bob.take());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, world.here.shard.counters.publishHolds.get());
    }

    // Every split: what is cut waits in the parser, the rest in the session.
    void nothingIsLostWhileItWaits() {
        const std::string input =
            "PUB a 2\r\nx1\r\nPUB a 2\r\nx2\r\nHPUB a 12 14\r\nNATS/1.0\r\n\r\nx3\r\n"
            "PUB b 2\r\ny1\r\nPUB a re 2\r\nx4\r\nPING\r\n";
        const std::string wanted =
            "MSG a 1 2\r\nx1\r\nMSG a 1 2\r\nx2\r\nHMSG a 1 12 14\r\nNATS/1.0\r\n\r\nx3\r\n"
            "MSG a 1 re 2\r\nx4\r\nPONG\r\n";
        for (std::size_t cut = 0; cut <= input.size(); ++cut) {
            SessionWorld world;
            world.gate.know("bob", {}, rate(1, 1));
            Peer bob(world, world.here, 1, "bob", ",\"headers\":true");
            bob.say("SUB a 1\r\n");

            std::string got = bob.say(std::string_view(input).substr(0, cut));
            got += bob.say(std::string_view(input).substr(cut));
            for (int i = 0; i < 6; ++i) {
                world.pass(1001ms);
                bob.session().onHoldEnd();
                got += bob.take();
            }

            CPPUNIT_ASSERT_EQUAL_MESSAGE("cut at " + std::to_string(cut), wanted, got);
        }
    }

    void holdForSomethingElseDoesNotEndTheWait() {
        SessionWorld world;
        world.gate.know("bob", {}, rate(1, 1));
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB a 1\r\nPUB a 1\r\nx\r\nPUB a 1\r\ny\r\n");

        world.pass(2ms);
        bob.session().onHoldEnd();

        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());
        CPPUNIT_ASSERT_EQUAL(2, bob.link().holds);
        CPPUNIT_ASSERT(bob.link().hold > 990ms);
    }

    // CP-94
    void waitingPublisherIsNotStale() {
        Limits limits;
        limits.pingInterval = 1s;
        limits.pingMax = 1;
        SessionWorld world(limits);
        world.gate.know("bob", {}, rate(1, 1));
        Peer bob(world, world.here, 1, "bob");
        bob.say("PUB a 1\r\nx\r\nPONG\r\n");
        for (int i = 0; i < 10; ++i) {
            world.pass(1s);
            bob.session().onTimer(world.here.shard.now);
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());

        bob.session().onHoldEnd();
        world.pass(1s);
        bob.session().onTimer(world.here.shard.now);

        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), bob.take());
        CPPUNIT_ASSERT(bob.link().reason == CloseReason::none);
    }

    void rateMayChange() {
        SessionWorld world;
        world.gate.know("bob", {}, rate(1, 1));
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB a 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\n");
        world.gate.know("bob", {});
        change(world, bob);

        bob.session().onHoldEnd();

        CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 1\r\n2\r\n"), bob.take());
        std::string many;
        for (int i = 0; i < 100; ++i) {
            many += "PUB b 1\r\nx\r\n";
        }
        bob.say(many);
        CPPUNIT_ASSERT_EQUAL(1, bob.link().holds);
        world.gate.know("bob", {}, rate(1, 1));
        change(world, bob);
        bob.say(many);
        CPPUNIT_ASSERT_EQUAL(2, bob.link().holds);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientRateTest);

}  // namespace gnatsd::kernel
