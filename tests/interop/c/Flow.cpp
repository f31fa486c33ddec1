#include "tests/interop/c/Checks.h"
#include "tests/interop/support/Nats.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::interop {
namespace {

constexpr int kQueueMessages = 3'000;

/// The members' messages after the marker of each has come, checked against publishing 0..count-1.
void expectOnceInTheGroup(const std::vector<Subscription>& members, int count) {
    std::vector<int> seen(static_cast<std::size_t>(count));
    int received = 0;
    for (const Subscription& member : members) {
        std::uint64_t queued = 0;
        must(natsSubscription_QueuedMsgs(member.get(), &queued), "queued messages");
        expect(queued > 0, "a member of the group got nothing");
        int last = -1;
        for (std::uint64_t i = 0; i < queued; ++i, ++received) {
            const int number = std::stoi(std::string(dataOf(next(member))));
            expect(number > last, "a member's messages are out of order");
            last = number;
            ++seen.at(static_cast<std::size_t>(number));
        }
    }
    expectEqual(count, received, "messages that the group received");
    for (const int times : seen) {
        expectEqual(1, times, "times that one message was delivered");
    }
}

/// Returns when everything published before has reached the clients: a message that follows it on
/// the same connection arrived at each of them.
void awaitDelivery(const Client& publisher, const std::vector<const Client*>& receivers) {
    std::vector<Subscription> markers;
    for (const Client* receiver : receivers) {
        markers.push_back(receiver->subscribe("flow.marker"));
        receiver->flush();
    }
    publisher.publish("flow.marker", "here");
    for (const Subscription& marker : markers) {
        expectNext(marker, "flow.marker", "here");
    }
}

void eachMessageReachesOneMember(const Server& server) {
    const Client publisher(server.url());
    const std::array<Client, 4> clients{Client(server.url()), Client(server.url()),
                                        Client(server.url()), Client(server.url())};
    std::vector<Subscription> red;
    std::vector<Subscription> blue;
    std::vector<const Client*> receivers;
    for (const Client& client : clients) {
        red.push_back(client.subscribe("queue.a", "red"));
        blue.push_back(client.subscribe("queue.*", "blue"));
        receivers.push_back(&client);
        client.flush();
    }
    const Subscription plain = clients[0].subscribe("queue.>");
    clients[0].flush();

    for (int i = 0; i < kQueueMessages; ++i) {
        publisher.publish("queue.a", std::to_string(i));
    }
    awaitDelivery(publisher, receivers);

    expectOnceInTheGroup(red, kQueueMessages);
    expectOnceInTheGroup(blue, kQueueMessages);
    for (int i = 0; i < kQueueMessages; ++i) {
        expectNext(plain, "queue.a", std::to_string(i));
    }
}

void goneMemberGetsNothingMore(const Server& server) {
    const Client publisher(server.url());
    const Client stays(server.url());
    const Subscription staying = stays.subscribe("queue.leave", "group");
    stays.flush();
    {
        const Client leaves(server.url());
        const Subscription leaving = leaves.subscribe("queue.leave", "group");
        leaves.flush();
        must(natsSubscription_Unsubscribe(leaving.get()), "unsubscribe");
        leaves.flush();
    }

    for (int i = 0; i < 200; ++i) {
        publisher.publish("queue.leave", std::to_string(i));
    }

    for (int i = 0; i < 200; ++i) {
        expectNext(staying, "queue.leave", std::to_string(i));
    }
}

void drainedSubscriptionGetsAllSentBefore(const Server& server) {
    constexpr int kCount = 2'000;
    const Client publisher(server.url());
    const Client subscriber(server.url());
    std::atomic<int> received = 0;
    natsSubscription* raw = nullptr;
    const auto count = [](natsConnection*, natsSubscription*, natsMsg* message, void* counter) {
        natsMsg_Destroy(message);
        ++*static_cast<std::atomic<int>*>(counter);
    };
    must(natsConnection_Subscribe(&raw, subscriber.get(), "drain.a", count, &received),
         "subscribe");
    const Subscription subscription(raw);
    subscriber.flush();
    for (int i = 0; i < kCount; ++i) {
        publisher.publish("drain.a", "x");
    }
    publisher.flush();

    must(natsSubscription_Drain(raw), "drain");
    must(natsSubscription_WaitForDrainCompletion(raw, kPatience.count()), "drain completion");
    must(natsSubscription_DrainCompletionStatus(raw), "drain completion status");
    expectEqual(kCount, received.load(), "messages before the drain's end");

    publisher.publish("drain.a", "after");
    publisher.flush();
    subscriber.flush();
    expectEqual(kCount, received.load(), "messages after the drain");
}

void drainedConnectionAnswersAndCloses(const Server& server) {
    constexpr int kCount = 1'000;
    const Client publisher(server.url());
    const Subscription answers = publisher.subscribe("drain.answers");
    publisher.flush();
    const Client subscriber(server.url());
    natsSubscription* raw = nullptr;
    const auto answer = [](natsConnection* connection, natsSubscription*, natsMsg* message, void*) {
        const Message owner(message);
        natsConnection_PublishString(connection, "drain.answers", natsMsg_GetData(message));
    };
    must(natsConnection_QueueSubscribe(&raw, subscriber.get(), "drain.b", "group", answer, nullptr),
         "subscribe");
    const Subscription subscription(raw);
    subscriber.flush();
    for (int i = 0; i < kCount; ++i) {
        publisher.publish("drain.b", std::to_string(i));
    }
    publisher.flush();

    must(natsConnection_Drain(subscriber.get()), "drain");

    for (int i = 0; i < kCount; ++i) {
        expectNext(answers, "drain.answers", std::to_string(i));
    }
    subscriber.awaitClosed();
    mustBe(NATS_CONNECTION_CLOSED, natsConnection_PublishString(subscriber.get(), "x", "y"),
           "publish after the drain");
}

void flushIsAnsweredAfterWhatWasSent(const Server& server) {
    const Client client(server.url());
    const Subscription subscription = client.subscribe("flush.a");
    for (int i = 1; i <= 100; ++i) {
        client.publish("flush.a", "x");
        client.flush();
        std::uint64_t queued = 0;
        must(natsSubscription_QueuedMsgs(subscription.get(), &queued), "queued messages");
        expectEqual(static_cast<std::uint64_t>(i), queued, "messages after the flush");
    }
    expectEqual(0, natsConnection_Buffered(client.get()), "bytes buffered after the flush");
    std::int64_t roundTrip = 0;
    must(natsConnection_GetRTT(client.get(), &roundTrip), "round trip");
    expect(roundTrip > 0, "the round trip takes time");
}

}  // namespace

void checkFlow(Report& report, const Server& server) {
    const auto check = [&](const std::string& name, void (*body)(const Server&)) {
        report.check(name, [&] { body(server); });
    };
    check("queue: each message reaches one member of each group", eachMessageReachesOneMember);
    check("queue: a member that left gets nothing more", goneMemberGetsNothingMore);
    check("drain: a subscription gets all sent before", drainedSubscriptionGetsAllSentBefore);
    check("drain: a connection answers and closes", drainedConnectionAnswersAndCloses);
    check("flush: answered after what was sent", flushIsAnsweredAfterWhatWasSent);
}

}  // namespace gnatsd::interop
