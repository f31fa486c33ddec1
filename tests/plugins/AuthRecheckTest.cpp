// Open sessions are judged again after a reload (OPT-213).

#include "kernel/Permissions.h"
#include "tests/plugins/AuthFixture.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

using sdk::AuthResult;
using sdk::ConnectRequest;

class AuthRecheckTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(AuthRecheckTest);
    CPPUNIT_TEST(theSameCredentialsAreJudgedByTheNewRules);
    CPPUNIT_TEST(aSessionKeepsItsPlace);
    CPPUNIT_TEST(recheckingHasRoomAndLetsClientsGoFirst);
    CPPUNIT_TEST(whoDoesNotAnswerARecheckRefuses);
    CPPUNIT_TEST(theVersionMovesWithTheRules);
    CPPUNIT_TEST(onlyAReloadTurnsTheRequirementOff);
    CPPUNIT_TEST_SUITE_END();

    static Future again(host::AuthChain& chain, const kernel::AuthAnswer& answer,
                        const std::weak_ptr<const void>& asker = {}) {
        auto promise = std::make_shared<std::promise<kernel::AuthAnswer>>();
        Future future = promise->get_future();
        chain.recheck(answer.ticket, asker, [promise](kernel::AuthAnswer given) {
            promise->set_value(std::move(given));
        });
        return future;
    }

    void theSameCredentialsAreJudgedByTheNewRules() {
        std::string wanted = "one";
        const auto all = provide("all", [&](const ConnectRequest& request) {
            auto rules = std::make_shared<sdk::PermissionRules>();
            rules->publish.allow = {wanted};
            return request.password == wanted || wanted == "three"
                       ? AuthResult::accept(std::string(request.user), rules)
                       : AuthResult::reject("changed");
        });
        host::AuthChain chain(*view_, log_, settings());
        auto request = requestOf("alice", "192.0.2.1:5");
        request.connect.pass = "one";
        const auto answer = ask(chain, std::move(request));

        const auto same = await(again(chain, answer));
        CPPUNIT_ASSERT(same.accepted && same.user == "alice" && same.ticket != nullptr);
        wanted = "two";
        CPPUNIT_ASSERT(isRefused(await(again(chain, answer)), "changed (all, "));
        wanted = "three";
        const auto changed = await(again(chain, answer));
        CPPUNIT_ASSERT(changed.accepted && changed.permissions->mayPublish("three"));
    }

    void aSessionKeepsItsPlace() {
        auto limits = std::make_shared<sdk::UserLimits>();
        limits->maxConnections = 1;
        const auto all = provide("all", [&](const ConnectRequest&) {
            return AuthResult::accept("x", nullptr, {}, limits);
        });
        host::AuthChain chain(*view_, log_, settings());
        auto answer = ask(chain, requestOf("x"));
        auto next = await(again(chain, answer));
        CPPUNIT_ASSERT(next.accepted);
        answer.ticket.reset();

        CPPUNIT_ASSERT(!ask(chain, requestOf("x")).accepted);
        next.ticket.reset();
        CPPUNIT_ASSERT(ask(chain, requestOf("x")).accepted);
    }

    void recheckingHasRoomAndLetsClientsGoFirst() {
        Gate gate;
        std::atomic<bool> blocks{false};
        std::atomic<bool> isBusy{false};
        std::atomic<int> asked{0};
        const auto all = provide("all", [&](const ConnectRequest&) {
            if (blocks) {
                isBusy = true;
                gate.wait();
            }
            ++asked;
            return AuthResult::accept("x");
        });
        host::AuthChain chain(*view_, log_, settings(1, 4));
        const auto answer = ask(chain, requestOf("x"));
        blocks = true;
        std::vector<Future> rechecks;
        rechecks.reserve(100);
        for (int i = 0; i < 100; ++i) {
            rechecks.push_back(again(chain, answer));
        }
        CPPUNIT_ASSERT(waitFor([&] { return isBusy.load(); }));
        Future client = begin(chain, requestOf("x"));
        gate.open();

        CPPUNIT_ASSERT(await(std::move(client)).accepted);
        for (Future& one : rechecks) {
            CPPUNIT_ASSERT(await(std::move(one)).accepted);
        }
        CPPUNIT_ASSERT_EQUAL(102, asked.load());
    }

    void whoDoesNotAnswerARecheckRefuses() {
        std::vector<sdk::AuthReply> kept;
        const auto later =
            provideLater("later", [&](const ConnectRequest&, const sdk::AuthReply& reply) {
                kept.push_back(reply);
                if (kept.size() == 1) {
                    reply(AuthResult::accept("x"));
                }
            });
        auto impatient = settings();
        impatient.recheckPatience = std::chrono::milliseconds(1);
        host::AuthChain chain(*view_, log_, impatient);
        const auto answer = ask(chain, requestOf("x"));

        CPPUNIT_ASSERT(isRefused(await(again(chain, answer)), "no answer in time"));
    }

    void theVersionMovesWithTheRules() {
        host::AuthChain chain(*view_, log_, settings());
        const auto before = chain.version();
        chain.whileReloading([&] { CPPUNIT_ASSERT_EQUAL(before, chain.version()); });

        CPPUNIT_ASSERT(chain.version() != before);
    }

    void onlyAReloadTurnsTheRequirementOff() {
        auto first = provide("a", [](const ConnectRequest&) { return AuthResult::reject(); });
        host::AuthChain chain(*view_, log_, settings());
        first.revoke();
        chain.whileReloading([] {});
        CPPUNIT_ASSERT_MESSAGE("it was lost, not taken away", chain.required());

        auto second = provide("b", [](const ConnectRequest&) { return AuthResult::reject(); });
        chain.whileReloading([&] { second.revoke(); });
        CPPUNIT_ASSERT(!chain.required());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthRecheckTest);

}  // namespace gnatsd::tests
