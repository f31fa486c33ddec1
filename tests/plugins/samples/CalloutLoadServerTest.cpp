// The HTTP callout (plugins/callout) in a running server: services that are slow, away or asked a
// lot.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/samples/Callout.h"
#include "tests/plugins/samples/Connect.h"
#include "tests/plugins/samples/HttpService.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

using Clock = std::chrono::steady_clock;
using Reply = HttpService::Reply;
using Question = HttpService::Question;

/// Answers byte by byte, each in good time, and never comes to an end.
class TricklingService {
public:
    TricklingService() : listener_(Poco::Net::SocketAddress("127.0.0.1", 0)) {
        thread_ = std::jthread([this](const std::stop_token& ends) { serve(ends); });
    }

    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(listener_.address().port()) + "/";
    }
    int bytes() const { return bytes_; }

private:
    void serve(const std::stop_token& ends) {
        const Poco::Timespan pause(0, 50'000);
        while (!ends.stop_requested()) {
            if (!listener_.poll(pause, Poco::Net::Socket::SELECT_READ)) {
                continue;
            }
            Poco::Net::StreamSocket socket = listener_.acceptConnection();
            char question[4096];
            socket.receiveBytes(question, sizeof question);
            try {
                trickle(socket, pause, ends);
            } catch (const Poco::Exception&) {  // the other end has left
            }
        }
    }

    void trickle(Poco::Net::StreamSocket& socket, const Poco::Timespan& pause,
                 const std::stop_token& ends) {
        socket.sendBytes("HTTP/1.1 200 OK\r\nX: ", 20);
        while (!ends.stop_requested()) {
            char rest[4096];  // of the question, which may come in several parts
            if (socket.poll(pause, Poco::Net::Socket::SELECT_READ) &&
                socket.receiveBytes(rest, sizeof rest) <= 0) {
                return;
            }
            socket.sendBytes("x", 1);
            ++bytes_;
        }
    }

    Poco::Net::ServerSocket listener_;
    std::atomic<int> bytes_{0};
    std::jthread thread_;
};

}  // namespace

class CalloutLoadServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CalloutLoadServerTest);
    CPPUNIT_TEST(aSlowServiceBlocksNobody);
    CPPUNIT_TEST(theServersTimeoutCounts);
    CPPUNIT_TEST(aServiceThatTricklesIsCutOff);
    CPPUNIT_TEST(aDeadServiceRefuses);
    CPPUNIT_TEST(anAbstentionLeavesItToOthers);
    CPPUNIT_TEST(aStormIsServed);
    CPPUNIT_TEST(aFullQueueRefuses);
    CPPUNIT_TEST(aServiceThatWasAwayIsAskedAgain);
    CPPUNIT_TEST(theServerStopsWithCallsInFlight);
    CPPUNIT_TEST_SUITE_END();

