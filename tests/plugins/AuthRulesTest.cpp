// What comes with an accept: rules, limits, a place among the user's connections.

#include "kernel/Permissions.h"
#include "tests/plugins/AuthFixture.h"
#include <gnatsd/PermissionProvider.h>
#include <gnatsd/UserLimits.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace gnatsd::tests {

namespace {

using sdk::AuthResult;
using sdk::ConnectRequest;
using Rules = std::shared_ptr<const sdk::PermissionRules>;

Rules publishOnly(const std::string& subject) {
    auto rules = std::make_shared<sdk::PermissionRules>();
    rules->publish.allow = {subject};
    return rules;
}

class Provider final : public sdk::PermissionProvider {
public:
    explicit Provider(sdk::Cost cost) : cost_(cost) {}
    Rules rulesFor(std::string_view user, std::string_view account) const override {
        if (user == "broken") {
            throw std::runtime_error("no rules today");
        }
        return user == "ruled" ? publishOnly(std::string(account) + ".x") : nullptr;
    }
    sdk::Cost cost(std::string_view, std::string_view) const override { return cost_; }

private:
    const sdk::Cost cost_;
};

}  // namespace

class AuthRulesTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(AuthRulesTest);
    CPPUNIT_TEST(withoutRulesEverythingIsAllowed);
    CPPUNIT_TEST(rulesAreCompiledOnceForTheObject);
    CPPUNIT_TEST(ownRulesComeBeforeTheProviders);
    CPPUNIT_TEST(providersMayBeFastOrSlow);
    CPPUNIT_TEST(aProviderThatThrowsRefuses);
    CPPUNIT_TEST(anInvalidSubjectRefusesThatClient);
    CPPUNIT_TEST(limitsForTheSessionArePassedOn);
    CPPUNIT_TEST(addressesOutsideTheListAreRefused);
    CPPUNIT_TEST(familiesOfAddressesAreToldApart);
    CPPUNIT_TEST(anInvalidNetworkRefusesThatClient);
    CPPUNIT_TEST(connectionsOfAUserAreCounted);
    CPPUNIT_TEST(aRepeatedConnectKeepsItsPlace);
    CPPUNIT_TEST(aPlaceMayOutliveTheChain);
    CPPUNIT_TEST_SUITE_END();

    /// Accepts everybody under the name they give.
    sdk::Registration acceptAll(const Rules& rules,
                                const std::shared_ptr<const sdk::UserLimits>& limits = {}) {
        return provide("all", [rules, limits](const ConnectRequest& request) {
            return AuthResult::accept(std::string(request.user), rules, "ACC", limits);
        });
    }

    void withoutRulesEverythingIsAllowed() {
        const auto all = acceptAll(nullptr);
        host::AuthChain chain(*view_, log_, settings());

        const auto answer = ask(chain, requestOf("x"));
        CPPUNIT_ASSERT(answer.accepted);
        CPPUNIT_ASSERT(answer.permissions == nullptr);
    }

    void rulesAreCompiledOnceForTheObject() {
        const auto all = acceptAll(publishOnly("foo.*"));
        host::AuthChain chain(*view_, log_, settings());
        const auto first = ask(chain, requestOf("x"));
        const auto second = ask(chain, requestOf("y"));

        CPPUNIT_ASSERT(first.permissions->mayPublish("foo.a"));
        CPPUNIT_ASSERT(!first.permissions->mayPublish("bar"));
        CPPUNIT_ASSERT(first.permissions == second.permissions);
    }

    void ownRulesComeBeforeTheProviders() {
        const auto provider = view_->provide<sdk::PermissionProvider>(
            "rules", std::make_shared<Provider>(sdk::Cost::slow));
        const auto all = acceptAll(publishOnly("own"));
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(ask(chain, requestOf("ruled")).permissions->mayPublish("own"));
    }

    void providersMayBeFastOrSlow() {
        for (const auto cost : {sdk::Cost::fast, sdk::Cost::slow}) {
            const auto provider =
                view_->provide<sdk::PermissionProvider>("rules", std::make_shared<Provider>(cost));
            const auto all = provide(
                "all",
                [](const ConnectRequest& request) {
                    return AuthResult::accept(std::string(request.user), nullptr, "ACC");
                },
                0, sdk::Cost::fast);
            host::AuthChain chain(*view_, log_, settings());

            CPPUNIT_ASSERT(ask(chain, requestOf("free")).permissions == nullptr);
            const auto answer = ask(chain, requestOf("ruled"));
            CPPUNIT_ASSERT(answer.permissions->mayPublish("ACC.x"));
            CPPUNIT_ASSERT(!answer.permissions->mayPublish("x"));
        }
    }

    void aProviderThatThrowsRefuses() {
        const auto provider = view_->provide<sdk::PermissionProvider>(
            "rules", std::make_shared<Provider>(sdk::Cost::slow));
        const auto all = acceptAll(nullptr);
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(
            isRefused(ask(chain, requestOf("broken")), "permission provider rules failed"));
        CPPUNIT_ASSERT(
            log_.has("E Permission provider rules failed, the client is refused: no rules today"));
    }

    void anInvalidSubjectRefusesThatClient() {
        const auto all = provide("mixed", [](const ConnectRequest& request) {
            return AuthResult::accept(std::string(request.user),
                                      publishOnly(request.user == "bad" ? "a..b" : "a.b"));
        });
        host::AuthChain chain(*view_, log_, settings());

        CPPUNIT_ASSERT(
            isRefused(ask(chain, requestOf("bad")), "wrong permission rules from mixed"));
        CPPUNIT_ASSERT(log_.has("E Plug-in service mixed gave rules for user \"bad\""));
        CPPUNIT_ASSERT(log_.has("a..b"));
        CPPUNIT_ASSERT(ask(chain, requestOf("good")).accepted);
    }

    void limitsForTheSessionArePassedOn() {
        auto limits = std::make_shared<sdk::UserLimits>();
        limits->noWildcards = true;
        limits->publishRate = 100;
        limits->publishBurst = 5;
        const auto all = acceptAll(nullptr, limits);
        host::AuthChain chain(*view_, log_, settings());
        const auto answer = ask(chain, requestOf("x"));

        CPPUNIT_ASSERT(answer.limits.noWildcards);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{100}, answer.limits.publishRate);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{5}, answer.limits.publishBurst);
    }

    void addressesOutsideTheListAreRefused() {
        auto limits = std::make_shared<sdk::UserLimits>();
        limits->allowFrom = {"10.0.0.0/8", "192.0.2.7", "2001:db8::/33"};
        const auto all = acceptAll(nullptr, limits);
        host::AuthChain chain(*view_, log_, settings());

        for (const char* address :
             {"10.1.2.3:4", "192.0.2.7:4", "[2001:db8::1]:4", "[::ffff:10.9.9.9]:4"}) {
            CPPUNIT_ASSERT_MESSAGE(address, ask(chain, requestOf("x", address)).accepted);
        }
        for (const char* address :
             {"11.1.2.3:4", "192.0.2.8:4", "[2001:db8:8000::1]:4", "[::1]:4", "", "nonsense"}) {
            CPPUNIT_ASSERT_MESSAGE(address, isRefused(ask(chain, requestOf("x", address)),
                                                      "the user may not come from this address"));
        }
    }

    void familiesOfAddressesAreToldApart() {
        const auto mayCome = [this](const char* network, const char* address) {
            auto limits = std::make_shared<sdk::UserLimits>();
            limits->allowFrom = {network};
            const auto all = acceptAll(nullptr, limits);
            host::AuthChain chain(*view_, log_, settings());
            return ask(chain, requestOf("x", address)).accepted;
        };
        CPPUNIT_ASSERT(mayCome("0.0.0.0/0", "192.0.2.7:4"));
        CPPUNIT_ASSERT(!mayCome("0.0.0.0/0", "[2001:db8::1]:4"));
        CPPUNIT_ASSERT(mayCome("::/0", "[2001:db8::1]:4"));
        CPPUNIT_ASSERT(!mayCome("::/0", "192.0.2.7:4"));
        CPPUNIT_ASSERT_MESSAGE("mapped", mayCome("::ffff:192.0.2.0/120", "192.0.2.7:4"));
        CPPUNIT_ASSERT_MESSAGE("mapped", !mayCome("::ffff:192.0.2.0/120", "192.0.3.7:4"));
        CPPUNIT_ASSERT_MESSAGE("cut", mayCome("192.0.2.8/29", "192.0.2.15:4"));
        CPPUNIT_ASSERT_MESSAGE("cut", !mayCome("192.0.2.8/29", "192.0.2.16:4"));
    }

    void anInvalidNetworkRefusesThatClient() {
        for (const char* entry : {"10.0.0.0/33", "10.0.0/8", "::/129", "host", "", "10.0.0.0/"}) {
            auto limits = std::make_shared<sdk::UserLimits>();
            limits->allowFrom = {entry};
            const auto all = acceptAll(nullptr, limits);
            host::AuthChain chain(*view_, log_, settings());

            CPPUNIT_ASSERT_MESSAGE(entry,
                                   isRefused(ask(chain, requestOf("x")), "wrong limits from all"));
        }
        CPPUNIT_ASSERT(log_.has("E Authenticator all gave limits for user \"x\" that are wrong"));
    }

    void connectionsOfAUserAreCounted() {
        auto limits = std::make_shared<sdk::UserLimits>();
        limits->maxConnections = 2;
        const auto all = acceptAll(nullptr, limits);
        host::AuthChain chain(*view_, log_, settings());
        auto first = ask(chain, requestOf("x"));
        const auto second = ask(chain, requestOf("x"));

        CPPUNIT_ASSERT(first.accepted && second.accepted);
        CPPUNIT_ASSERT(isRefused(ask(chain, requestOf("x")), "the user has as many connections"));
        CPPUNIT_ASSERT_MESSAGE("another user", ask(chain, requestOf("y")).accepted);
        first.ticket.reset();
        CPPUNIT_ASSERT_MESSAGE("one has left", ask(chain, requestOf("x")).accepted);
    }

    void aRepeatedConnectKeepsItsPlace() {
        auto limits = std::make_shared<sdk::UserLimits>();
        limits->maxConnections = 1;
        const auto all = acceptAll(nullptr, limits);
        host::AuthChain chain(*view_, log_, settings());
        const auto first = ask(chain, requestOf("x"));
        auto again = requestOf("x");
        again.held = first.ticket;

        CPPUNIT_ASSERT(ask(chain, std::move(again)).accepted);
        auto other = requestOf("y");
        other.held = first.ticket;
        CPPUNIT_ASSERT_MESSAGE("as another user", ask(chain, std::move(other)).accepted);
        CPPUNIT_ASSERT(!ask(chain, requestOf("x")).accepted);
    }

    void aPlaceMayOutliveTheChain() {
        const auto all = acceptAll(publishOnly("x"));
        kernel::AuthAnswer answer;
        {
            host::AuthChain chain(*view_, log_, settings());
            answer = ask(chain, requestOf("x"));
        }
        CPPUNIT_ASSERT(answer.permissions->mayPublish("x"));
        answer.ticket.reset();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthRulesTest);

}  // namespace gnatsd::tests
