#include "plugins/host/AuthChain.h"
#include "plugins/host/RegistryImpl.h"
#include "tests/plugins/Fixtures.h"
#include <gnatsd/PermissionProvider.h>

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

using namespace std::chrono_literals;
using sdk::AuthResult;
using sdk::ConnectRequest;

class Asked final : public sdk::Authenticator {
public:
    using Answer = std::function<AuthResult(const ConnectRequest&)>;
    explicit Asked(Answer answer) : answer_(std::move(answer)) {}
    AuthResult authenticate(const ConnectRequest& request) const override {
        return answer_(request);
    }

private:
    const Answer answer_;
};

class Rules final : public sdk::PermissionProvider {
public:
    std::shared_ptr<const sdk::PermissionRules> rulesFor(std::string_view user,
                                                         std::string_view) const override {
        if (user == "broken") {
            throw std::runtime_error("no rules today");
        }
        return user == "ruled" ? std::make_shared<sdk::PermissionRules>() : nullptr;
    }
};

}  // namespace

class AuthChainTest : public CppUnit::TestFixture {
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
    CPPUNIT_TEST(rulesThatCannotBeEnforcedRefuse);
    CPPUNIT_TEST(everyCheckIsAnsweredOnce);
    CPPUNIT_TEST_SUITE_END();

    sdk::Registration provide(const std::string& name, Asked::Answer answer, int rank = 0) {
        return view_->provide<sdk::Authenticator>(name, std::make_shared<Asked>(std::move(answer)),
                                                  rank);
    }

    static kernel::AuthRequest requestOf(const std::string& user) {
        kernel::AuthRequest request;
        request.connect.user = user;
        return request;
    }

    static kernel::AuthAnswer ask(host::AuthChain& chain, kernel::AuthRequest request) {
        auto promise = std::make_shared<std::promise<kernel::AuthAnswer>>();
        auto answer = promise->get_future();
        chain.check(std::move(request),
                    [promise](kernel::AuthAnswer given) { promise->set_value(std::move(given)); });
        CPPUNIT_ASSERT(answer.wait_for(10s) == std::future_status::ready);
        return answer.get();
    }

    void nothingIsRequiredWithoutAuthenticator() {
        host::AuthChain chain(*view_, log_);
        CPPUNIT_ASSERT(!chain.required());

        const auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::reject(); });
        CPPUNIT_ASSERT(chain.required());
    }

    void theRequirementOutlivesTheAuthenticator() {
        auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::accept("x"); });
        host::AuthChain chain(*view_, log_);
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
        host::AuthChain chain(*view_, log_);
        const auto answer = ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT(answer.accepted);
        CPPUNIT_ASSERT_EQUAL(std::string("alice!"), answer.user);
        CPPUNIT_ASSERT_EQUAL(std::string("ACC"), answer.account);
        CPPUNIT_ASSERT_EQUAL(std::string("abstains decides "), order);
    }

    void whenAllAbstainTheClientIsRefused() {
        const auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::abstain(); });
        host::AuthChain chain(*view_, log_);
        const auto answer = ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT(!answer.accepted);
        CPPUNIT_ASSERT_EQUAL(std::string("no authenticator accepts the client"), answer.reason);
    }

    void nobodyLeftToAskIsARefusal() {
        host::AuthChain chain(*view_, log_);
        CPPUNIT_ASSERT(!ask(chain, requestOf("alice")).accepted);
    }

    void anExceptionRefusesAndAsksNobodyElse() {
        const auto broken = provide(
            "broken",
            [](const ConnectRequest&) -> AuthResult { throw std::runtime_error("out of\norder"); },
            1);
        const auto kind = provide(
            "kind", [](const ConnectRequest&) { return AuthResult::accept("x"); }, 2);
        host::AuthChain chain(*view_, log_);

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
        host::AuthChain chain(*view_, log_);

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
        host::AuthChain chain(*view_, log_);
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
        host::AuthChain chain(*view_, log_);
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
        host::AuthChain chain(*view_, log_, {.workers = 1, .queue = 1});
        std::atomic<int> acceptedCount{0};
        const auto count = [&](const kernel::AuthAnswer& answer) {
            acceptedCount += answer.accepted ? 1 : 0;
        };
        chain.check(requestOf("runs"), count);
        CPPUNIT_ASSERT(waitFor([&] { return isBusy.load(); }));
        chain.check(requestOf("waits"), count);
        std::string refusal;
        chain.check(requestOf("too many"),
                    [&](const kernel::AuthAnswer& answer) { refusal = answer.reason; });

        CPPUNIT_ASSERT_EQUAL(std::string("too many clients wait to be authenticated"), refusal);
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
        host::AuthChain chain(*view_, log_, {.workers = 1, .queue = 8});
        std::atomic<bool> firstAccepted{false};
        std::string second;
        chain.check(requestOf("runs"),
                    [&](const kernel::AuthAnswer& answer) { firstAccepted = answer.accepted; });
        CPPUNIT_ASSERT(waitFor([&] { return isBusy.load(); }));
        chain.check(requestOf("waits"), [&](const kernel::AuthAnswer& answer) {
            second = answer.reason;
            mayLeave = true;
        });
        chain.stop();

        CPPUNIT_ASSERT(firstAccepted);
        CPPUNIT_ASSERT_EQUAL(std::string("the server is stopping"), second);
        CPPUNIT_ASSERT_EQUAL(std::string("the server is stopping"),
                             ask(chain, requestOf("late")).reason);
    }

    void rulesThatCannotBeEnforcedRefuse() {
        const auto provider =
            view_->provide<sdk::PermissionProvider>("rules", std::make_shared<Rules>());
        const auto registration = provide("a", [](const ConnectRequest& request) {
            return AuthResult::accept(
                std::string(request.user),
                request.user == "own" ? std::make_shared<sdk::PermissionRules>() : nullptr);
        });
        host::AuthChain chain(*view_, log_);

        CPPUNIT_ASSERT(ask(chain, requestOf("free")).accepted);
        for (const std::string user : {"own", "ruled", "broken"}) {
            CPPUNIT_ASSERT_MESSAGE(user, !ask(chain, requestOf(user)).accepted);
        }
        CPPUNIT_ASSERT(log_.has("E User \"ruled\" has permission rules"));
        CPPUNIT_ASSERT(log_.has("A permission provider failed, the client is refused: no rules"));
    }

    void everyCheckIsAnsweredOnce() {
        const auto registration =
            provide("a", [](const ConnectRequest&) { return AuthResult::accept("x"); });
        std::vector<std::atomic<int>> answers(2000);
        {
            host::AuthChain chain(*view_, log_, {.workers = 3, .queue = 50});
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

    RecordingLog log_;
    host::RegistryImpl registry_{log_};
    std::unique_ptr<sdk::ServiceRegistry> view_ = registry_.view("tester");
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthChainTest);

}  // namespace gnatsd::tests
