// The part of ClientSession that ends a session when its user's time is over (CP-205).

#include "kernel/ClientSession.h"
#include "tests/kernel/SessionFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

class ClientExpiryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClientExpiryTest);
    CPPUNIT_TEST(whoHasNoEndAsksForNoTimer);
    CPPUNIT_TEST(theTimerComesAtTheEnd);
    CPPUNIT_TEST(whoseTimeIsOverIsTold);
    CPPUNIT_TEST(aFarEndIsLookedAtNowAndThen);
    CPPUNIT_TEST(aRecheckMayGiveAnotherEnd);
    CPPUNIT_TEST(whoIsCheckedAgainWaitsForTheAnswer);
    CPPUNIT_TEST_SUITE_END();

    static void know(SessionWorld& world, std::optional<std::chrono::seconds> left) {
        world.gate.know("bob", {});
        if (left) {
            world.gate.users["bob"].expires = std::chrono::system_clock::now() + *left;
        }
    }

    static Clock::duration untilTimer(SessionWorld& world, Peer& peer) {
        const auto now = world.here.shard.now;
        return peer.session().onTimer(now) - now;
    }

    void whoHasNoEndAsksForNoTimer() {
        SessionWorld world;
        know(world, std::nullopt);
        Peer bob(world, world.here, 1, "bob");

        CPPUNIT_ASSERT(!bob.link().isTimerHastened);
        CPPUNIT_ASSERT(untilTimer(world, bob) == world.broker.limits().pingInterval);
    }

    void theTimerComesAtTheEnd() {
        SessionWorld world;
        know(world, 30s);
        Peer bob(world, world.here, 1, "bob");

        CPPUNIT_ASSERT(bob.link().isTimerHastened);
        const auto left = untilTimer(world, bob);
        CPPUNIT_ASSERT(left > 20s && left <= 30s);
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());
        CPPUNIT_ASSERT(bob.link().reason == CloseReason::none);
    }

    void whoseTimeIsOverIsTold() {
        SessionWorld world;
        know(world, 0s);
        Peer bob(world, world.here, 1, "bob");
        CPPUNIT_ASSERT(bob.link().isTimerHastened);

        CPPUNIT_ASSERT(bob.session().onTimer(world.here.shard.now) == Clock::time_point::max());
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'User Authentication Expired'\r\n"), bob.take());
        CPPUNIT_ASSERT(bob.link().reason == CloseReason::authenticationExpired);
        CPPUNIT_ASSERT_EQUAL(std::string("Authentication Expired"),
                             std::string(text(bob.link().reason)));
    }

    void aFarEndIsLookedAtNowAndThen() {
        SessionWorld world;
        know(world, std::nullopt);
        world.gate.users["bob"].expires = std::chrono::system_clock::time_point::max();
        Peer bob(world, world.here, 1, "bob");

        const auto left = untilTimer(world, bob);
        CPPUNIT_ASSERT(left > 0s && left <= 1min);
    }

    // OPT-213
    void aRecheckMayGiveAnotherEnd() {
        SessionWorld world;
        know(world, 10s);
        Peer bob(world, world.here, 1, "bob");
        know(world, 40s);
        ++world.gate.rules;
        bob.session().onChange();
        bob.take();
        const auto left = untilTimer(world, bob);
        CPPUNIT_ASSERT(left > 20s && left <= 40s);

        know(world, std::nullopt);
        ++world.gate.rules;
        bob.session().onChange();
        bob.take();
        CPPUNIT_ASSERT(untilTimer(world, bob) == world.broker.limits().pingInterval);
    }

    // AU-17
    void whoIsCheckedAgainWaitsForTheAnswer() {
        SessionWorld world;
        know(world, 0s);
        Peer bob(world, world.here, 1, "bob");
        know(world, 30s);
        world.gate.late = true;
        bob.say("CONNECT {\"user\":\"bob\",\"verbose\":false}\r\n");

        CPPUNIT_ASSERT(untilTimer(world, bob) == world.broker.limits().authTimeout);
        world.gate.answerAll();
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());
        CPPUNIT_ASSERT(untilTimer(world, bob) > 20s);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientExpiryTest);

}  // namespace gnatsd::kernel
