// auth/permissions: which rules the configuration gives to whom.

#include "auth/permissions/Duration.h"
#include "auth/permissions/RuleReader.h"
#include "tests/auth/AuthRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace gnatsd::tests {

using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

/// A side as text: "allow [a b] deny [c]"; "all" without a list.
std::string shown(const sdk::SubjectRules& rules) {
    const auto list = [](const std::vector<std::string>& subjects) {
        std::string text = "[";
        for (const std::string& subject : subjects) {
            text += (text.size() > 1 ? " " : "") + subject;
        }
        return text + "]";
    };
    return (rules.allow ? "allow " + list(*rules.allow) : "all"s) +
           (rules.deny.empty() ? "" : " deny " + list(rules.deny));
}

std::string shown(const std::shared_ptr<const sdk::PermissionRules>& rules) {
    if (!rules) {
        return "unrestricted";
    }
    std::string text = "pub " + shown(rules->publish) + ", sub " + shown(rules->subscribe);
    if (rules->responses) {
        text += ", responses " + std::to_string(rules->responses->maxMessages) + " in " +
                std::to_string(rules->responses->expires.count()) + " ms";
    }
    return text;
}

Settings userWith(const Settings& permissions) {
    Settings settings{{"users.0.user", "bob"}};
    for (const auto& [key, value] : permissions) {
        settings.emplace_back("users.0.permissions." + key, value);
    }
    return settings;
}

std::string bobs(const Settings& permissions) {
    return shown(AuthRig(userWith(permissions)).rules("bob"));
}

std::vector<std::string> warningsIn(AuthRig& rig) {
    std::vector<std::string> warnings;
    for (const std::string& line : rig.log().lines()) {
        if (line.find("do not mention") != std::string::npos) {
            warnings.push_back(line.substr(line.find("permissions of")));
        }
    }
    return warnings;
}

void assertProblem(const std::string& wanted, const Settings& settings) {
    const std::string found = startProblem(settings);
    CPPUNIT_ASSERT_MESSAGE(found, found.find(wanted) != std::string::npos);
}

}  // namespace

class PermissionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PermissionsTest);
    CPPUNIT_TEST(theSeedMatrixIsRead);
    CPPUNIT_TEST(defaultsCountForUsersWithoutTheirOwn);
    CPPUNIT_TEST(singleUserAndTokenAreUnrestricted);
    CPPUNIT_TEST(accountsHaveTheirOwnDefaults);
    CPPUNIT_TEST(allowAndDenyAreRead);
    CPPUNIT_TEST(aMissingSideAllowsWithAWarning);
    CPPUNIT_TEST(strictPermissionsDenyAMissingSide);
    CPPUNIT_TEST(anEmptyListDenies);
    CPPUNIT_TEST(anEmptyMapMentionsNothing);
    CPPUNIT_TEST(responsesAreRead);
    CPPUNIT_TEST(responsesCloseAMissingPublishSide);
    CPPUNIT_TEST(nkeyUsersHavePermissionsToo);
    CPPUNIT_TEST(queuesAreLegalForSubscriptionsOnly);
    CPPUNIT_TEST(wrongSubjectsAreRefused);
    CPPUNIT_TEST(wrongResponsesAreRefused);
    CPPUNIT_TEST(durationsAreRead);
    CPPUNIT_TEST(manyWarningsAreShortened);
    CPPUNIT_TEST_SUITE_END();

