// The part of ClientSession that deals with changed rules (OPT-213).

#include "kernel/ClientSession.h"
#include "tests/kernel/SessionFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

namespace {

using List = std::vector<std::string>;

PermissionRules subscribing(List allow, List deny = {}) {
    PermissionRules result;
    result.subscribe = {std::move(allow), std::move(deny)};
    return result;
}

constexpr std::string_view kViolation = "-ERR 'Authorization Violation'\r\n";

std::string removed(const std::string& subject, const std::string& sid) {
    return "-ERR 'Permissions Violation for Subscription to \"" + subject + "\" (sid \"" + sid +
           "\")'\r\n";
}

}  // namespace

class ClientRecheckTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClientRecheckTest);
    CPPUNIT_TEST(nothingIsAskedWhileTheRulesStand);
    CPPUNIT_TEST(forbiddenSubscriptionsAreRemoved);
    CPPUNIT_TEST(whoIsNoLongerKnownIsClosed);
    CPPUNIT_TEST(deliveriesFollowTheNewRules);
    CPPUNIT_TEST(permissionsMayBeLifted);
    CPPUNIT_TEST(whoWasNeverAskedIsAsked);
    CPPUNIT_TEST(outdatedAnswerIsAskedAgain);
    CPPUNIT_TEST(lostAnswerIsAskedAgain);
    CPPUNIT_TEST(outdatedRecheckIsIgnored);
    CPPUNIT_TEST(answersThatAreDueStayAllowed);
    CPPUNIT_TEST(largePayloadBehindAConnectIsIntact);
    CPPUNIT_TEST_SUITE_END();

    static void change(SessionWorld& world) { ++world.gate.rules; }

    static std::string told(Peer& peer) {
        peer.session().onChange();
        return peer.take();
    }

    void nothingIsAskedWhileTheRulesStand() {
        SessionWorld world;
        world.gate.know("bob", {});
        Peer bob(world, world.here, 1, "bob");

        CPPUNIT_ASSERT_EQUAL(std::string(), told(bob));
        CPPUNIT_ASSERT(world.gate.rechecks.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, world.gate.checks.size());
    }

    // OPT-213, LOG-124, CP-217
    void forbiddenSubscriptionsAreRemoved() {
        SessionWorld world;
        world.gate.know("bob", {});
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB foo 1\r\nSUB bar q 2\r\nSUB ok 3\r\n");
        world.gate.know("bob", subscribing({"ok"}));
        change(world);

        const std::string got = told(bob);

        CPPUNIT_ASSERT(got == removed("foo", "1") + removed("bar", "2") ||
                       got == removed("bar", "2") + removed("foo", "1"));
        CPPUNIT_ASSERT(world.log.text.find("1.2.3.4:5 - cid:1 - Removed sub \"foo\" (sid \"1\") "
                                           "for User \"bob\" - not authorized\n") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bob.session().subscriptions());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, world.broker.globalAccount().sublist().size());
        CPPUNIT_ASSERT_EQUAL(std::string("MSG ok 3 1\r\nx\r\n"),
                             bob.say("PUB foo 1\r\nx\r\nPUB ok 1\r\nx\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), told(bob));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, world.gate.rechecks.size());
    }

    // OPT-213
    void whoIsNoLongerKnownIsClosed() {
        SessionWorld world;
        world.gate.know("bob", {});
        world.gate.know("eve", {});
        Peer bob(world, world.here, 1, "bob");
        Peer eve(world, world.there, 2, "eve");
        world.gate.users.erase("eve");
        change(world);

        CPPUNIT_ASSERT_EQUAL(std::string(), told(bob));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), told(eve));
        CPPUNIT_ASSERT(bob.link().reason == CloseReason::none);
        CPPUNIT_ASSERT(eve.link().reason == CloseReason::authenticationViolation);
    }

    void deliveriesFollowTheNewRules() {
        SessionWorld world;
        world.gate.know("all", {});
        world.gate.know("bob", {});
        Peer publisher(world, world.here, 1, "all");
        Peer near(world, world.here, 2, "bob");
        Peer far(world, world.there, 3, "bob");
        near.say("SUB a.* 1\r\n");
        far.say("SUB a.* 1\r\n");
        world.gate.know("bob", subscribing({"a.*"}, {"a.secret"}));
        change(world);
        told(near);
        told(far);

        publisher.say("PUB a.secret 1\r\ns\r\nPUB a.b 1\r\nx\r\n");

        CPPUNIT_ASSERT_EQUAL(std::string("MSG a.b 1 1\r\nx\r\n"), near.take());
        CPPUNIT_ASSERT_EQUAL(std::string("MSG a.b 1 1\r\nx\r\n"), far.take());
    }

    void permissionsMayBeLifted() {
        SessionWorld world;
        PermissionRules rules = subscribing({"a.*"}, {"a.secret"});
        rules.publish.allow = List{};
        world.gate.know("bob", rules);
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB a.* 1\r\n");
        CPPUNIT_ASSERT(bob.say("PUB a.secret 1\r\ns\r\n").starts_with("-ERR "));
        world.gate.know("bob", {});
        world.gate.users["bob"].permissions = nullptr;
        change(world);

        CPPUNIT_ASSERT_EQUAL(std::string(), told(bob));
        CPPUNIT_ASSERT_EQUAL(std::string("MSG a.secret 1 1\r\ns\r\n"),
                             bob.say("PUB a.secret 1\r\ns\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.say("SUB other 2\r\n"));
    }

    // A server that gets its first authenticator while clients are connected.
    void whoWasNeverAskedIsAsked() {
        SessionWorld world;
        world.gate.know("bob", subscribing({"ok"}));
        world.gate.isRequired = false;
        Peer bob(world, world.here, 1, "bob");
        Peer silent(world, world.here, 2);
        bob.say("SUB foo 1\r\n");
        CPPUNIT_ASSERT(world.gate.checks.empty());
        world.gate.isRequired = true;
        change(world);

        CPPUNIT_ASSERT_EQUAL(removed("foo", "1"), told(bob));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), told(silent));
    }

    void outdatedAnswerIsAskedAgain() {
        SessionWorld world;
        world.gate.know("bob", {});
        world.gate.late = true;
        Peer bob(world, world.here, 1);
        bob.say("CONNECT {\"user\":\"bob\"}\r\nPING\r\n");
        AuthAnswer old = world.gate.users["bob"];
        const auto done = std::exchange(world.gate.waiting, {}).front().second;
        world.gate.users.clear();
        change(world);
        CPPUNIT_ASSERT_EQUAL(std::string(), told(bob));

        done(std::move(old));
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());
        CPPUNIT_ASSERT(bob.link().paused);
        world.gate.answerAll();

        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), bob.take());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, world.gate.checks.size());
    }

    // An answer finds nobody while its session moves to another thread.
    void lostAnswerIsAskedAgain() {
        SessionWorld world;
        world.gate.know("bob", {});
        Peer bob(world, world.here, 1, "bob");
        world.gate.late = true;
        world.gate.users.erase("bob");
        change(world);
        told(bob);
        bob.link().outbox().moveTo(nullptr);
        world.gate.answerAll();
        bob.link().outbox().moveTo(&world.here.shard);
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());

        told(bob);
        world.gate.answerAll();

        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), bob.take());
    }

    void outdatedRecheckIsIgnored() {
        SessionWorld world;
        world.gate.know("bob", {});
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB foo 1\r\n");
        world.gate.late = true;
        change(world);
        told(bob);
        const auto first = std::exchange(world.gate.waiting, {}).front().second;
        change(world);
        told(bob);
        world.gate.answerAll();
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());

        first(AuthAnswer());

        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bob.session().subscriptions());
        CPPUNIT_ASSERT(bob.link().reason == CloseReason::none);
    }

    // AU-41
    void answersThatAreDueStayAllowed() {
        SessionWorld world;
        PermissionRules rules;
        rules.responses.emplace();
        world.gate.know("svc", rules);
        world.gate.know("all", {});
        Peer client(world, world.here, 1, "all");
        Peer service(world, world.here, 2, "svc");
        service.say("SUB svc 1\r\n");
        client.say("PUB svc in.1 1\r\nq\r\nPUB svc in.2 1\r\nq\r\n");
        service.take();
        world.gate.know("svc", rules);
        change(world);
        told(service);

        CPPUNIT_ASSERT_EQUAL(std::string(), service.say("PUB in.1 1\r\nx\r\n"));
        rules.responses.reset();
        rules.publish.allow = List{};
        world.gate.know("svc", rules);
        change(world);
        told(service);
        CPPUNIT_ASSERT(service.say("PUB in.2 1\r\nx\r\n").starts_with("-ERR "));
    }

    // What outboxes borrow from the waiting input is written before that is freed.
    void largePayloadBehindAConnectIsIntact() {
        SessionWorld world;
        world.gate.know("bob", {});
        world.gate.late = true;
        Peer bob(world, world.here, 1);
        const std::string payload(20'000, 'p');
        bob.say("CONNECT {\"user\":\"bob\",\"verbose\":false}\r\nSUB a 1\r\nPUB a 20000\r\n" +
                payload + "\r\n");

        world.gate.answerAll();

        CPPUNIT_ASSERT_EQUAL("MSG a 1 20000\r\n" + payload + "\r\n", bob.take());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientRecheckTest);

}  // namespace gnatsd::kernel
