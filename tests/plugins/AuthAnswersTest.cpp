// What an authenticator's answer may say beside yes and no: that nobody can say now, and for how
// long a yes is good; and what a question says beside who asks.

#include "tests/plugins/AuthFixture.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace gnatsd::tests {

using sdk::AuthResult;
using sdk::ConnectRequest;

class AuthAnswersTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(AuthAnswersTest);
    CPPUNIT_TEST(whoIsUnavailableRefusesAndNobodyElseIsAsked);
    CPPUNIT_TEST(anAnswerLaterMayBeThatNobodyCanSay);
    CPPUNIT_TEST(anOutageIsNoFailureOfTheClient);
    CPPUNIT_TEST(aLongOutageClosesWhoIsCheckedAgain);
    CPPUNIT_TEST(aShortOutageClosesNobody);
    CPPUNIT_TEST(theEndOfASessionIsPassedOn);
    CPPUNIT_TEST(whatIsOverIsRefused);
    CPPUNIT_TEST(aRecheckSaysThatItIsOne);
    CPPUNIT_TEST_SUITE_END();

    void whoIsUnavailableRefusesAndNobodyElseIsAsked() {
        std::atomic<int> asked{0};
        const auto away = provide(
            "away", [](const ConnectRequest&) { return AuthResult::unavailable("no\nroute"); }, 1);
        const auto weak = provide(
            "weak",
            [&](const ConnectRequest&) {
                ++asked;
                return AuthResult::accept("x");
            },
            2);
        host::AuthChain chain(*view_, log_, settings());
        const auto answer = ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT_MESSAGE(answer.reason, isRefused(answer, "unavailable: no\\nroute (away, "));
        CPPUNIT_ASSERT_EQUAL(0, asked.load());
    }

    void anAnswerLaterMayBeThatNobodyCanSay() {
        const auto later =
            provideLater("later", [](const ConnectRequest&, const sdk::AuthReply& reply) {
                reply(AuthResult::unavailable({}));
            });
        host::AuthChain chain(*view_, log_, settings());
        const auto answer = ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT_MESSAGE(answer.reason, isRefused(answer, "unavailable (later, "));
    }

    void anOutageIsNoFailureOfTheClient() {
        std::atomic<bool> isAway{true};
        const auto all = provide("all", [&](const ConnectRequest&) {
            return isAway ? AuthResult::unavailable("away") : AuthResult::reject("wrong");
        });
        auto slowing = settings();
        slowing.slowDown = true;
        host::AuthChain chain(*view_, log_, slowing);
        // The longest delay would be a second, reached after a few more than ten failures.
        const auto timeOf = [&](int times) {
            const auto begin = std::chrono::steady_clock::now();
            for (int i = 0; i < times; ++i) {
                CPPUNIT_ASSERT(!ask(chain, requestOf("alice", "192.0.2.1:5")).accepted);
            }
            return std::chrono::steady_clock::now() - begin;
        };

        CPPUNIT_ASSERT(timeOf(200) < std::chrono::seconds(5));
        isAway = false;
        timeOf(14);
        CPPUNIT_ASSERT_MESSAGE("real failures do slow it down",
                               timeOf(1) >= std::chrono::milliseconds(50));
    }

    // OPT-213
    void aLongOutageClosesWhoIsCheckedAgain() {
        std::atomic<bool> isAway{false};
        const auto all = provide("all", [&](const ConnectRequest&) {
            return isAway ? AuthResult::unavailable("away") : AuthResult::accept("x");
        });
        auto impatient = settings();
        impatient.recheckPatience = std::chrono::milliseconds(100);
        impatient.recheckPause = std::chrono::milliseconds(10);
        host::AuthChain chain(*view_, log_, impatient);
        const auto answer = ask(chain, requestOf("x"));
        isAway = true;

        CPPUNIT_ASSERT(isRefused(again(chain, answer), "unavailable: away (all, "));
    }

    void aShortOutageClosesNobody() {
        std::atomic<int> asked{0};
        const auto first = provide(
            "first", [](const ConnectRequest&) { return AuthResult::abstain("not mine"); }, 1);
        const auto all = provideLater(
            "all",
            [&](const ConnectRequest&, const sdk::AuthReply& reply) {
                const int time = ++asked;
                reply(time == 2 || time == 3 ? AuthResult::unavailable("away")
                                             : AuthResult::accept("x"));
            },
            2);
        auto quick = settings();
        quick.recheckPause = std::chrono::milliseconds(5);
        host::AuthChain chain(*view_, log_, quick);
        const auto answer = ask(chain, requestOf("x"));

        CPPUNIT_ASSERT(again(chain, answer).accepted);
        CPPUNIT_ASSERT_EQUAL(4, asked.load());
    }

    void theEndOfASessionIsPassedOn() {
        const auto end = std::chrono::system_clock::now() + std::chrono::hours(1);
        const auto all = provide("all", [&](const ConnectRequest& request) {
            AuthResult result = AuthResult::accept("x");
            if (request.user == "guest") {
                result.expires = end;
            }
            return result;
        });
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(ask(chain, requestOf("guest")).expires == end);
        CPPUNIT_ASSERT(!ask(chain, requestOf("owner")).expires.has_value());
    }

    void whatIsOverIsRefused() {
        const auto all = provide("all", [&](const ConnectRequest&) {
            AuthResult result = AuthResult::accept("x");
            result.expires = std::chrono::system_clock::now() - std::chrono::milliseconds(1);
            return result;
        });
        host::AuthChain chain(*view_, log_, settings());
        const auto answer = ask(chain, requestOf("x"));

        CPPUNIT_ASSERT_MESSAGE(
            answer.reason,
            isRefused(answer, "the time of the client's credentials is over (all, "));
    }

    void aRecheckSaysThatItIsOne() {
        std::string seen;
        const auto all = provide("all", [&](const ConnectRequest& request) {
            seen += request.isRecheck ? "again " : "first ";
            return AuthResult::accept("x");
        });
        host::AuthChain chain(*view_, log_, settings());
        const auto answer = ask(chain, requestOf("x"));
        CPPUNIT_ASSERT(again(chain, answer).accepted);
        // Another CONNECT of the same session is no recheck (AU-17).
        auto request = requestOf("x");
        request.held = answer.ticket;
        CPPUNIT_ASSERT(ask(chain, std::move(request)).accepted);

        CPPUNIT_ASSERT_EQUAL(std::string("first again first "), seen);
    }

    static kernel::AuthAnswer again(host::AuthChain& chain, const kernel::AuthAnswer& answer) {
        auto promise = std::make_shared<std::promise<kernel::AuthAnswer>>();
        Future future = promise->get_future();
        chain.recheck(answer.ticket, {}, [promise](kernel::AuthAnswer given) {
            promise->set_value(std::move(given));
        });
        return await(std::move(future));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthAnswersTest);

}  // namespace gnatsd::tests