private:
    // AU-47
    void theSeedMatrixIsRead() {
        AuthRig rig(Settings{{"default_permissions.publish.allow.0", "SANDBOX.*"},
                             {"default_permissions.subscribe.allow.0", "PUBLIC.>"},
                             {"default_permissions.subscribe.allow.1", "_INBOX.>"},
                             {"users.0.user", "alice"},
                             {"users.0.password", "foo"},
                             {"users.0.permissions.publish.allow.0", ">"},
                             {"users.0.permissions.subscribe.allow.0", ">"},
                             {"users.1.user", "bob"},
                             {"users.1.permissions.publish.allow.0", "req.foo"},
                             {"users.1.permissions.publish.allow.1", "req.bar"},
                             {"users.1.permissions.subscribe.allow.0", "_INBOX.*"},
                             {"users.2.user", "joe"}});

        CPPUNIT_ASSERT_EQUAL("pub allow [>], sub allow [>]"s, shown(rig.rules("alice")));
        CPPUNIT_ASSERT_EQUAL("pub allow [req.foo req.bar], sub allow [_INBOX.*]"s,
                             shown(rig.rules("bob")));
        CPPUNIT_ASSERT_EQUAL("pub allow [SANDBOX.*], sub allow [PUBLIC.> _INBOX.>]"s,
                             shown(rig.rules("joe")));
        CPPUNIT_ASSERT(warningsIn(rig).empty());
    }

    // AU-31, OPT-88
    void defaultsCountForUsersWithoutTheirOwn() {
        AuthRig rig(Settings{{"users.0.user", "a"},
                             {"users.1.user", "b"},
                             {"users.1.permissions.publish.allow.0", "x"},
                             {"users.1.permissions.subscribe.allow.0", "y"},
                             {"default_permissions.publish.allow.0", "p"},
                             {"default_permissions.subscribe.allow.0", "s"}});
        AuthRig without(Settings{{"users.0.user", "a"}});

        CPPUNIT_ASSERT_EQUAL("pub allow [p], sub allow [s]"s, shown(rig.rules("a")));
        CPPUNIT_ASSERT_EQUAL("pub allow [x], sub allow [y]"s, shown(rig.rules("b")));
        // Whom somebody else let in.
        CPPUNIT_ASSERT_EQUAL("pub allow [p], sub allow [s]"s, shown(rig.rules("stranger")));
        CPPUNIT_ASSERT(rig.rules("a") == rig.rules("stranger"));
        CPPUNIT_ASSERT_EQUAL("unrestricted"s, shown(without.rules("a")));
    }

    // AU-30, OPT-88
    void singleUserAndTokenAreUnrestricted() {
        const Settings defaults{{"default_permissions.publish.allow.0", "p"},
                                {"default_permissions.subscribe.allow.0", "s"}};
        Settings single = defaults;
        single.emplace_back("user", "derek");
        Settings token = defaults;
        token.emplace_back("token", "t");

        CPPUNIT_ASSERT_EQUAL("unrestricted"s, shown(AuthRig(single).rules("derek")));
        CPPUNIT_ASSERT_EQUAL("pub allow [p], sub allow [s]"s, shown(AuthRig(single).rules("x")));
        CPPUNIT_ASSERT_EQUAL("pub allow [p], sub allow [s]"s,
                             shown(AuthRig(single).rules("derek", "A")));
        CPPUNIT_ASSERT_EQUAL("pub allow [p], sub allow [s]"s, shown(AuthRig(single).rules("")));
        CPPUNIT_ASSERT_EQUAL("unrestricted"s, shown(AuthRig(token).rules("")));
    }

    void accountsHaveTheirOwnDefaults() {
        AuthRig rig(Settings{{"default_permissions.publish.allow.0", "p"},
                             {"default_permissions.subscribe.allow.0", "s"},
                             {"accounts.0.name", "A"},
                             {"accounts.0.default_permissions.publish.allow.0", "ap"},
                             {"accounts.0.default_permissions.subscribe.allow.0", "as"},
                             {"accounts.0.users.0.user", "ann"},
                             {"accounts.0.users.1.user", "abe"},
                             {"accounts.0.users.1.permissions.publish.allow.0", "x"},
                             {"accounts.0.users.1.permissions.subscribe.allow.0", "y"},
                             {"accounts.1.name", "B"},
                             {"accounts.1.users.0.user", "ben"}});

        CPPUNIT_ASSERT_EQUAL("pub allow [ap], sub allow [as]"s, shown(rig.rules("ann", "A")));
        CPPUNIT_ASSERT_EQUAL("pub allow [x], sub allow [y]"s, shown(rig.rules("abe", "A")));
        CPPUNIT_ASSERT_EQUAL("pub allow [p], sub allow [s]"s, shown(rig.rules("ben", "B")));
    }

    // AU-33
    void allowAndDenyAreRead() {
        CPPUNIT_ASSERT_EQUAL("pub allow [a.*] deny [a.b a.c], sub all deny [secret.>]"s,
                             bobs({{"publish.allow.0", "a.*"},
                                   {"publish.deny.0", "a.b"},
                                   {"publish.deny.1", "a.c"},
                                   {"subscribe.deny.0", "secret.>"}}));
    }

    // OPT-87
    void aMissingSideAllowsWithAWarning() {
        AuthRig pub(userWith({{"publish.allow.0", "a"}}));
        AuthRig sub(userWith({{"subscribe.allow.0", "a"}}));
        AuthRig none(Settings{{"default_permissions.publish.allow.0", "a"}});

        CPPUNIT_ASSERT_EQUAL("pub allow [a], sub all"s, shown(pub.rules("bob")));
        CPPUNIT_ASSERT_EQUAL("pub all, sub allow [a]"s, shown(sub.rules("bob")));
        CPPUNIT_ASSERT(warningsIn(pub) == std::vector({"permissions of user \"bob\" do not mention "
                                                       "subscribe: all subjects allowed"s}));
        CPPUNIT_ASSERT(warningsIn(sub) == std::vector({"permissions of user \"bob\" do not mention "
                                                       "publish: all subjects allowed"s}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, warningsIn(none).size());
    }

    // OPT-166
    void strictPermissionsDenyAMissingSide() {
        Settings settings = userWith({{"publish.allow.0", "a"}});
        settings.emplace_back("strict_permissions", "true");
        settings.emplace_back("default_permissions.subscribe.deny.0", "b");
        AuthRig rig(settings);

        CPPUNIT_ASSERT_EQUAL("pub allow [a], sub allow []"s, shown(rig.rules("bob")));
        CPPUNIT_ASSERT_EQUAL("pub allow [], sub all deny [b]"s, shown(rig.rules("carl")));
        CPPUNIT_ASSERT(warningsIn(rig).empty());
    }

    // OPT-87
    void anEmptyListDenies() {
        CPPUNIT_ASSERT_EQUAL("pub allow [], sub allow []"s,
                             bobs({{"publish.allow", ""}, {"subscribe", ""}}));
        CPPUNIT_ASSERT_EQUAL(
            "pub allow [] deny [x], sub allow [y]"s,
            bobs({{"publish.allow", ""}, {"publish.deny.0", "x"}, {"subscribe.allow.0", "y"}}));
    }

    void anEmptyMapMentionsNothing() {
        const Settings empty{{"users.0.user", "bob"},
                             {"users.0.permissions", ""},
                             {"default_permissions.publish.allow.0", "p"},
                             {"default_permissions.subscribe.allow.0", "s"}};
        Settings strict = empty;
        strict.emplace_back("strict_permissions", "true");
        AuthRig rig(empty);

        CPPUNIT_ASSERT_EQUAL("pub all, sub all"s, shown(rig.rules("bob")));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, warningsIn(rig).size());
        CPPUNIT_ASSERT_EQUAL("pub allow [], sub allow []"s, shown(AuthRig(strict).rules("bob")));
    }

    // AU-41
    void responsesAreRead() {
        const auto with = [](const Settings& responses) {
            Settings all{{"publish.allow.0", "a"}, {"subscribe.allow.0", "b"}};
            all.insert(all.end(), responses.begin(), responses.end());
            return bobs(all);
        };
        const std::string sides = "pub allow [a], sub allow [b]";
        CPPUNIT_ASSERT_EQUAL(sides + ", responses 1 in 120000 ms",
                             with({{"allow_responses", "true"}}));
        CPPUNIT_ASSERT_EQUAL(sides, with({{"allow_responses", "false"}}));
        CPPUNIT_ASSERT_EQUAL(
            sides + ", responses 2 in 500 ms",
            with({{"allow_responses.max", "2"}, {"allow_responses.expires", "500ms"}}));
        CPPUNIT_ASSERT_EQUAL(sides + ", responses -1 in 120000 ms",
                             with({{"allow_responses.max", "-1"}}));
        CPPUNIT_ASSERT_EQUAL(
            sides + ", responses 1 in 120000 ms",
            with({{"allow_responses.max", "0"}, {"allow_responses.expires", "0s"}}));
        CPPUNIT_ASSERT_EQUAL(sides + ", responses 1 in -1000 ms",
                             with({{"allow_responses.expires", "-1s"}}));
    }

    void responsesCloseAMissingPublishSide() {
        AuthRig rig(userWith({{"allow_responses", "true"}, {"subscribe.allow.0", "b"}}));

        CPPUNIT_ASSERT_EQUAL("pub allow [], sub allow [b], responses 1 in 120000 ms"s,
                             shown(rig.rules("bob")));
        CPPUNIT_ASSERT(warningsIn(rig).empty());
        CPPUNIT_ASSERT_EQUAL("pub allow [] deny [x], sub allow [b], responses 1 in 120000 ms"s,
                             bobs({{"allow_responses", "true"},
                                   {"publish.deny.0", "x"},
                                   {"subscribe.allow.0", "b"}}));
    }

    void nkeyUsersHavePermissionsToo() {
        const std::string key = "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK";
        AuthRig rig(Settings{{"users.0.nkey", key},
                             {"users.0.permissions.publish.allow.0", "a"},
                             {"users.0.permissions.subscribe.allow.0", "b"}});

        CPPUNIT_ASSERT_EQUAL("pub allow [a], sub allow [b]"s, shown(rig.rules(key)));
    }

    // AU-42, OPT-86
    void queuesAreLegalForSubscriptionsOnly() {
        CPPUNIT_ASSERT_EQUAL("pub allow [a], sub allow [foo v1.>] deny [foo  *.dev]"s,
                             bobs({{"publish.allow.0", "a"},
                                   {"subscribe.allow.0", "foo v1.>"},
                                   {"subscribe.deny.0", "foo  *.dev"}}));
        for (const char* wrong : {"foo ", " foo", "foo q q", "foo a..b", "foo a.>.b"}) {
            assertProblem("subject \"" + std::string(wrong) + "\" is not a valid subject",
                          userWith({{"subscribe.allow.0", wrong}}));
        }
        CPPUNIT_ASSERT(startProblem(userWith({{"subscribe.allow.0", "foo\tq"}})) != "started");
        assertProblem("subject \"foo q\" is not a valid subject",
                      userWith({{"publish.allow.0", "foo q"}}));
    }

    // AU-32, OPT-86
    void wrongSubjectsAreRefused() {
        for (const char* wrong : {"", ".", "a.", ".a", "a..b", "a.>.b", ">.a", "a b", "a\nb"}) {
            const std::string text =
                "subject \"" + std::string(wrong) + "\" is not a valid subject";
            CPPUNIT_ASSERT_MESSAGE(wrong, !auth::permissions::isPattern(wrong));
            for (const char* list : {"publish.allow.0", "publish.deny.0", "subscribe.deny.0"}) {
                if (wrong != "a b"s || list != "subscribe.deny.0"s) {
                    CPPUNIT_ASSERT(startProblem(userWith({{list, wrong}})) != "started");
                }
            }
        }
        assertProblem("subject \"a..b\" is not a valid subject",
                      {{"default_permissions.publish.allow.0", "a..b"}});
        for (const char* right : {"a", ">", "*", "a.*.>", "*.*", "a.b*", "a.>b", "_INBOX.>"}) {
            CPPUNIT_ASSERT_MESSAGE(right, auth::permissions::isPattern(right));
        }
    }

    void wrongResponsesAreRefused() {
        assertProblem("allow_responses is true, false or a map",
                      userWith({{"allow_responses", "maybe"}}));
        assertProblem("max of allow_responses is a number",
                      userWith({{"allow_responses.max", "few"}}));
        assertProblem("expires of allow_responses is a duration",
                      userWith({{"allow_responses.expires", "soon"}}));
        // CFG-42: as 5m without quotes.
        assertProblem("minutes need quotes", userWith({{"allow_responses.expires", "5000000"}}));
        assertProblem("minutes need quotes", userWith({{"allow_responses.expires", "2048"}}));
    }

    // OPT-8
    void durationsAreRead() {
        using auth::permissions::parseDuration;
        const std::vector<std::pair<std::string, std::chrono::milliseconds>> right{
            {"500ms", 500ms},    {"2m", 2min},      {"1.5h", 90min}, {"2h45m", 165min},
            {"1m0.5s", 60500ms}, {"0s", 0ms},       {"0", 0ms},      {"5", 5s},
            {"2.5", 2500ms},     {"-1s", -1s},      {"+3s", 3s},     {".5s", 500ms},
            {"1us", 1ms},        {"1\u00b5s", 1ms}, {"100ns", 1ms},  {"1e+05", 100000s},
            {"5e-04", 1ms}};
        for (const auto& [text, wanted] : right) {
            const auto found = parseDuration(text);
            CPPUNIT_ASSERT_MESSAGE(text, found);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, wanted.count(), found->count());
        }
        for (const char* wrong : {"", "s", "5x", "5 s", "-", "1e3s", "-1e400", "5s5", ".", ".s",
                                  "inf", "nan", "99999999999999999h", "0x5s", "5ms ", "--5s"}) {
            CPPUNIT_ASSERT_MESSAGE(wrong, !parseDuration(wrong));
        }
    }

    void manyWarningsAreShortened() {
        Settings settings;
        for (int i = 0; i < 100; ++i) {
            const std::string key = "users." + std::to_string(i);
            settings.emplace_back(key + ".user", "u" + std::to_string(i));
            settings.emplace_back(key + ".permissions.publish.allow.0", "a");
        }
        AuthRig rig(settings);

        CPPUNIT_ASSERT_EQUAL(std::size_t{20}, warningsIn(rig).size());
        CPPUNIT_ASSERT(rig.log().has("80 more"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PermissionsTest);

}  // namespace gnatsd::tests
