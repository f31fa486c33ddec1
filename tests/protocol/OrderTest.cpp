// CP-144 and CP-145 where the server works on many messages at once: each subscription sees the
// messages of one publisher in order and complete, however subjects, sizes, forms and subscriptions
// mix. Model: what each subscription should get, message by message.

#include "kernel/Subject.h"
#include "tests/support/Random.h"
#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::tests {

namespace {

/// One published message, and how it looks to a subscription that takes headers or not.
struct Published {
    std::string subject;
    std::string reply;
    std::string payload;
    bool headers;
    std::string number;  // the first bytes of the payload

    std::string operation() const {
        const std::string head = subject + ' ' + (reply.empty() ? "" : reply + ' ');
        return headers ? "HPUB " + head + "12 " + std::to_string(payload.size() + 12) +
                             "\r\nNATS/1.0\r\n\r\n" + payload + "\r\n"
                       : "PUB " + head + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
    }
};

Published randomMessage(Random& random, int number, const std::string& before) {
    static const std::vector<std::string> kSubjects{"a", "a.b", "a.c", "b", "b.c.d"};
    Published message;
    message.subject = !before.empty() && random.below(3) > 0
                          ? before
                          : kSubjects[random.below(static_cast<unsigned>(kSubjects.size()))];
    message.reply = random.below(5) == 0 ? "re.ply" : "";
    message.headers = random.below(6) == 0;
    message.number = std::to_string(number);
    const unsigned sizes[] = {0, 1, 10, 100, 1000, 8190, 9000, 30'000};
    message.payload =
        message.number + ' ' +
        std::string(sizes[random.below(random.below(8) + 1)], static_cast<char>('a' + number % 26));
    return message;
}

struct Sub {
    std::string pattern;
    std::string queue;
    std::string sid;
};

/// Takes one message off the client; answers its sid, subject and payload without headers.
struct Taken {
    std::string subject;
    std::string sid;
    std::string payload;
};

Taken take(TestClient& client, bool headers) {
    const std::string line = client.line();
    std::vector<std::string> words{""};
    for (const char c : line) {
        if (c == ' ') {
            words.emplace_back();
        } else {
            words.back().push_back(c);
        }
    }
    const bool withHeaders = words.front() == "HMSG";
    CPPUNIT_ASSERT_MESSAGE(line, withHeaders ? headers && words.size() >= 5
                                             : words.front() == "MSG" && words.size() >= 4);
    std::string payload = client.bytes(std::stoul(words.back()) + 2);
    CPPUNIT_ASSERT_MESSAGE(line, payload.ends_with("\r\n"));
    payload.resize(payload.size() - 2);
    if (withHeaders) {
        CPPUNIT_ASSERT_MESSAGE(line, payload.starts_with("NATS/1.0\r\n\r\n"));
        payload.erase(0, 12);
    }
    return {words[1], words[2], payload};
}

}  // namespace

class OrderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OrderTest);
    CPPUNIT_TEST(everySubscriptionSeesItsMessagesInOrder);
    CPPUNIT_TEST(publisherSeesItsOwnMessagesInOrder);
    CPPUNIT_TEST(queueMembersTogetherSeeAll);
    CPPUNIT_TEST(severalPublishersEachKeepTheirOrder);
    CPPUNIT_TEST_SUITE_END();

    static constexpr int kMessages = 2000;

    static const std::vector<Sub>& subs() {
        static const std::vector<Sub> all{{"a", "", "1"},   {"a", "", "2"},   {"a.*", "", "3"},
                                          {">", "", "4"},   {"*", "", "5"},   {"b.>", "", "6"},
                                          {"a.b", "", "7"}, {"*.c", "", "8"}, {"a.b", "", "9"}};
        return all;
    }

    /// Takes and compares all that `subs` should get of `messages`.
    static void expectAll(TestClient& client, const std::vector<Published>& messages, bool headers,
                          const std::string& seed) {
        std::map<std::string, std::vector<const Published*>> expected;
        std::size_t count = 0;
        for (const Sub& sub : subs()) {
            for (const Published& message : messages) {
                if (kernel::matches(sub.pattern, message.subject)) {
                    expected[sub.sid].push_back(&message);
                    ++count;
                }
            }
        }
        std::map<std::string, std::size_t> seen;
        for (; count > 0; --count) {
            const Taken taken = take(client, headers);
            const std::vector<const Published*>& of = expected[taken.sid];
            const std::size_t at = seen[taken.sid]++;
            CPPUNIT_ASSERT_MESSAGE(seed + ": too many for " + taken.sid, at < of.size());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(seed, of[at]->subject, taken.subject);
            CPPUNIT_ASSERT_MESSAGE(
                seed + ": " + of[at]->number + " is not what came: " + taken.payload.substr(0, 20),
                of[at]->payload == taken.payload);
        }
        client.expectNothing();
    }

    static void subscribe(TestClient& client) {
        std::string text;
        for (const Sub& sub : subs()) {
            text += "SUB " + sub.pattern + ' ' + sub.queue + ' ' + sub.sid + "\r\n";
        }
        client.ask(text + "PING\r\n", "PONG\r\n");
    }

    static std::vector<Published> randomMessages(Random& random) {
        std::vector<Published> messages;
        for (int i = 0; i < kMessages; ++i) {
            messages.push_back(
                randomMessage(random, i, messages.empty() ? "" : messages.back().subject));
        }
        return messages;
    }

    static void publish(TestClient& client, const std::vector<Published>& messages,
                        Random& random) {
        std::string text;
        for (const Published& message : messages) {
            text += message.operation();
        }
        // In pieces of very different sizes.
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t piece = 1 + random.below(1U << random.below(19));
            client.send(std::string_view(text).substr(at, piece));
            at += piece;
        }
    }

    void everySubscriptionSeesItsMessagesInOrder() {
        Random random;
        TestServer server;
        TestClient plain(server);
        plain.connect();
        subscribe(plain);
        TestClient with(server);
        with.connect(R"(,"headers":true)");
        subscribe(with);
        TestClient publisher(server);
        publisher.connect(R"(,"headers":true)");
        const std::vector<Published> messages = randomMessages(random);

        publish(publisher, messages, random);

        expectAll(plain, messages, false, random.seed());
        expectAll(with, messages, true, random.seed());
    }

    void publisherSeesItsOwnMessagesInOrder() {
        Random random;
        TestServer server;
        TestClient client(server);
        client.connect(R"(,"headers":true)");
        subscribe(client);
        const std::vector<Published> messages = randomMessages(random);

        publish(client, messages, random);

        expectAll(client, messages, true, random.seed());
    }

    void queueMembersTogetherSeeAll() {
        Random random;
        TestServer server;
        TestClient members(server);
        members.connect();
        members.ask("SUB > q 1\r\nSUB a.* q 2\r\nSUB a q 3\r\nSUB > other 4\r\nPING\r\n",
                    "PONG\r\n");
        TestClient publisher(server);
        publisher.connect(R"(,"headers":true)");
        const std::vector<Published> messages = randomMessages(random);

        publish(publisher, messages, random);

        std::map<std::string, std::vector<int>> numbers;
        for (int i = 0; i < 2 * kMessages; ++i) {
            const Taken taken = take(members, false);
            numbers[taken.sid].push_back(std::stoi(taken.payload));
        }
        members.expectNothing();
        std::vector<int> all;
        for (const auto& [sid, of] : numbers) {
            CPPUNIT_ASSERT_MESSAGE(random.seed() + ": order of " + sid,
                                   std::is_sorted(of.begin(), of.end()));
            if (sid != "4") {
                all.insert(all.end(), of.begin(), of.end());
            }
        }
        std::sort(all.begin(), all.end());
        for (int i = 0; i < kMessages; ++i) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed(), i, all.at(static_cast<std::size_t>(i)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(random.seed(), i,
                                         numbers["4"].at(static_cast<std::size_t>(i)));
        }
    }

    void severalPublishersEachKeepTheirOrder() {
        constexpr int kPublishers = 4;
        Random random;
        TestServer server;
        TestClient subscriber(server);
        subscriber.connect();
        subscriber.ask("SUB > 1\r\nPING\r\n", "PONG\r\n");
        std::vector<TestClient> publishers;
        for (int i = 0; i < kPublishers; ++i) {
            publishers.emplace_back(server).connect();
        }
        for (int i = 0; i < kMessages; ++i) {
            for (int k = 0; k < kPublishers; ++k) {
                const std::string number = std::to_string(i);
                publishers[static_cast<std::size_t>(k)].send("PUB p." + std::to_string(k) + ' ' +
                                                             std::to_string(number.size()) +
                                                             "\r\n" + number + "\r\n");
            }
        }

        std::map<std::string, int> next;
        for (int i = 0; i < kMessages * kPublishers; ++i) {
            const Taken taken = take(subscriber, false);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(taken.subject, next[taken.subject]++,
                                         std::stoi(taken.payload));
        }
        subscriber.expectNothing();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OrderTest);

}  // namespace gnatsd::tests
