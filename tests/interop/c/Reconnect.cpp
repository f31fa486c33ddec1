#include "tests/interop/c/Checks.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace gnatsd::interop {
namespace {

/// Counts what the library tells about the connection.
/// Threads: the library's callback thread writes, the check waits.
class Events {
public:
    /// Sets what `tweak` does, and then its own.
    Client::Tweak installedAfter(const Client::Tweak& tweak) {
        return [this, tweak](natsOptions* options) {
            if (tweak) {
                tweak(options);
            }
            install(options);
        };
    }

    void awaitDisconnects(int count) { await(disconnects_, count, "disconnects"); }
    void awaitReconnects(int count) { await(reconnects_, count, "reconnects"); }

private:
    void install(natsOptions* options) {
        must(natsOptions_SetReconnectWait(options, 20), "reconnect wait");
        must(natsOptions_SetReconnectJitter(options, 1, 1), "reconnect jitter");
        must(natsOptions_SetMaxReconnect(options, 1000), "max reconnect");
        must(natsOptions_SetDisconnectedCB(options, &Events::disconnected, this), "disconnected");
        must(natsOptions_SetReconnectedCB(options, &Events::reconnected, this), "reconnected");
    }

    void await(const int& counter, int count, const std::string& what) {
        std::unique_lock lock(mutex_);
        expect(changed_.wait_for(lock, kPatience, [&] { return counter >= count; }),
               "waited in vain for " + what);
    }

    void add(int& counter) {
        {
            const std::lock_guard lock(mutex_);
            ++counter;
        }
        changed_.notify_all();
    }

    static void disconnected(natsConnection*, void* self) {
        auto* events = static_cast<Events*>(self);
        events->add(events->disconnects_);
    }
    static void reconnected(natsConnection*, void* self) {
        auto* events = static_cast<Events*>(self);
        events->add(events->reconnects_);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int disconnects_ = 0;
    int reconnects_ = 0;
};

void expectFlow(const Client& publisher, const Subscription& literal, const Subscription& wildcard,
                const std::string& round) {
    for (int i = 0; i < 500; ++i) {
        publisher.publish("re.a", round + std::to_string(i));
    }
    for (int i = 0; i < 500; ++i) {
        expectNext(literal, "re.a", round + std::to_string(i));
        expectNext(wildcard, "re.a", round + std::to_string(i));
    }
}

void subscriptionsComeBackAfterAKill(Server& server, const Client::Tweak& tweak) {
    Events publisherEvents;
    Events subscriberEvents;
    const Client publisher(server.url(), publisherEvents.installedAfter(tweak));
    const Client subscriber(server.url(), subscriberEvents.installedAfter(tweak));
    const Subscription literal = subscriber.subscribe("re.a");
    const Subscription wildcard = subscriber.subscribe("re.>");
    const Subscription worker = subscriber.subscribe("group.a", "workers");
    const Subscription limited = subscriber.subscribe("auto.a");
    must(natsSubscription_AutoUnsubscribe(limited.get(), 3), "auto-unsubscribe");
    subscriber.flush();
    expectFlow(publisher, literal, wildcard, "before:");
    publisher.publish("auto.a", "0");
    expectNext(limited, "auto.a", "0");

    for (int kills = 1; kills <= 2; ++kills) {
        server.kill();
        publisherEvents.awaitDisconnects(kills);
        subscriberEvents.awaitDisconnects(kills);
        server.start();
        publisherEvents.awaitReconnects(kills);
        subscriberEvents.awaitReconnects(kills);
        subscriber.flush();

        expectFlow(publisher, literal, wildcard, "after:");
        publisher.publish("group.a", "job");
        expectNext(worker, "group.a", "job");
    }

    for (int i = 1; i < 6; ++i) {
        publisher.publish("auto.a", std::to_string(i));
    }
    publisher.flush();
    expectNext(limited, "auto.a", "1");
    expectNext(limited, "auto.a", "2");
    natsMsg* none = nullptr;
    mustBe(NATS_MAX_DELIVERED_MSGS, natsSubscription_NextMsg(&none, limited.get(), 1000),
           "message after the last");
}

void whatWasPublishedMeanwhileArrives(Server& server, const Client::Tweak& tweak) {
    Events events;
    const Client client(server.url(), events.installedAfter(tweak));
    const Subscription subscription = client.subscribe("mean.while");
    client.flush();

    server.kill();
    events.awaitDisconnects(1);
    for (int i = 0; i < 100; ++i) {
        client.publish("mean.while", std::to_string(i));
    }
    server.start();
    events.awaitReconnects(1);

    for (int i = 0; i < 100; ++i) {
        expectNext(subscription, "mean.while", std::to_string(i));
    }
}

}  // namespace

void checkReconnect(Report& report, Server& server, const std::string& title,
                    const Client::Tweak& tweak) {
    report.check(title + "reconnect: subscriptions come back after a kill",
                 [&] { subscriptionsComeBackAfterAKill(server, tweak); });
    report.check(title + "reconnect: what was published meanwhile arrives",
                 [&] { whatWasPublishedMeanwhileArrives(server, tweak); });
}

}  // namespace gnatsd::interop
