// Authenticators that answer later, twice, too late or never, and those that hang.

#include "tests/plugins/AuthFixture.h"

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::tests {

using sdk::AuthReply;
using sdk::AuthResult;
using sdk::ConnectRequest;

class AuthPatienceTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(AuthPatienceTest);
    CPPUNIT_TEST(anAnswerMayComeLaterFromAnyThread);
    CPPUNIT_TEST(anAnswerMayComeAtOnce);
    CPPUNIT_TEST(bothKindsShareOneOrder);
    CPPUNIT_TEST(onlyTheFirstAnswerCounts);
    CPPUNIT_TEST(anAnswerAfterTheClientLeftIsHarmless);
    CPPUNIT_TEST(anAnswerAfterTheChainIsGoneIsHarmless);
    CPPUNIT_TEST(whoNeverAnswersKeepsNothing);
    CPPUNIT_TEST(anExceptionInsteadOfAnAnswerRefuses);
    CPPUNIT_TEST(answersThatAreAwaitedAreBounded);
    CPPUNIT_TEST(whoHangsHoldsItsWorkersOnly);
    CPPUNIT_TEST(whoHangsDoesNotHoldTheStop);
    CPPUNIT_TEST_SUITE_END();

    void anAnswerMayComeLaterFromAnyThread() {
        std::thread answers;
        const auto registration =
            provideLater("later", [&](const ConnectRequest& request, const AuthReply& reply) {
                answers = std::thread([reply, user = std::string(request.user)] {
                    reply(AuthResult::accept(user + "!"));
                });
            });
        host::AuthChain chain(*view_, log_, settings());
        CPPUNIT_ASSERT(chain.required());
        const auto answer = ask(chain, requestOf("alice"));
        answers.join();

        CPPUNIT_ASSERT(answer.accepted);
        CPPUNIT_ASSERT_EQUAL(std::string("alice!"), answer.user);
    }

    void anAnswerMayComeAtOnce() {
        const auto registration =
            provideLater("eager", [](const ConnectRequest&, const AuthReply& reply) {
                reply(AuthResult::reject("because"));
            });
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(isRefused(ask(chain, requestOf("x")), "because (eager, "));
    }

    void bothKindsShareOneOrder() {
        std::atomic<int> step{0};
        const auto last = provide(
            "last",
            [&](const ConnectRequest&) { return AuthResult::accept(std::to_string(++step)); }, 3);
        const auto middle = provideLater(
            "middle",
            [&](const ConnectRequest&, const AuthReply& reply) {
                step = step * 10 + 2;
                reply(AuthResult::abstain());
            },
            2);
        const auto first = provide(
            "first",
            [&](const ConnectRequest&) {
                step = 1;
                return AuthResult::abstain();
            },
            1);
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT_EQUAL(std::string("13"), ask(chain, requestOf("x")).user);
    }

    void onlyTheFirstAnswerCounts() {
        std::vector<std::thread> threads;
        const auto registration =
            provideLater("eager", [&](const ConnectRequest&, const AuthReply& reply) {
                for (int i = 0; i < 4; ++i) {
                    threads.emplace_back([reply] { reply(AuthResult::accept("x")); });
                }
            });
        host::AuthChain chain(*view_, log_, settings());
        std::atomic<int> answers{0};
        chain.check(requestOf("x"), [&](const kernel::AuthAnswer&) { ++answers; });

        CPPUNIT_ASSERT(waitFor([&] { return answers == 1; }));
        for (std::thread& thread : threads) {
            thread.join();
        }
        chain.stop();
        CPPUNIT_ASSERT_EQUAL(1, answers.load());
    }

    void anAnswerAfterTheClientLeftIsHarmless() {
        std::optional<AuthReply> kept;
        std::atomic<bool> isAsked{false};
        const auto registration =
            provideLater("later", [&](const ConnectRequest&, const AuthReply& reply) {
                kept = reply;
                isAsked = true;
            });
        host::AuthChain chain(*view_, log_, settings());
        auto client = std::make_shared<int>(0);
        auto request = requestOf("x");
        request.asker = client;
        Future answer = begin(chain, std::move(request));
        CPPUNIT_ASSERT(waitFor([&] { return isAsked.load(); }));
        CPPUNIT_ASSERT(kept->isAwaited());
        client.reset();
        CPPUNIT_ASSERT(!kept->isAwaited());
        (*kept)(AuthResult::accept("x"));

        CPPUNIT_ASSERT_THROW(answer.get(), std::future_error);
    }

    void anAnswerAfterTheChainIsGoneIsHarmless() {
        std::optional<AuthReply> kept;
        std::atomic<bool> isAsked{false};
        const auto registration =
            provideLater("later", [&](const ConnectRequest&, const AuthReply& reply) {
                kept = reply;
                isAsked = true;
            });
        Future answer;
        {
            host::AuthChain chain(*view_, log_, settings());
            answer = begin(chain, requestOf("x"));
            CPPUNIT_ASSERT(waitFor([&] { return isAsked.load(); }));
        }
        CPPUNIT_ASSERT(isRefused(await(std::move(answer)), "the server is stopping"));
        CPPUNIT_ASSERT(!kept->isAwaited());
        (*kept)(AuthResult::accept("x"));
    }

    void whoNeverAnswersKeepsNothing() {
        std::vector<AuthReply> kept;
        std::atomic<int> asked{0};
        const auto registration =
            provideLater("never", [&](const ConnectRequest&, const AuthReply& reply) {
                kept.push_back(reply);
                ++asked;
            });
        host::AuthChain chain(*view_, log_, settings());
        auto client = std::make_shared<int>(0);
        auto request = requestOf("x");
        request.asker = client;
        Future answer = begin(chain, std::move(request));
        CPPUNIT_ASSERT(waitFor([&] { return asked == 1; }));
        client.reset();

        // The chain lets go of the check, and with it of what would have answered.
        CPPUNIT_ASSERT(answer.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        CPPUNIT_ASSERT_THROW(answer.get(), std::future_error);
    }

    void anExceptionInsteadOfAnAnswerRefuses() {
        const auto registration =
            provideLater("broken", [](const ConnectRequest&, const AuthReply&) {
                throw std::runtime_error("no connection");
            });
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(isRefused(ask(chain, requestOf("x")), "authenticator broken failed"));
        CPPUNIT_ASSERT(
            log_.has("E Authenticator broken failed, the client is refused: no connection"));
    }

    void answersThatAreAwaitedAreBounded() {
        std::vector<AuthReply> kept;
        const auto registration = provideLater(
            "later", [&](const ConnectRequest&, const AuthReply& reply) { kept.push_back(reply); });
        auto few = settings();
        few.answers = 2;
        host::AuthChain chain(*view_, log_, few);
        Future first = begin(chain, requestOf("1"));
        Future second = begin(chain, requestOf("2"));

        CPPUNIT_ASSERT(isRefused(ask(chain, requestOf("3")), "too many answers are awaited"));
        kept[0](AuthResult::accept("1"));
        CPPUNIT_ASSERT(await(std::move(first)).accepted);
        Future fourth = begin(chain, requestOf("4"));
        CPPUNIT_ASSERT(isRefused(ask(chain, requestOf("5")), "too many answers are awaited"));
    }

    void whoHangsHoldsItsWorkersOnly() {
        Gate gate;
        std::atomic<int> hanging{0};
        const auto works = provide(
            "works",
            [](const ConnectRequest& request) {
                return request.user == "x" ? AuthResult::accept("x") : AuthResult::abstain();
            },
            0);
        const auto hangs = provide(
            "hangs",
            [&](const ConnectRequest&) {
                ++hanging;
                gate.wait();
                return AuthResult::accept("late");
            },
            1);
        auto impatient = settings(1);
        impatient.replaceAfter = std::chrono::milliseconds(1);
        impatient.hungAfter = std::chrono::milliseconds(1);
        impatient.hungCalls = 2;
        host::AuthChain chain(*view_, log_, impatient);
        std::vector<Future> stuck;
        for (const int count : {1, 2}) {
            stuck.push_back(begin(chain, requestOf("h")));
            CPPUNIT_ASSERT(waitFor([&] { return hanging == count; }));
            CPPUNIT_ASSERT_MESSAGE("others go on", ask(chain, requestOf("x")).accepted);
        }
        CPPUNIT_ASSERT(waitFor([&] {
            return log_.has("W Authenticator hangs hangs: calls that do not come back: 2");
        }));
        // Now it is not asked any more, so no other worker is lost.
        CPPUNIT_ASSERT(isRefused(ask(chain, requestOf("h")),
                                 "authenticator hangs does not come back (hangs, "));
        CPPUNIT_ASSERT_EQUAL(2, hanging.load());

        gate.open();
        for (Future& one : stuck) {
            CPPUNIT_ASSERT(await(std::move(one)).accepted);
        }
        CPPUNIT_ASSERT(waitFor([&] { return ask(chain, requestOf("h")).accepted; }));
        CPPUNIT_ASSERT(log_.has("I Authenticator hangs has come back"));
    }

    void whoHangsDoesNotHoldTheStop() {
        // Shared with the worker that is left behind.
        const auto gate = std::make_shared<Gate>();
        const auto isAsked = std::make_shared<std::atomic<bool>>(false);
        auto registration = provide("hangs", [gate, isAsked](const ConnectRequest&) {
            *isAsked = true;
            gate->wait();
            return AuthResult::accept("late");
        });
        auto impatient = settings(1);
        impatient.stopGrace = std::chrono::milliseconds(20);
        Future answer;
        {
            host::AuthChain chain(*view_, log_, impatient);
            answer = begin(chain, requestOf("x"));
            CPPUNIT_ASSERT(waitFor([&] { return isAsked->load(); }));
        }
        CPPUNIT_ASSERT(answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
        gate->open();

        // What it found does not count any more.
        CPPUNIT_ASSERT(answer.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        CPPUNIT_ASSERT_THROW(answer.get(), std::future_error);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthPatienceTest);

}  // namespace gnatsd::tests
