#include "tests/interop/c/Checks.h"
#include "tests/interop/support/Nats.h"

#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gnatsd::interop {
namespace {

/// Answers each request with "re:" and its content, until destroyed.
class Responder {
public:
    Responder(const Client& client, const std::string& subject) {
        natsSubscription* raw = nullptr;
        must(natsConnection_Subscribe(&raw, client.get(), subject.c_str(), &answer, nullptr),
             "subscribe to " + subject);
        subscription_.reset(raw);
        client.flush();
    }

private:
    static void answer(natsConnection* connection, natsSubscription*, natsMsg* raw, void*) {
        const Message message(raw);
        const std::string text = "re:" + std::string(dataOf(message));
        natsConnection_Publish(connection, std::string(replyOf(message)).c_str(), text.data(),
                               static_cast<int>(text.size()));
    }

    Subscription subscription_;
};

void requestGetsItsReply(const Server& server) {
    const Client service(server.url());
    const Client asker(server.url());
    const Responder responder(service, "ask.once");

    const Message reply = asker.request("ask.once", "who");

    expectEqual(std::string_view("re:who"), dataOf(reply), "reply");
}

void oldStyleRequestGetsItsReply(const Server& server) {
    const Client service(server.url());
    const Client asker(server.url(), [](natsOptions* options) {
        must(natsOptions_UseOldRequestStyle(options, true), "old request style");
    });
    const Responder responder(service, "ask.old");

    for (int i = 0; i < 100; ++i) {
        const Message reply = asker.request("ask.old", std::to_string(i));
        expectEqual("re:" + std::to_string(i), dataOf(reply), "reply");
    }
}

void concurrentRequestsGetTheirOwnReplies(const Server& server) {
    constexpr int kThreads = 8;
    constexpr int kRequests = 500;
    const Client service(server.url());
    const Client asker(server.url());
    const Responder responder(service, "ask.many");
    std::vector<std::string> problems(kThreads);

    {
        std::vector<std::jthread> threads;
        for (std::size_t thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&, thread] {
                try {
                    for (int i = 0; i < kRequests; ++i) {
                        const std::string text = std::to_string(thread) + ":" + std::to_string(i);
                        expectEqual("re:" + text, dataOf(asker.request("ask.many", text)), "reply");
                    }
                } catch (const Failure& failure) {
                    problems[thread] = failure.what();
                }
            });
        }
    }

    for (const std::string& problem : problems) {
        expectEqual(std::string(), problem, "a thread's problem");
    }
}

void noRespondersIsToldAtOnce(const Server& server) {
    const Client asker(server.url());
    natsMsg* none = nullptr;

    const auto begin = std::chrono::steady_clock::now();
    mustBe(NATS_NO_RESPONDERS,
           natsConnection_RequestString(&none, asker.get(), "nobody.there", "?", 10'000),
           "request without responder");
    expect(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5),
           "the answer took as long as a time-out");
}

void noRespondersIsAStatusMessage(const Server& server) {
    const Client asker(server.url());
    const Subscription inbox = asker.subscribe("my.inbox");
    must(natsConnection_PublishRequestString(asker.get(), "nobody.there", "my.inbox", "?"),
         "publish with reply");

    // The library hands the status 503 out as the status of the call.
    natsMsg* none = nullptr;
    mustBe(NATS_NO_RESPONDERS, natsSubscription_NextMsg(&none, inbox.get(), kPatience.count()),
           "status in the inbox");
}

void noRespondersCanBeDeclined(const Server& server) {
    const Client asker(server.url(), [](natsOptions* options) {
        must(natsOptions_DisableNoResponders(options, true), "disable no responders");
    });
    const Subscription inbox = asker.subscribe("my.other.inbox");
    must(natsConnection_PublishRequestString(asker.get(), "nobody.there", "my.other.inbox", "?"),
         "publish with reply");
    asker.publish("my.other.inbox", "marker");

    expectNext(inbox, "my.other.inbox", "marker");
}

std::multiset<std::string> headerValues(const Message& message, const char* key) {
    const char** raw = nullptr;
    int count = 0;
    must(natsMsgHeader_Values(message.get(), key, &raw, &count), std::string("header ") + key);
    const std::unique_ptr<const char*, decltype([](const char** values) {
                              std::free(static_cast<void*>(values));
                          })>
        owner(raw);
    return {raw, raw + count};
}

void headersArriveWithAllValues(const Server& server) {
    const Client publisher(server.url());
    const Client subscriber(server.url());
    must(natsConnection_HasHeaderSupport(publisher.get()), "header support");
    const Subscription subscription = subscriber.subscribe("head.a");
    subscriber.flush();
    for (const std::string_view content : {std::string_view("body"), std::string_view()}) {
        const Message message = makeMessage("head.a", "head.reply", content);
        must(natsMsgHeader_Set(message.get(), "Single", "one value"), "set header");
        must(natsMsgHeader_Add(message.get(), "Multi", "a"), "add header");
        must(natsMsgHeader_Add(message.get(), "Multi", "b:c"), "add header");

        must(natsConnection_PublishMsg(publisher.get(), message.get()), "publish");
        const Message got = next(subscription);

        expectEqual(content, dataOf(got), "content");
        expectEqual(std::string_view("head.reply"), replyOf(got), "reply subject");
        expect(headerValues(got, "Single") == std::multiset<std::string>{"one value"}, "Single");
        expect(headerValues(got, "Multi") == std::multiset<std::string>{"a", "b:c"}, "Multi");
    }
}

void requestCarriesHeadersBothWays(const Server& server) {
    const Client service(server.url());
    const Client asker(server.url());
    natsSubscription* raw = nullptr;
    const auto answer = [](natsConnection* connection, natsSubscription*, natsMsg* question,
                           void*) {
        const Message asked(question);
        const Message reply = makeMessage(std::string(replyOf(asked)), "", dataOf(asked));
        const char* value = "missing";
        natsMsgHeader_Get(asked.get(), "Question", &value);
        natsMsgHeader_Set(reply.get(), "Answer", value);
        natsConnection_PublishMsg(connection, reply.get());
    };
    must(natsConnection_Subscribe(&raw, service.get(), "head.ask", answer, nullptr), "subscribe");
    const Subscription subscription(raw);
    service.flush();
    const Message question = makeMessage("head.ask", "", "content");
    must(natsMsgHeader_Set(question.get(), "Question", "42"), "set header");

    natsMsg* answered = nullptr;
    must(natsConnection_RequestMsg(&answered, asker.get(), question.get(), kPatience.count()),
         "request");
    const Message reply(answered);

    expectEqual(std::string_view("content"), dataOf(reply), "content");
    expect(headerValues(reply, "Answer") == std::multiset<std::string>{"42"}, "Answer");
}

}  // namespace

void checkRequestReply(Report& report, const Server& server) {
    const auto check = [&](const std::string& name, void (*body)(const Server&)) {
        report.check(name, [&] { body(server); });
    };
    check("request: gets its reply", requestGetsItsReply);
    check("request: old style, an inbox each", oldStyleRequestGetsItsReply);
    check("request: 8 threads get their own replies", concurrentRequestsGetTheirOwnReplies);
    check("no responders: told at once", noRespondersIsToldAtOnce);
    check("no responders: a status message in the inbox", noRespondersIsAStatusMessage);
    check("no responders: can be declined", noRespondersCanBeDeclined);
    check("headers: arrive with all values", headersArriveWithAllValues);
    check("headers: a request carries them both ways", requestCarriesHeadersBothWays);
}

}  // namespace gnatsd::interop
