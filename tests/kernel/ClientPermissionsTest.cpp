// The part of ClientSession that deals with what its user may do, and the Dispatcher's part of it.

#include "kernel/ClientSession.h"
#include "tests/kernel/SessionFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

namespace {

using List = std::vector<std::string>;

PermissionRules rules(std::optional<List> publish, std::optional<List> subscribe, List deny = {}) {
    PermissionRules result;
    result.publish.allow = std::move(publish);
    result.subscribe.allow = std::move(subscribe);
    result.subscribe.deny = std::move(deny);
    return result;
}

std::string refusedPublish(const std::string& subject) {
    return "-ERR 'Permissions Violation for Publish to \"" + subject + "\"'\r\n";
}

std::string refusedSubscribe(const std::string& subject) {
    return "-ERR 'Permissions Violation for Subscription to \"" + subject + "\"'\r\n";
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++times;
    }
    return times;
}

}  // namespace

class ClientPermissionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClientPermissionsTest);
    CPPUNIT_TEST(refusedPublishIsToldEachTime);
    CPPUNIT_TEST(runOfRefusedMessages);
    CPPUNIT_TEST(reservedRepliesAreRefused);
    CPPUNIT_TEST(refusedSubscriptionDoesNotExist);
    CPPUNIT_TEST(permissionIsAskedBeforeAnythingElse);
    CPPUNIT_TEST(violationsAreReported);
    CPPUNIT_TEST(answersOfSeveralUsersAreKeptApart);
    CPPUNIT_TEST(deniedMessagesAreNotDelivered);
    CPPUNIT_TEST(deniedMessagesAreNotDeliveredElsewhere);
    CPPUNIT_TEST(filteredMessageDoesNotCount);
    CPPUNIT_TEST(filteredMemberIsPassedOver);
    CPPUNIT_TEST(filteredDeliveryIsLogged);
    CPPUNIT_TEST(laterConnectReplacesThePermissions);
    CPPUNIT_TEST(ticketIsLetGoAtTheEnd);
    CPPUNIT_TEST_SUITE_END();

    // AU-35, LOG-108, CP-213
    void refusedPublishIsToldEachTime() {
        SessionWorld world;
        world.gate.know("bob", rules(List{"req.*"}, std::nullopt));
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB > 1\r\n");

        CPPUNIT_ASSERT_EQUAL(refusedPublish("foo") + "MSG req.a 1 1\r\nx\r\n" +
                                 refusedPublish("foo") + refusedPublish("foo"),
                             bob.say("PUB foo 1\r\nx\r\nPUB req.a 1\r\nx\r\n"
                                     "PUB foo 1\r\nx\r\nPUB foo bar 1\r\nx\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{3},
            count(world.log.text, "Publish Violation - User \"bob\", Subject \"foo\"\n"));
        CPPUNIT_ASSERT(bob.link().reason == CloseReason::none);
    }

    void runOfRefusedMessages() {
        SessionWorld world;
        world.gate.know("bob", rules(List{}, std::nullopt));
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB > 1\r\n");
        std::string input;
        for (int i = 0; i < 200; ++i) {
            input += "PUB foo 3\r\nabc\r\n";
        }

        const std::string got = bob.say(input);

        CPPUNIT_ASSERT_EQUAL(std::size_t{200}, count(got, refusedPublish("foo")));
        CPPUNIT_ASSERT_EQUAL(200 * refusedPublish("foo").size(), got.size());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{200}, bob.session().inMessages());
    }

    // CP-49, CP-218, LOG-110
    void reservedRepliesAreRefused() {
        SessionWorld world;
        world.gate.know("bob", {});
        Peer bob(world, world.here, 1, "bob");
        bob.say("SUB > 1\r\n");
        const auto refused = [](const std::string& reply) {
            return "-ERR 'Permissions Violation for Publish with Reply of \"" + reply + "\"'\r\n";
        };

        CPPUNIT_ASSERT_EQUAL(
            refused("_R_.x") + "MSG a 1 _R.x 1\r\nx\r\n" + refused("_GR_.x") +
                "MSG a 1 $JS.ACKS 1\r\nx\r\n" + refused("$JS.ACK.x") + refused("$JS.ACK.x") +
                "MSG _R_.x 1 1\r\nx\r\n",
            bob.say("PUB a _R_.x 1\r\nx\r\nPUB a _R.x 1\r\nx\r\nPUB a _GR_.x 1\r\nx\r\n"
                    "PUB a $JS.ACKS 1\r\nx\r\nPUB a $JS.ACK.x 1\r\nx\r\n"
                    "PUB a $JS.ACK.x 1\r\nx\r\nPUB _R_.x 1\r\nx\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{2},
            count(world.log.text, "Publish Violation - User \"bob\", Reply \"$JS.ACK.x\"\n"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, world.gate.violations.size());
        CPPUNIT_ASSERT_EQUAL(std::string("bob _R_.x "), world.gate.violations.front());
        CPPUNIT_ASSERT(bob.link().reason == CloseReason::none);
    }

    // AU-36, LOG-109, CP-214, CP-215
    void refusedSubscriptionDoesNotExist() {
        SessionWorld world;
        world.gate.know("bob", rules(std::nullopt, List{"_INBOX.*"}));
        Peer bob(world, world.here, 1, "bob");

        CPPUNIT_ASSERT_EQUAL(refusedSubscribe("foo"), bob.say("SUB foo 1\r\n"));
        CPPUNIT_ASSERT_EQUAL(refusedSubscribe("_INBOX.>"), bob.say("SUB _INBOX.> 2\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "-ERR 'Permissions Violation for Subscription to \"foo\" using queue \"q\"'\r\n"),
            bob.say("SUB foo q 9\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.say("SUB _INBOX.a 3\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bob.session().subscriptions());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, world.broker.globalAccount().sublist().size());
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{1},
            count(world.log.text,
                  "Subscription Violation - User \"bob\", Subject \"foo\", SID 1\n"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(world.log.text,
                                                   "Subscription Violation - User \"bob\", Subject "
                                                   "\"foo\", Queue: \"q\", SID 9\n"));
    }

    // CP-65
    void permissionIsAskedBeforeAnythingElse() {
        Limits limits;
        limits.maxSubscriptions = 1;
        limits.maxSubscriptionTokens = 3;
        SessionWorld world(limits);
        world.gate.know("bob", rules(std::nullopt, List{"ok.>"}));
        Peer bob(world, world.here, 1, "bob");

        CPPUNIT_ASSERT_EQUAL(refusedSubscribe("foo..x"), bob.say("SUB foo..x 1\r\n"));
        CPPUNIT_ASSERT_EQUAL(refusedSubscribe("a.b.c.d"), bob.say("SUB a.b.c.d 1\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Invalid Subject'\r\n"), bob.say("SUB ok..x 1\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.say("SUB ok.a 1\r\n"));
        CPPUNIT_ASSERT_EQUAL(refusedSubscribe("foo"), bob.say("SUB foo 1\r\n"));
        CPPUNIT_ASSERT_EQUAL(refusedSubscribe("foo"), bob.say("SUB foo 2\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'maximum subscriptions exceeded'\r\n"),
                             bob.say("SUB ok.b 2\r\n"));
    }

    void violationsAreReported() {
        SessionWorld world;
        world.gate.know("bob", rules(List{}, List{}));
        Peer bob(world, world.here, 1, "bob");

        bob.say("SUB foo q 1\r\nPUB bar 1\r\nx\r\n");

        CPPUNIT_ASSERT(world.gate.violations == (List{"bob foo q", "bob bar "}));
    }

    // The verdicts of one reactor's users lie in one cache.
    void answersOfSeveralUsersAreKeptApart() {
        SessionWorld world;
        std::vector<std::unique_ptr<Peer>> peers;
        for (unsigned i = 0; i < 10; ++i) {
            const std::string user = "u" + std::to_string(i);
            world.gate.know(user, rules(List{"s." + std::to_string(i), "both"}, std::nullopt));
            peers.push_back(std::make_unique<Peer>(world, world.here, i, user));
        }

        for (int round = 0; round < 3; ++round) {
            for (unsigned who = 0; who < 10; ++who) {
                for (unsigned i = 0; i < 10; ++i) {
                    const std::string subject = "s." + std::to_string(i);
                    CPPUNIT_ASSERT_EQUAL(
                        i == who ? std::string() : refusedPublish(subject),
                        peers[who]->say("PUB " + subject + " 1\r\nx\r\nPUB both 1\r\nx\r\n"));
                }
            }
        }
    }

    // AU-39
    void deniedMessagesAreNotDelivered() { deliverDenied(true); }

    void deniedMessagesAreNotDeliveredElsewhere() { deliverDenied(false); }

    static void deliverDenied(bool near) {
        for (const bool debug : {false, true}) {
            SessionWorld world;
            world.log.setDebug(debug);
            world.gate.know("pub", {});
            world.gate.know("bob",
                            rules(std::nullopt, List{"foo.>"}, {"foo.secret", "foo.*.priv"}));
            Peer publisher(world, world.here, 1, "pub", ",\"headers\":true");
            Peer bob(world, near ? world.here : world.there, 2, "bob");
            CPPUNIT_ASSERT_EQUAL(std::string(),
                                 bob.say("SUB foo.> 1\r\nSUB foo.* 2\r\nSUB foo.*.* 3\r\n"));

            publisher.say(
                "PUB foo.ok 1\r\nx\r\nPUB foo.secret 1\r\ns\r\nPUB foo.secret 1\r\ns\r\n"
                "PUB foo.a.priv 1\r\ns\r\nPUB foo.a.b 1\r\ny\r\n"
                "HPUB foo.secret 12 13\r\nNATS/1.0\r\n\r\ns\r\n");

            const std::string got = bob.take();
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(got, "MSG foo.ok"));
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(got, "MSG foo.a.b"));
            CPPUNIT_ASSERT_EQUAL(std::size_t{4}, count(got, "MSG "));
            CPPUNIT_ASSERT_EQUAL(debug ? std::size_t{8} : std::size_t{0},
                                 count(world.log.text, "Not permitted to deliver to \"foo."));
        }
    }

    // AU-39
    void filteredMessageDoesNotCount() {
        SessionWorld world;
        world.gate.know("pub", {});
        world.gate.know("bob", rules(std::nullopt, std::nullopt, {"foo.secret"}));
        Peer publisher(world, world.here, 1, "pub");
        for (FakeThread* thread : {&world.here, &world.there}) {
            Peer bob(world, *thread, 2, "bob");
            bob.say("SUB foo.* 1\r\nUNSUB 1 2\r\n");

            publisher.say("PUB foo.secret 1\r\ns\r\nPUB foo.secret 1\r\ns\r\nPUB foo.a 1\r\n1\r\n");
            publisher.say("PUB foo.secret 1\r\ns\r\nPUB foo.b 1\r\n2\r\nPUB foo.c 1\r\n3\r\n");

            CPPUNIT_ASSERT_EQUAL(std::string("MSG foo.a 1 1\r\n1\r\nMSG foo.b 1 1\r\n2\r\n"),
                                 bob.take());
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, bob.session().subscriptions());
        }
    }

    // AU-39, AU-42
    void filteredMemberIsPassedOver() {
        SessionWorld world;
        world.gate.know("all", {});
        world.gate.know("bob", rules(std::nullopt, std::nullopt, {"foo.secret", "foo.x dev"}));
        Peer publisher(world, world.here, 1, "all", ",\"headers\":true,\"no_responders\":true");
        Peer bob(world, world.here, 2, "bob");
        bob.say("SUB foo.* dev 1\r\nSUB foo.* prod 2\r\n");
        publisher.say("SUB inbox 9\r\n");
        const std::string secret = "PUB foo.secret inbox 1\r\ns\r\n";

        // CP-105: nobody is left to answer
        CPPUNIT_ASSERT_EQUAL(std::string("HMSG inbox 9 16 16\r\nNATS/1.0 503\r\n\r\n\r\n"),
                             publisher.say(secret));
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());
        publisher.say("PUB foo.x 1\r\nx\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("MSG foo.x 2 1\r\nx\r\n"), bob.take());

        Peer other(world, world.there, 3, "all");
        other.say("SUB foo.* prod 1\r\n");
        for (int i = 0; i < 50; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string(), publisher.say(secret));
            CPPUNIT_ASSERT_EQUAL(std::string("MSG foo.secret 1 inbox 1\r\ns\r\n"), other.take());
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), bob.take());
    }

    // LOG-121
    void filteredDeliveryIsLogged() {
        SessionWorld world;
        world.log.setDebug(true);
        world.gate.know("bob", rules(std::nullopt, std::nullopt, {"foo.\"x\""}));
        Peer bob(world, world.here, 2, "bob");
        bob.say("SUB foo.* 1\r\n");

        bob.say("PUB foo.\"x\" 1\r\nx\r\n");

        CPPUNIT_ASSERT(
            world.log.text.find("cid:1 - Not permitted to deliver to \"foo.\\\"x\\\"\"\n") !=
            std::string::npos);
    }

    // AU-17, CP-32
    void laterConnectReplacesThePermissions() {
        SessionWorld world;
        world.gate.know("all", {});
        world.gate.know("bob", rules(List{"b"}, List{"b"}));
        Peer client(world, world.here, 1, "all");
        client.say("SUB a 1\r\nSUB b 2\r\n");

        CPPUNIT_ASSERT_EQUAL(
            std::string("-ERR 'Permissions Violation for Subscription to \"a\" (sid \"1\")'\r\n"),
            client.say("CONNECT {\"user\":\"bob\"}\r\n"));
        CPPUNIT_ASSERT_EQUAL(refusedPublish("a") + "MSG b 2 1\r\nx\r\n",
                             client.say("PUB a 1\r\nx\r\nPUB b 1\r\nx\r\n"));
        CPPUNIT_ASSERT(world.gate.checks == (List{"all", "bob"}));
        CPPUNIT_ASSERT(world.gate.held.at(1) == world.gate.users["all"].ticket);
    }

    void ticketIsLetGoAtTheEnd() {
        SessionWorld world;
        world.gate.know("bob", {});
        Peer bob(world, world.here, 1, "bob");
        const std::weak_ptr<const AuthTicket> ticket =
            std::exchange(world.gate.users["bob"].ticket, nullptr);
        CPPUNIT_ASSERT(!ticket.expired());
        CPPUNIT_ASSERT(!world.gate.askers.at(0).expired());

        bob.leave();

        CPPUNIT_ASSERT(ticket.expired());
        CPPUNIT_ASSERT(world.gate.askers.at(0).expired());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientPermissionsTest);

}  // namespace gnatsd::kernel
