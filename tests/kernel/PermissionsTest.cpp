#include "kernel/Permissions.h"

#include <cppunit/extensions/HelperMacros.h>

#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

namespace {

using List = std::vector<std::string>;

std::shared_ptr<const Permissions> compiled(const PermissionRules& rules) {
    const Permissions::Compiled result = Permissions::compile(rules);
    CPPUNIT_ASSERT_EQUAL(std::string(), result.problem);
    return result.permissions;
}

std::shared_ptr<const Permissions> subscribing(List allow, List deny = {}) {
    PermissionRules rules;
    rules.subscribe = {std::move(allow), std::move(deny)};
    return compiled(rules);
}

std::string problemOf(const PermissionRules& rules) {
    const Permissions::Compiled result = Permissions::compile(rules);
    CPPUNIT_ASSERT(!result.permissions);
    return result.problem;
}

}  // namespace

class PermissionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PermissionsTest);
    CPPUNIT_TEST(withoutRulesEverythingIsAllowed);
    CPPUNIT_TEST(emptyListAllowsNothing);
    CPPUNIT_TEST(denyComesAfterAllow);
    CPPUNIT_TEST(seedMatrix);
    CPPUNIT_TEST(queueEntries);
    CPPUNIT_TEST(queueEntriesMayHaveWildcards);
    CPPUNIT_TEST(denyEntriesWithAQueue);
    CPPUNIT_TEST(deniedSubjectsAreComparedAsLiterals);
    CPPUNIT_TEST(broaderSubscriptionIsFiltered);
    CPPUNIT_TEST(responsesCloseWhatWasOpen);
    CPPUNIT_TEST(defaultsOfResponses);
    CPPUNIT_TEST(wrongSubjectIsNamed);
    CPPUNIT_TEST(everyOneHasItsOwnKeys);
    CPPUNIT_TEST_SUITE_END();

    void withoutRulesEverythingIsAllowed() {
        const auto all = compiled({});

        CPPUNIT_ASSERT(all->mayPublish("a.b"));
        CPPUNIT_ASSERT(all->maySubscribe(">", ""));
        CPPUNIT_ASSERT(all->maySubscribe("a", "q"));
        CPPUNIT_ASSERT(!all->filters(">", ""));
        CPPUNIT_ASSERT(!all->responses());
    }

    // OPT-87
    void emptyListAllowsNothing() {
        PermissionRules rules;
        rules.publish.allow.emplace();
        rules.subscribe.allow.emplace();
        const auto none = compiled(rules);

        CPPUNIT_ASSERT(!none->mayPublish("a"));
        CPPUNIT_ASSERT(!none->maySubscribe("a", ""));
        CPPUNIT_ASSERT(!none->maySubscribe("a", "q"));
    }

    // AU-35, AU-43
    void denyComesAfterAllow() {
        PermissionRules rules;
        rules.publish = {List{"foo.>", "bar"}, {"foo.secret", "foo.*.priv"}};
        const auto some = compiled(rules);

        CPPUNIT_ASSERT(some->mayPublish("foo.ok"));
        CPPUNIT_ASSERT(some->mayPublish("bar"));
        CPPUNIT_ASSERT(!some->mayPublish("foo"));
        CPPUNIT_ASSERT(!some->mayPublish("foo.secret"));
        CPPUNIT_ASSERT(!some->mayPublish("foo.a.priv"));
        CPPUNIT_ASSERT(some->mayPublish("foo.a.b.priv"));
    }

    // AU-47, what concerns the rules
    void seedMatrix() {
        PermissionRules admin;
        admin.publish.allow = List{">"};
        admin.subscribe.allow = List{">"};
        PermissionRules requestor;
        requestor.publish.allow = List{"req.foo", "req.bar"};
        requestor.subscribe.allow = List{"_INBOX.*"};
        PermissionRules other;
        other.publish.allow = List{"SANDBOX.*"};
        other.subscribe.allow = List{"PUBLIC.>", "_INBOX.>"};
        const auto alice = compiled(admin);
        const auto bob = compiled(requestor);
        const auto joe = compiled(other);

        CPPUNIT_ASSERT(alice->mayPublish("foo") && alice->maySubscribe("foo", ""));
        CPPUNIT_ASSERT(alice->mayPublish("_"));
        CPPUNIT_ASSERT(!bob->mayPublish("foo") && !bob->maySubscribe("foo", ""));
        CPPUNIT_ASSERT(bob->maySubscribe("_INBOX.abcd", ""));
        CPPUNIT_ASSERT(bob->mayPublish("req.foo") && bob->mayPublish("req.bar"));
        CPPUNIT_ASSERT(!joe->maySubscribe("foo.bar.*", "") && !joe->mayPublish("foo.bar.baz"));
        CPPUNIT_ASSERT(joe->maySubscribe("_INBOX.abcd", "") &&
                       joe->maySubscribe("PUBLIC.abcd", ""));
        CPPUNIT_ASSERT(joe->mayPublish("SANDBOX.foo") && joe->mayPublish("SANDBOX.bar"));
        CPPUNIT_ASSERT(!joe->mayPublish("SANDBOX.foo.bar"));
    }

    // AU-42, AU-43
    void queueEntries() {
        const std::vector<std::tuple<List, bool, bool, bool>> table{
            {{"foo"}, true, true, true},
            {{"foo v1"}, false, false, true},
            {{"foo", "foo v1"}, true, false, true},
        };

        for (const auto& [allow, plain, q1, v1] : table) {
            const auto some = subscribing(allow);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(allow.back(), plain, some->maySubscribe("foo", ""));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(allow.back(), q1, some->maySubscribe("foo", "q1"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(allow.back(), v1, some->maySubscribe("foo", "v1"));
        }
    }

    // AU-42
    void queueEntriesMayHaveWildcards() {
        const auto some = subscribing({"foo.>  v1.>", "foo.*\tv2.*"});

        CPPUNIT_ASSERT(some->maySubscribe("foo.a.*", "v1.x.y"));
        CPPUNIT_ASSERT(some->maySubscribe("foo.*", "v2.x"));
        CPPUNIT_ASSERT(!some->maySubscribe("foo.>", "v2.x"));
        CPPUNIT_ASSERT(!some->maySubscribe("foo.*", "v2.x.y"));
        CPPUNIT_ASSERT(!some->maySubscribe("foo.*", ""));
    }

    // AU-42
    void denyEntriesWithAQueue() {
        const auto some = subscribing({">"}, {"foo dev", "bar.* dev", "secret"});

        CPPUNIT_ASSERT(some->maySubscribe("foo", ""));
        CPPUNIT_ASSERT(some->maySubscribe("foo", "prod"));
        CPPUNIT_ASSERT(!some->maySubscribe("foo", "dev"));
        CPPUNIT_ASSERT(!some->maySubscribe("secret", "prod"));
        CPPUNIT_ASSERT(some->maySubscribe("bar.>", "devel"));
        CPPUNIT_ASSERT(some->filters(">", "dev"));
        CPPUNIT_ASSERT(!some->mayDeliver("bar.x", "dev"));
        CPPUNIT_ASSERT(some->mayDeliver("bar.x", "prod"));
        CPPUNIT_ASSERT(some->mayDeliver("bar.x", ""));
        CPPUNIT_ASSERT(!some->filters("foo", "prod"));
    }

    // AU-38
    void deniedSubjectsAreComparedAsLiterals() {
        const auto some = subscribing({"foo.>"}, {"foo.secret", "foo.*.priv"});

        CPPUNIT_ASSERT(!some->maySubscribe("foo.secret", ""));
        CPPUNIT_ASSERT(!some->maySubscribe("foo.secret", "q"));
        CPPUNIT_ASSERT(!some->maySubscribe("foo.a.priv", ""));
        CPPUNIT_ASSERT(!some->maySubscribe("foo.*.priv", ""));
        CPPUNIT_ASSERT(!subscribing({">"}, {"foo.*"})->maySubscribe("foo.>", ""));
        for (const char* subject : {"foo.>", "foo.*", "foo.*.*", "foo.ok"}) {
            CPPUNIT_ASSERT_MESSAGE(subject, some->maySubscribe(subject, ""));
        }
    }

    // AU-39
    void broaderSubscriptionIsFiltered() {
        const auto some = subscribing({"foo.>", "_INBOX.>"}, {"foo.secret", "foo.*.priv"});

        for (const char* subject : {"foo.>", "foo.*", "foo.*.*", "foo.a.*", ">"}) {
            CPPUNIT_ASSERT_MESSAGE(subject, some->filters(subject, ""));
        }
        for (const char* subject : {"foo.ok", "_INBOX.>", "foo.*.*.*", "foo.a.b", "*"}) {
            CPPUNIT_ASSERT_MESSAGE(subject, !some->filters(subject, ""));
        }
        CPPUNIT_ASSERT(some->mayDeliver("foo.ok", ""));
        CPPUNIT_ASSERT(some->mayDeliver("foo.a.b", ""));
        CPPUNIT_ASSERT(!some->mayDeliver("foo.secret", ""));
        CPPUNIT_ASSERT(!some->mayDeliver("foo.a.priv", "q"));
    }

    // AU-41
    void responsesCloseWhatWasOpen() {
        PermissionRules rules;
        rules.responses.emplace();
        CPPUNIT_ASSERT(!compiled(rules)->mayPublish("a"));

        rules.publish.allow = List{"a"};
        CPPUNIT_ASSERT(compiled(rules)->mayPublish("a"));
        CPPUNIT_ASSERT(compiled(rules)->maySubscribe(">", ""));
    }

    // AU-41, OPT-85
    void defaultsOfResponses() {
        PermissionRules rules;
        rules.responses = ResponseRule{0, 0ms};
        const auto standard = compiled(rules)->responses();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, standard->maxMessages);
        CPPUNIT_ASSERT(standard->expires == 2min);

        rules.responses = ResponseRule{-5, -1ms};
        const auto endless = compiled(rules)->responses();
        CPPUNIT_ASSERT(endless->maxMessages < 0);
        CPPUNIT_ASSERT(endless->expires < 0ms);
    }

    // AU-5, OPT-86
    void wrongSubjectIsNamed() {
        for (const std::string text :
             {"a.>.b", "a..b", "", ".", "a.", ">.a", "a b", "a\tb", "a\n", " a", "a "}) {
            PermissionRules rules;
            rules.publish.allow = List{"fine", text};
            CPPUNIT_ASSERT_MESSAGE(text, problemOf(rules).ends_with(" is not a valid subject"));
            rules.publish = {List{"fine"}, {text}};
            CPPUNIT_ASSERT_MESSAGE(text, problemOf(rules).ends_with(" is not a valid subject"));
        }
        for (const std::string text :
             {"a.>.b", "a b c", "a..b q", "a q..r", "a q.>.r", " a", "a ", "a\nq", ""}) {
            PermissionRules rules;
            rules.subscribe.allow = List{text};
            CPPUNIT_ASSERT_MESSAGE(text, problemOf(rules).ends_with(" is not a valid subject"));
            rules.subscribe = {std::nullopt, {text}};
            CPPUNIT_ASSERT_MESSAGE(text, problemOf(rules).ends_with(" is not a valid subject"));
        }
        PermissionRules rules;
        rules.subscribe.deny = {"a.>.b"};
        CPPUNIT_ASSERT_EQUAL(std::string("Subject \"a.>.b\" is not a valid subject"),
                             problemOf(rules));
        rules.subscribe.deny = {"a\x01 \"q"};
        CPPUNIT_ASSERT(compiled(rules));
        rules.subscribe.deny = {"a..\x01"};
        CPPUNIT_ASSERT_EQUAL(std::string("Subject \"a..\\x01\" is not a valid subject"),
                             problemOf(rules));
    }

    void everyOneHasItsOwnKeys() {
        const auto first = compiled({});
        const auto second = compiled({});
        const std::set<std::uint64_t> keys{0, first->publishKey(), first->deliverKey(),
                                           second->publishKey(), second->deliverKey()};

        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, keys.size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PermissionsTest);

}  // namespace gnatsd::kernel