private:
    void aSlowServiceBlocksNobody() {
        Gate gate;
        HttpService service([&](const Question& question) {
            if (question.text("user") == "slow") {
                gate.pass();
            }
            return Reply{};
        });
        AuthServer server(calloutConfig(service.url(), "timeout: 1s, connections: 4"));
        AuthTalk connected(server, connectAs("first", "x"));

        std::vector<std::string> answers(3);
        std::vector<std::jthread> clients;
        for (std::string& answer : answers) {
            clients.emplace_back([&] { answer = server.talk(connectAs("slow", "x")); });
        }
        const bool areHeld = waitFor([&] { return gate.waiting() == 3; });
        connected.ask("SUB a 1\r\nPUB a 2\r\nok\r\n", "MSG a 1 2\r\nok\r\n");
        const std::string another = server.talk(connectAs("second", "x"));
        const bool wereStillHeld = gate.waiting() == 3;
        clients.clear();
        const bool isLogged = server.waitForLog("no answer within 1000 ms");
        gate.open();

        CPPUNIT_ASSERT(areHeld && wereStillHeld && isLogged);
        CPPUNIT_ASSERT_EQUAL(pong(), another);
        for (const std::string& answer : answers) {
            CPPUNIT_ASSERT_EQUAL(violation(), answer);
        }
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("slow", "x")));
    }

    // CP-112
    void theServersTimeoutCounts() {
        Gate gate;
        HttpService service([&](const Question&) {
            gate.pass();
            return Reply{};
        });
        AuthServer server("plugins { load: [callout], callout { timeout: 30s, url: \"" +
                          service.url() + "\" } }\nauthorization { timeout: 0.5 }\n");

        const auto began = Clock::now();
        const std::string answer = server.talk(connectAs("ann", "x"));
        const auto took = Clock::now() - began;
        gate.open();

        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Authentication Timeout'\r\n"), answer);
        CPPUNIT_ASSERT(took < std::chrono::seconds(10));
    }

    void aServiceThatTricklesIsCutOff() {
        TricklingService service;
        AuthServer server(calloutConfig(service.url(), "timeout: 500ms"));

        const std::string answer = server.talk(connectAs("ann", "x"));

        CPPUNIT_ASSERT_EQUAL(violation(), answer);
        const bool isCut = server.waitForLog("no answer within 500 ms");
        CPPUNIT_ASSERT_MESSAGE(server.stop(), isCut);
        CPPUNIT_ASSERT(service.bytes() > 2);
    }

    void aDeadServiceRefuses() {
        std::string url;
        {
            HttpService gone(byPassword);
            url = gone.url();
        }
        // Asked before those of the file, whom it then keeps out.
        AuthServer server(calloutConfig(url, "rank: -1", "accounts { A { users: [{user: a}] } }"));

        for (int i = 0; i < 6; ++i) {
            CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("a", "")));
        }
        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("refused") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("the service is down") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("Reason \"unavailable: ") != std::string::npos);
        const std::string warning = "[WRN] callout: the service ";
        CPPUNIT_ASSERT_MESSAGE(log, log.find(warning) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(log, log.find(warning), log.rfind(warning));
    }

    void anAbstentionLeavesItToOthers() {
        std::string url;
        {
            HttpService gone(byPassword);
            url = gone.url();
        }
        AuthServer server(calloutConfig(url, "rank: -1, on_error: abstain",
                                        "accounts { A { users: [{user: a, password: b}] } }"));

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("a", "b")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("a", "c")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("x", "b")));
    }

    void aStormIsServed() {
        constexpr int kClients = 200;
        HttpService service(byPassword);
        AuthServer server(calloutConfig(service.url(), "connections: 4"));

        std::vector<std::unique_ptr<AuthTalk>> talks;
        for (int i = 0; i < kClients; ++i) {
            talks.push_back(std::make_unique<AuthTalk>(server));
        }
        std::atomic<int> accepted{0};
        std::atomic<int> refused{0};
        {
            std::vector<std::jthread> threads;
            for (int first = 0; first < 20; ++first) {
                threads.emplace_back([&, first] {
                    for (int i = first; i < kClients; i += 20) {
                        const bool isKnown = i % 10 != 0;
                        const std::string answer =
                            talks[static_cast<std::size_t>(i)]->answer(connectAs(
                                "u" + std::to_string(i), isKnown ? kCalloutPassword : "wrong"));
                        accepted += answer == pong() && isKnown ? 1 : 0;
                        refused += answer == violation() && !isKnown ? 1 : 0;
                    }
                });
            }
        }

        CPPUNIT_ASSERT_EQUAL(180, accepted.load());
        CPPUNIT_ASSERT_EQUAL(20, refused.load());
        CPPUNIT_ASSERT_EQUAL(std::size_t{200}, service.calls());
        CPPUNIT_ASSERT(service.mostAtOnce() <= 4);
        CPPUNIT_ASSERT(service.connections() <= 4);
        talks.front().reset();
        for (std::size_t i = 1; i < 10; ++i) {
            talks[i]->ask("", "");
        }
    }

    void aFullQueueRefuses() {
        Gate gate;
        HttpService service([&](const Question&) {
            gate.pass();
            return Reply{};
        });
        AuthServer server(
            calloutConfig(service.url(), "connections: 1, queue: 1, timeout: 30s, cache_ttl: 0"));

        std::vector<std::string> answers(3);
        {
            std::vector<std::jthread> clients;
            const auto begin = [&](std::string& answer) {
                clients.emplace_back([&] { answer = server.talk(connectAs("ann", "x")); });
            };
            begin(answers[0]);
            const bool isAsked = waitFor([&] { return gate.waiting() == 1; });
            begin(answers[1]);
            begin(answers[2]);
            const bool isFull = server.waitForLog("too many calls wait for the service");
            gate.open();
            CPPUNIT_ASSERT(isAsked && isFull);
        }

        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, std::count(answers.begin(), answers.end(), pong()));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1},
                             std::count(answers.begin(), answers.end(), violation()));
    }

    void aServiceThatWasAwayIsAskedAgain() {
        std::atomic<int> status{503};
        HttpService service([&](const Question&) { return Reply{status.load(), "{}"}; });
        AuthServer server(calloutConfig(service.url()));

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", "x")));
        status = 200;
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("ann", "x")));

        CPPUNIT_ASSERT(server.waitForLog(service.url() + " is back"));
    }

    void theServerStopsWithCallsInFlight() {
        Gate gate;
        HttpService service([&](const Question&) {
            gate.pass();
            return Reply{};
        });
        AuthServer server(calloutConfig(service.url(), "timeout: 60s", "") +
                          "authorization { timeout: 60 }\n");
        std::vector<std::unique_ptr<AuthTalk>> talks;
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i) {
            talks.push_back(std::make_unique<AuthTalk>(server));
            clients.emplace_back([talk = talks.back().get()] {
                try {
                    talk->answer(connectAs("ann", "x"));
                } catch (const Poco::Exception&) {  // the server closes the connection
                }
            });
        }
        const bool areHeld = waitFor([&] { return gate.waiting() == 4; });

        const auto began = Clock::now();
        const std::string log = server.stop();
        const auto took = Clock::now() - began;
        gate.open();

        CPPUNIT_ASSERT(areHeld);
        CPPUNIT_ASSERT_MESSAGE(log, took < std::chrono::seconds(10));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CalloutLoadServerTest);

}  // namespace gnatsd::tests
