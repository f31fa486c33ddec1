#include "plugins/host/AuthChain.h"
#include "tests/plugins/AuthFixture.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::tests {

using sdk::AuthResult;
using sdk::ConnectRequest;

class AuthChainTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(AuthChainTest);
    CPPUNIT_TEST(nothingIsRequiredWithoutAuthenticator);
    CPPUNIT_TEST(theRequirementOutlivesTheAuthenticator);
    CPPUNIT_TEST(authenticatorsAreAskedInRankOrderUntilOneDecides);
    CPPUNIT_TEST(whenAllAbstainTheClientIsRefused);
    CPPUNIT_TEST(nobodyLeftToAskIsARefusal);
    CPPUNIT_TEST(anExceptionRefusesAndAsksNobodyElse);
    CPPUNIT_TEST(anUnknownVerdictRefuses);
    CPPUNIT_TEST(theRequestCarriesWhatTheClientSaid);
    CPPUNIT_TEST(checksRunOffTheCallersThread);
    CPPUNIT_TEST(aFullQueueRefusesAtOnce);
    CPPUNIT_TEST(stopFinishesWhatRunsAndRefusesTheRest);
    CPPUNIT_TEST(cheapChecksDoNotWaitForDearOnes);
    CPPUNIT_TEST(whoCallsItselfFastAndIsNotIsRunWithTheSlowOnes);
    CPPUNIT_TEST(aCheckThatNobodyAwaitsIsThrownAway);
    CPPUNIT_TEST(everyCheckIsAnsweredOnce);
    CPPUNIT_TEST_SUITE_END();

    void nothingIsRequiredWithoutAuthenticator() {
        host::AuthChain chain(*view_, log_, settings());
        CPPUNIT_ASSERT(!chain.required());

        const auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::reject(); });
        CPPUNIT_ASSERT(chain.required());
    }

    void theRequirementOutlivesTheAuthenticator() {
        auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::accept("x"); });
        host::AuthChain chain(*view_, log_, settings());
        registration.revoke();

        CPPUNIT_ASSERT(chain.required());
        CPPUNIT_ASSERT(!ask(chain, requestOf("x")).accepted);
    }

    void authenticatorsAreAskedInRankOrderUntilOneDecides() {
        std::string order;
        const auto late = provide(
            "late",
            [&](const ConnectRequest&) {
                order += "late ";
                return AuthResult::reject("never asked");
            },
            20);
        const auto decides = provide(
            "decides",
            [&](const ConnectRequest& request) {
                order += "decides ";
                return AuthResult::accept(std::string(request.user) + "!", nullptr, "ACC");
            },
            10);
        const auto abstains = provide(
            "abstains",
            [&](const ConnectRequest&) {
                order += "abstains ";
                return AuthResult::abstain();
            },
            5);
        host::AuthChain chain(*view_, log_, settings());
        const auto answer = ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT(answer.accepted);
        CPPUNIT_ASSERT_EQUAL(std::string("alice!"), answer.user);
        CPPUNIT_ASSERT_EQUAL(std::string("ACC"), answer.account);
        CPPUNIT_ASSERT_EQUAL(std::string("abstains decides "), order);
    }

    void whenAllAbstainTheClientIsRefused() {
        const auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::abstain(); });
        host::AuthChain chain(*view_, log_, settings());
        const auto answer = ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT_MESSAGE(answer.reason,
                               isRefused(answer, "no authenticator accepts the client ("));
    }

    void nobodyLeftToAskIsARefusal() {
        host::AuthChain chain(*view_, log_, settings());
        CPPUNIT_ASSERT(!ask(chain, requestOf("alice")).accepted);
    }

    void anExceptionRefusesAndAsksNobodyElse() {
        const auto broken = provide(
            "broken",
            [](const ConnectRequest&) -> AuthResult { throw std::runtime_error("out of\norder"); },
            1);
        const auto kind = provide(
            "kind", [](const ConnectRequest&) { return AuthResult::accept("x"); }, 2);
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(!ask(chain, requestOf("alice")).accepted);
        CPPUNIT_ASSERT(
            log_.has("E Authenticator broken failed, the client is refused: out of\\norder"));
    }

    void anUnknownVerdictRefuses() {
        const auto odd = provide(
            "odd",
            [](const ConnectRequest&) {
                AuthResult result = AuthResult::accept("x");
                result.verdict = static_cast<sdk::Verdict>(77);
                return result;
            },
            1);
        const auto kind = provide(
            "kind", [](const ConnectRequest&) { return AuthResult::accept("x"); }, 2);
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(!ask(chain, requestOf("alice")).accepted);
    }

    void theRequestCarriesWhatTheClientSaid() {
        std::string seen;
        const auto registration = provide("a", [&](const ConnectRequest& r) {
            for (const auto part :
                 {r.user, r.password, r.token, r.nkey, r.signature, r.jwt, r.nonce, r.clientName,
                  r.clientLanguage, r.clientVersion, r.peerAddress, r.transport}) {
                seen += std::string(part) + ",";
            }
            return AuthResult::reject();
        });
        host::AuthChain chain(*view_, log_, settings());
        kernel::AuthRequest request;
        request.connect.user = "u";
        request.connect.pass = "p";
        request.connect.authToken = "t";
        request.connect.nkey = "N";
        request.connect.sig = "S";
        request.connect.jwt = "J";
        request.nonce = "once";
        request.connect.name = "n";
        request.connect.lang = "c++";
        request.connect.version = "1.2";
        request.peerAddress = "127.0.0.1:9";
        ask(chain, std::move(request));

        CPPUNIT_ASSERT_EQUAL(std::string("u,p,t,N,S,J,once,n,c++,1.2,127.0.0.1:9,tcp,"), seen);
    }

    void checksRunOffTheCallersThread() {
        std::thread::id worker;
        const auto registration = provide("a", [&](const ConnectRequest&) {
            worker = std::this_thread::get_id();
            return AuthResult::reject();
        });
        host::AuthChain chain(*view_, log_, settings());
        ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT(worker != std::thread::id());
        CPPUNIT_ASSERT(worker != std::this_thread::get_id());
    }

    void aFullQueueRefusesAtOnce() {
        std::atomic<bool> isBusy{false};
        std::atomic<bool> mayLeave{false};
        const auto registration = provide("slow", [&](const ConnectRequest&) {
            isBusy = true;
            waitFor([&] { return mayLeave.load(); });
            return AuthResult::accept("x");
        });
        host::AuthChain chain(*view_, log_, settings(1, 1));
        std::atomic<int> acceptedCount{0};
        const auto count = [&](const kernel::AuthAnswer& answer) {
            acceptedCount += answer.accepted ? 1 : 0;
        };
        chain.check(requestOf("runs"), count);
        CPPUNIT_ASSERT(waitFor([&] { return isBusy.load(); }));
        chain.check(requestOf("waits"), count);
        const auto refusal = ask(chain, requestOf("too many"));

        CPPUNIT_ASSERT_MESSAGE(refusal.reason,
                               isRefused(refusal, "too many clients wait to be authenticated"));
        mayLeave = true;
        CPPUNIT_ASSERT(waitFor([&] { return acceptedCount == 2; }));
    }

    void stopFinishesWhatRunsAndRefusesTheRest() {
        std::atomic<bool> isBusy{false};
        std::atomic<bool> mayLeave{false};
        const auto registration = provide("slow", [&](const ConnectRequest&) {
            isBusy = true;
            waitFor([&] { return mayLeave.load(); });
            return AuthResult::accept("x");
        });
        host::AuthChain chain(*view_, log_, settings(1, 8));
        std::atomic<bool> firstAccepted{false};
        kernel::AuthAnswer second;
        chain.check(requestOf("runs"),
                    [&](const kernel::AuthAnswer& answer) { firstAccepted = answer.accepted; });
        CPPUNIT_ASSERT(waitFor([&] { return isBusy.load(); }));
        chain.check(requestOf("waits"), [&](const kernel::AuthAnswer& answer) {
            second = answer;
            mayLeave = true;
        });
        chain.stop();

        CPPUNIT_ASSERT(firstAccepted);
        CPPUNIT_ASSERT(isRefused(second, "the server is stopping"));
        CPPUNIT_ASSERT(!ask(chain, requestOf("late")).accepted);
    }

    void cheapChecksDoNotWaitForDearOnes() {
        Gate gate;
        const auto slow = provide(
            "slow",
            [&](const ConnectRequest& request) {
                if (request.user.starts_with("b")) {
                    gate.wait();
                    return AuthResult::accept("b");
                }
                return AuthResult::abstain();
            },
            2);
        const auto fast = provide(
            "fast",
            [](const ConnectRequest& request) {
                return request.user == "token" ? AuthResult::accept("t") : AuthResult::abstain();
            },
            1, sdk::Cost::fast);
        host::AuthChain chain(*view_, log_, settings(1));
        std::vector<Future> dear;
        dear.reserve(100);
        for (int i = 0; i < 100; ++i) {
            dear.push_back(begin(chain, requestOf("b" + std::to_string(i))));
        }

        CPPUNIT_ASSERT(ask(chain, requestOf("token")).accepted);
        CPPUNIT_ASSERT(dear.front().wait_for(std::chrono::seconds(0)) ==
                       std::future_status::timeout);
        gate.open();
        for (Future& one : dear) {
            CPPUNIT_ASSERT(await(std::move(one)).accepted);
        }
    }

    void whoCallsItselfFastAndIsNotIsRunWithTheSlowOnes() {
        const auto liar = provide(
            "liar",
            [](const ConnectRequest&) {
                const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(60);
                while (std::chrono::steady_clock::now() < end) {
                }
                return AuthResult::accept("x");
            },
            0, sdk::Cost::fast);
        host::AuthChain chain(*view_, log_, settings(1));
        for (int i = 0; i < 6; ++i) {
            CPPUNIT_ASSERT(ask(chain, requestOf("x")).accepted);
        }

        CPPUNIT_ASSERT(log_.has("W Authenticator liar calls itself fast but took "));
    }

    void aCheckThatNobodyAwaitsIsThrownAway() {
        Gate gate;
        std::atomic<int> asked{0};
        const auto registration = provide("slow", [&](const ConnectRequest&) {
            ++asked;
            gate.wait();
            return AuthResult::accept("x");
        });
        host::AuthChain chain(*view_, log_, settings(1));
        Future runs = begin(chain, requestOf("runs"));
        CPPUNIT_ASSERT(waitFor([&] { return asked == 1; }));
        auto client = std::make_shared<int>(0);
        auto impatient = requestOf("impatient");
        impatient.asker = client;
        Future gone = begin(chain, std::move(impatient));
        Future stays = begin(chain, requestOf("stays"));
        client.reset();
        gate.open();

        CPPUNIT_ASSERT(await(std::move(runs)).accepted);
        CPPUNIT_ASSERT(await(std::move(stays)).accepted);
        CPPUNIT_ASSERT_EQUAL(2, asked.load());
        // Its promise was broken: nobody holds it any more.
        CPPUNIT_ASSERT_THROW(gone.get(), std::future_error);
    }

    void everyCheckIsAnsweredOnce() {
        const auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::accept("x"); });
        std::vector<std::atomic<int>> answers(2000);
        {
            host::AuthChain chain(*view_, log_, settings(3, 50));
            std::vector<std::thread> clients;
            for (std::size_t first : {std::size_t{0}, std::size_t{1000}}) {
                clients.emplace_back([&answers, &chain, first] {
                    for (std::size_t i = first; i < first + 1000; ++i) {
                        chain.check(requestOf("x"),
                                    [&answers, i](const kernel::AuthAnswer&) { ++answers[i]; });
                    }
                });
            }
            for (std::thread& client : clients) {
                client.join();
            }
        }
        for (std::size_t i = 0; i < answers.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE("check " + std::to_string(i), 1, answers[i].load());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthChainTest);

}  // namespace gnatsd::tests
