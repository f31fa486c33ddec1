#include "tests/interop/c/Checks.h"
#include "tests/interop/support/Nats.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::interop {
namespace {

void contentAndReplyArriveUnchanged(const Server& server) {
    const Client publisher(server.url());
    const Client subscriber(server.url());
    const Subscription subscription = subscriber.subscribe("pub.content");
    subscriber.flush();
    std::string everyByte;
    for (int value = 0; value < 256; ++value) {
        everyByte.push_back(static_cast<char>(value));
    }

    publisher.publish("pub.content", "hello");
    publisher.publish("pub.content", "");
    publisher.publish("pub.content", everyByte);
    publisher.publish("pub.content", "\r\nPUB pub.content 1\r\n");
    must(natsConnection_PublishMsg(publisher.get(),
                                   makeMessage("pub.content", "the.reply", "asks").get()),
         "publish with reply");

    expectNext(subscription, "pub.content", "hello");
    expectNext(subscription, "pub.content", "");
    expectNext(subscription, "pub.content", everyByte);
    expectNext(subscription, "pub.content", "\r\nPUB pub.content 1\r\n");
    const Message asks = next(subscription);
    expectEqual(std::string_view("the.reply"), replyOf(asks), "reply subject");
    expectEqual(std::string_view("asks"), dataOf(asks), "content");
}

void manyMessagesKeepTheirOrder(const Server& server) {
    constexpr int kCount = 20'000;
    const Client publisher(server.url());
    const Client subscriber(server.url());
    const Subscription subscription = subscriber.subscribe("pub.order");
    subscriber.flush();

    for (int i = 0; i < kCount; ++i) {
        publisher.publish("pub.order", std::to_string(i));
    }

    for (int i = 0; i < kCount; ++i) {
        expectNext(subscription, "pub.order", std::to_string(i));
    }
}

/// Publishes to each subject and then to "wild.end"; the subscription must see exactly the wanted.
void expectMatches(const Client& client, const std::string& pattern,
                   const std::initializer_list<std::string>& wanted) {
    const Subscription subscription = client.subscribe(pattern);
    const Subscription end = client.subscribe("wild.end");

    for (const char* subject : {"wild", "wild.a", "wild.b", "wild.a.b", "wild.a.b.c", "wild.b.b",
                                "other.a", "wildcard.a.b", "wild.a.x"}) {
        client.publish(subject, subject);
    }
    client.publish("wild.end", "end");
    expectNext(end, "wild.end", "end");

    for (const std::string& subject : wanted) {
        expectNext(subscription, subject, subject);
    }
    client.flush();
    std::uint64_t queued = 0;
    must(natsSubscription_QueuedMsgs(subscription.get(), &queued), "queued messages");
    const bool takesEnd = pattern == "wild.*" || pattern == "wild.>";
    expectEqual(takesEnd ? 1U : 0U, queued, "messages too many for " + pattern);
}

void wildcardsMatchWholeTokens(const Server& server) {
    const Client client(server.url());
    expectMatches(client, "wild.a", {"wild.a"});
    expectMatches(client, "wild.*", {"wild.a", "wild.b"});
    expectMatches(client, "wild.*.b", {"wild.a.b", "wild.b.b"});
    expectMatches(client, "wild.>",
                  {"wild.a", "wild.b", "wild.a.b", "wild.a.b.c", "wild.b.b", "wild.a.x"});
    expectMatches(client, "wild.a.>", {"wild.a.b", "wild.a.b.c", "wild.a.x"});
    expectMatches(client, "*.a.b", {"wild.a.b", "wildcard.a.b"});
    expectMatches(client, "*.*.*.c", {"wild.a.b.c"});
}

void overlappingSubscriptionsEachGetACopy(const Server& server) {
    const Client client(server.url());
    const Subscription literal = client.subscribe("over.lap");
    const Subscription again = client.subscribe("over.lap");
    const Subscription star = client.subscribe("over.*");
    const Subscription rest = client.subscribe("over.>");

    client.publish("over.lap", "one");
    client.publish("over.lap", "two");

    for (const Subscription* subscription : {&literal, &again, &star, &rest}) {
        expectNext(*subscription, "over.lap", "one");
        expectNext(*subscription, "over.lap", "two");
    }
}

void unsubscribedGetsNothing(const Server& server) {
    const Client client(server.url());
    const Subscription gone = client.subscribe("unsub.a");
    const Subscription stays = client.subscribe("unsub.a");
    client.publish("unsub.a", "first");
    expectNext(gone, "unsub.a", "first");
    expectNext(stays, "unsub.a", "first");

    must(natsSubscription_Unsubscribe(gone.get()), "unsubscribe");
    natsStatistics* raw = nullptr;
    must(natsStatistics_Create(&raw), "statistics");
    const std::unique_ptr<natsStatistics, Destroy<&natsStatistics_Destroy>> statistics(raw);
    client.publish("unsub.a", "second");
    client.publish("unsub.a", "third");
    expectNext(stays, "unsub.a", "second");
    expectNext(stays, "unsub.a", "third");

    // What arrived on the wire counts here, also when the library would drop it.
    client.flush();
    must(natsConnection_GetStats(client.get(), raw), "statistics");
    std::uint64_t inMessages = 0;
    must(natsStatistics_GetCounts(raw, &inMessages, nullptr, nullptr, nullptr, nullptr), "counts");
    expectEqual(4U, inMessages, "messages the server sent");
}

void autoUnsubscribeEndsAfterExactlyMax(const Server& server) {
    const Client client(server.url());
    const Subscription limited = client.subscribe("auto.a");
    const Subscription all = client.subscribe("auto.a");
    must(natsSubscription_AutoUnsubscribe(limited.get(), 10), "auto-unsubscribe");

    for (int i = 0; i < 25; ++i) {
        client.publish("auto.a", std::to_string(i));
    }

    for (int i = 0; i < 25; ++i) {
        expectNext(all, "auto.a", std::to_string(i));
    }
    for (int i = 0; i < 10; ++i) {
        expectNext(limited, "auto.a", std::to_string(i));
    }
    natsMsg* none = nullptr;
    mustBe(NATS_MAX_DELIVERED_MSGS, natsSubscription_NextMsg(&none, limited.get(), 1000),
           "message after the last");
}

void autoUnsubscribeCountsWhatWasDelivered(const Server& server) {
    const Client client(server.url());
    const Subscription limited = client.subscribe("auto.b");
    const Subscription all = client.subscribe("auto.b");
    for (int i = 0; i < 5; ++i) {
        client.publish("auto.b", std::to_string(i));
        expectNext(limited, "auto.b", std::to_string(i));
    }

    must(natsSubscription_AutoUnsubscribe(limited.get(), 7), "auto-unsubscribe");
    for (int i = 5; i < 12; ++i) {
        client.publish("auto.b", std::to_string(i));
    }

    for (int i = 0; i < 12; ++i) {
        expectNext(all, "auto.b", std::to_string(i));
    }
    expectNext(limited, "auto.b", "5");
    expectNext(limited, "auto.b", "6");
    natsMsg* none = nullptr;
    mustBe(NATS_MAX_DELIVERED_MSGS, natsSubscription_NextMsg(&none, limited.get(), 1000),
           "message after the last");
}

void noEchoKeepsOwnMessagesAway(const Server& server) {
    const Client quiet(server.url(), [](natsOptions* options) {
        must(natsOptions_SetNoEcho(options, true), "no echo");
    });
    const Client other(server.url());
    const Subscription own = quiet.subscribe("echo.a");
    const Subscription foreign = other.subscribe("echo.a");
    quiet.flush();
    other.flush();

    quiet.publish("echo.a", "from quiet");
    expectNext(foreign, "echo.a", "from quiet");
    other.publish("echo.a", "from other");

    expectNext(own, "echo.a", "from other");
    expectNext(foreign, "echo.a", "from other");
}

void verboseAndPedanticWorks(const Server& server) {
    const Client client(server.url(), [](natsOptions* options) {
        must(natsOptions_SetVerbose(options, true), "verbose");
        must(natsOptions_SetPedantic(options, true), "pedantic");
    });
    const Subscription subscription = client.subscribe("verbose.*");
    for (int i = 0; i < 100; ++i) {
        client.publish("verbose.a", std::to_string(i));
    }
    for (int i = 0; i < 100; ++i) {
        expectNext(subscription, "verbose.a", std::to_string(i));
    }
    client.flush();
}

}  // namespace

void checkPublishSubscribe(Report& report, const Server& server) {
    const auto check = [&](const std::string& name, void (*body)(const Server&)) {
        report.check(name, [&] { body(server); });
    };
    check("publish: content and reply arrive unchanged", contentAndReplyArriveUnchanged);
    check("publish: 20,000 messages keep their order", manyMessagesKeepTheirOrder);
    check("wildcards: whole tokens match", wildcardsMatchWholeTokens);
    check("subscribe: overlapping subscriptions each get a copy",
          overlappingSubscriptionsEachGetACopy);
    check("unsubscribe: nothing comes after it", unsubscribedGetsNothing);
    check("auto-unsubscribe: ends after exactly max", autoUnsubscribeEndsAfterExactlyMax);
    check("auto-unsubscribe: counts what was delivered", autoUnsubscribeCountsWhatWasDelivered);
    check("echo: off keeps own messages away", noEchoKeepsOwnMessagesAway);
    check("connect: verbose and pedantic", verboseAndPedanticWorks);
}

}  // namespace gnatsd::interop
