// The authorization block, user entries, permission maps and accounts (section 3 of OPT).

#include "tests/plugins/options/OptionsFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

namespace {

using host::Options;

const char* const kNkey = "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK";  // AU-81

std::string errorsOfUser(const std::string& user) {
    return errorsOf("authorization {\nusers = [\n{" + user + "}\n]\n}");
}

std::string withPermissions(const std::string& permissions) {
    return "authorization { users = [ {user: u, permissions: {" + permissions + "}} ] }";
}

std::string permission(const Options& options, const std::string& path) {
    return setting(options, "authorization.users.0.permissions." + path);
}

}  // namespace

class AuthOptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AuthOptionsTest);
    CPPUNIT_TEST(aSingleUserIsReadUnderEveryName);
    CPPUNIT_TEST(theTimeoutIsANumberOfSeconds);
    CPPUNIT_TEST(waysToSignInExcludeEachOther);
    CPPUNIT_TEST(aPasswordAloneNeverLeavesTheServerOpen);
    CPPUNIT_TEST(emptyNamesAreRefused);
    CPPUNIT_TEST(userEntriesAreReadUnderEveryName);
    CPPUNIT_TEST(wrongUserEntriesAreNamed);
    CPPUNIT_TEST(nkeyUsersHaveNothingElse);
    CPPUNIT_TEST(theNoAuthUserMustExist);
    CPPUNIT_TEST(everyFormOfPermissionsBecomesOne);
    CPPUNIT_TEST(emptyListsAreNotMissingOnes);
    CPPUNIT_TEST(responsesHaveTheirDefaults);
    CPPUNIT_TEST(wrongPermissionsAreNamed);
    CPPUNIT_TEST(accountsAreAList);
    CPPUNIT_TEST(neededPluginsAreNamedOnceEach);
    CPPUNIT_TEST(noErrorShowsASecret);
    CPPUNIT_TEST_SUITE_END();

    // OPT-60 to OPT-62
    void aSingleUserIsReadUnderEveryName() {
        for (const std::string user : {"user", "USERNAME"}) {
            for (const std::string pass : {"pass", "Password"}) {
                const Options options =
                    optionsOf("authorization { " + user + ": a, " + pass + ": b }");
                CPPUNIT_ASSERT_EQUAL(std::string("a"), setting(options, "authorization.user"));
                CPPUNIT_ASSERT_EQUAL(std::string("b"), setting(options, "authorization.password"));
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::string("t"), setting(optionsOf("authorization { token: t }"),
                                                       "authorization.token"));
        assertErrors({"x.conf:1:16: expected a string for \"pass\", got an integer (quote it)"},
                     "authorization { pass: 123, user: a }");
    }

    // OPT-63, OPT-71
    void theTimeoutIsANumberOfSeconds() {
        const auto timeout = [](const std::string& text) {
            return std::int64_t{optionsOf(text).limits.authTimeout.count()};
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1000}, timeout("authorization { user: a, timeout: 1 }"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{500}, timeout("authorization { user: a, timeout: 0.5 }"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2000}, timeout("authorization { user: a, timeout: 0 }"));
        const std::string tls = "tls { cert_file: c, key_file: k";
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3000}, timeout(tls + " }"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2500}, timeout(tls + ", timeout: 1.5 }"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2500}, timeout(tls + ", timeout: 1500ms }"));
        assertErrors({"x.conf:1:25: expected a number of seconds for \"timeout\", got a string"},
                     "authorization { user: a, timeout: '1s' }");
    }

    // OPT-68
    void waysToSignInExcludeEachOther() {
        assertErrors({"x.conf:1:25: Cannot have a user/pass and token"},
                     "authorization { user: a, token: t }");
        assertErrors({"x.conf:1:16: Can not have a single user/pass and a users array"},
                     "authorization { user: a, users: [{user: b}] }");
        assertErrors({"x.conf:1:16: Can not have a token and a users array"},
                     "authorization { token: t, users: [{user: b}] }");
        assertErrors({"x.conf:1:16: Can not have a single user/pass and a users array"},
                     "authorization { pass: a, users: [{user: b}] }");
    }

    // OPT-66, OPT-69
    void aPasswordAloneNeverLeavesTheServerOpen() {
        assertErrors({"x.conf:1:16: a password without a user would leave the server open"},
                     "authorization { password: p }");
        const Options variable =
            optionsOf("authorization { PASS: p, users: [{user: joe, password: $PASS}] }");
        CPPUNIT_ASSERT_EQUAL(std::string("-"), setting(variable, "authorization.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("p"), setting(variable, "authorization.users.0.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), setting(optionsOf("authorization { user: a }"),
                                                       "authorization.password"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             optionsOf("authorization { timeout: 1 }").notices.size());
    }

    void emptyNamesAreRefused() {
        assertErrors({"x.conf:1:16: \"user\" must not be empty"}, "authorization { user: '' }");
        assertErrors({"x.conf:1:16: \"token\" must not be empty"}, "authorization { token: '' }");
        assertErrors({"flag -user: \"user\" must not be empty"}, "", {"--user", ""});
    }

    // OPT-75 to OPT-79
    void userEntriesAreReadUnderEveryName() {
        const Options options = optionsOf(
            "authorization { users = [\n"
            "  {user: a, pass: x, permission: {publish: p}, connection_types: standard}\n"
            "  {USERNAME: b, Password: y, authorization: {sub: s}, clients: [WebSocket]}\n"
            "  {user: c, authroization: {pub: q}, allowed_connection_types: [MQTT]}\n"
            "  {user: d, max_connections: 2, allow_from: '10.0.0.0/8', no_wildcards: true}\n"
            "  {user: e, publish_rate: 10, publish_burst: 20}\n"
            "] }");
        const auto user = [&](const std::string& path) {
            return setting(options, "authorization.users." + path);
        };
        CPPUNIT_ASSERT_EQUAL(std::string("a"), user("0.user"));
        CPPUNIT_ASSERT_EQUAL(std::string("x"), user("0.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("p"), user("0.permissions.publish.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("STANDARD"), user("0.allowed_connection_types"));
        CPPUNIT_ASSERT_EQUAL(std::string("y"), user("1.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("s"), user("1.permissions.subscribe.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("WEBSOCKET"), user("1.allowed_connection_types"));
        CPPUNIT_ASSERT_EQUAL(std::string("q"), user("2.permissions.publish.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), user("2.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), user("3.max_connections"));
        CPPUNIT_ASSERT_EQUAL(std::string("10.0.0.0/8"), user("3.allow_from.0"));
        CPPUNIT_ASSERT_EQUAL(std::string("true"), user("3.no_wildcards"));
        CPPUNIT_ASSERT_EQUAL(std::string("20"), user("4.publish_burst"));
    }

    // OPT-68, OPT-78, OPT-80
    void wrongUserEntriesAreNamed() {
        assertErrors({"x.conf:1:16: expected an array of users for \"users\", got a map"},
                     "authorization { users: {user: a} }");
        assertErrors({"x.conf:2:1: expected user entry to be a map, got a string"},
                     "authorization { users: [\nalice\n] }");
        CPPUNIT_ASSERT_EQUAL(std::string("x.conf:3:1: User entry requires a user\n"),
                             errorsOfUser("password: p"));
        CPPUNIT_ASSERT_EQUAL(std::string("x.conf:3:2: unknown field \"usr\", did you mean "
                                         "\"user\"?\nx.conf:3:1: User entry requires a user\n"),
                             errorsOfUser("usr: a"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("x.conf:3:2: expected a string for \"user\", got an integer (quote it)\n"),
            errorsOfUser("user: 5"));
        CPPUNIT_ASSERT_EQUAL(std::string("x.conf:3:1: Duplicate user \"a\" detected\n"),
                             errorsOf("authorization { users = [\n{user: a}\n{user: a}\n] }"));
        CPPUNIT_ASSERT_EQUAL(std::string("x.conf:3:21: invalid connection types [\"FAX\"]\n"),
                             errorsOfUser("user: a, clients: [FAX]"));
    }

    void nkeyUsersHaveNothingElse() {
        CPPUNIT_ASSERT_EQUAL(std::string(), errorsOfUser(std::string("nkey: ") + kNkey));
        CPPUNIT_ASSERT_EQUAL(
            std::string("x.conf:3:1: Nkey users do not take usernames or passwords\n"),
            errorsOfUser(std::string("user: a, nkey: ") + kNkey));
        CPPUNIT_ASSERT_EQUAL(
            std::string("x.conf:3:1: Nkey users do not take usernames or passwords\n"),
            errorsOfUser(std::string("pass: a, nkey: ") + kNkey));
        CPPUNIT_ASSERT_EQUAL(std::string("x.conf:3:2: Not a valid public nkey for a user\n"),
                             errorsOfUser("nkey: UABC"));
        CPPUNIT_ASSERT_EQUAL(std::string("x.conf:3:2: Not a valid public nkey for a user\n"),
                             errorsOfUser("nkey: ''"));
    }

    // OPT-155, OPT-11
    void theNoAuthUserMustExist() {
        assertErrors({"x.conf:1:0: no_auth_user: \"foo\" present, but users are not defined"},
                     "no_auth_user: foo");
        assertErrors({"x.conf:1:0: no_auth_user: \"foo\" not present as user in authorization "
                      "block or account configuration"},
                     "no_auth_user: foo\nauthorization { users: [{user: bar}] }");
        CPPUNIT_ASSERT_EQUAL(
            std::string("bar"),
            setting(optionsOf("no_auth_user: bar\nauthorization { users: [{user: bar}] }"),
                    "no_auth_user"));
    }

    // OPT-85
    void everyFormOfPermissionsBecomesOne() {
        const Options one = optionsOf(withPermissions("publish: a.*, subscribe: 'b.>'"));
        CPPUNIT_ASSERT_EQUAL(std::string("a.*"), permission(one, "publish.allow.0"));
        CPPUNIT_ASSERT_EQUAL(std::string("b.>"), permission(one, "subscribe.allow.0"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), permission(one, "publish.deny"));

        const Options list = optionsOf(withPermissions("import: [a, b], export: ['c q', d]"));
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), permission(list, "publish.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("c q"), permission(list, "subscribe.allow.0"));

        const Options map =
            optionsOf(withPermissions("pub: {Allow: a, deny: [b, c]}, sub: {deny: d}"));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), permission(map, "publish.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("b c"), permission(map, "publish.deny"));
        CPPUNIT_ASSERT_EQUAL(std::string("d"), permission(map, "subscribe.deny"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), permission(map, "subscribe.allow"));

        for (const std::string name :
             {"default_permission", "DEFAULT_PERMISSIONS", "permissions"}) {
            CPPUNIT_ASSERT_EQUAL(
                std::string("x"),
                setting(optionsOf("authorization { users: [], " + name + " {publish: x} }"),
                        "authorization.default_permissions.publish.allow"));
        }
    }

    // OPT-87
    void emptyListsAreNotMissingOnes() {
        const Options options = optionsOf(withPermissions("publish: [], subscribe: {allow: []}"));
        CPPUNIT_ASSERT_EQUAL(std::string(), permission(options, "publish.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string(), permission(options, "subscribe.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"),
                             permission(optionsOf(withPermissions("publish: a")), "subscribe"));
    }

    void responsesHaveTheirDefaults() {
        const auto responses = [](const std::string& text, const std::string& path) {
            return permission(optionsOf(withPermissions(text)), "allow_responses" + path);
        };
        CPPUNIT_ASSERT_EQUAL(std::string("1"), responses("allow_responses: true", ".max"));
        CPPUNIT_ASSERT_EQUAL(std::string("120"), responses("allow_responses: true", ".expires"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), responses("allow_responses: false", ""));
        for (const std::string name : {"max", "max_msgs", "max_messages", "max_responses"}) {
            CPPUNIT_ASSERT_EQUAL(std::string("-1"),
                                 responses("allow_responses: {" + name + ": -1}", ".max"));
        }
        for (const std::string name : {"expires", "expiration", "ttl"}) {
            CPPUNIT_ASSERT_EQUAL(
                std::string("0.5"),
                responses("publish_allow_responses: {" + name + ": '500ms'}", ".expires"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("1"), responses("allow_responses: {max: 0}", ".max"));
    }

    // OPT-86
    void wrongPermissionsAreNamed() {
        const std::string at = "x.conf:1:";
        const auto error = [](const std::string& text) { return errorsOf(withPermissions(text)); };
        CPPUNIT_ASSERT(
            error("publish: 'a.>.b'").ends_with(": subject \"a.>.b\" is not a valid subject\n"));
        CPPUNIT_ASSERT(
            error("publish: 'a b'").ends_with(": subject \"a b\" is not a valid subject\n"));
        CPPUNIT_ASSERT(error("subscribe: 'a b c'").ends_with("is not a valid subject\n"));
        CPPUNIT_ASSERT(error("subscribe: [a, 5]")
                           .ends_with(": expected a string in \"subscribe\", got an integer\n"));
        CPPUNIT_ASSERT(error("foo: a").ends_with(": unknown field \"foo\"\n"));
        CPPUNIT_ASSERT(error("publish: {foo: a}")
                           .ends_with(": unknown field \"foo\" in subject permissions, only "
                                      "\"allow\" and \"deny\" are permitted\n"));
        CPPUNIT_ASSERT(
            error("allow_responses: 5")
                .ends_with(
                    ": expected a boolean or a map for \"allow_responses\", got an integer\n"));
    }

    void accountsAreAList() {
        const Options options = optionsOf(
            "accounts { A.B { users: [{user: a}], default_permissions {pub: x} }, C {} }");
        CPPUNIT_ASSERT_EQUAL(std::string("A.B"), setting(options, "accounts.0.name"));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), setting(options, "accounts.0.users.0.user"));
        CPPUNIT_ASSERT_EQUAL(std::string("x"),
                             setting(options, "accounts.0.default_permissions.publish.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("C"), setting(options, "accounts.1.name"));

        for (const std::string name : {"imports", "exports", "nkey", "mappings", "limits"}) {
            assertErrors({"x.conf:1:15: \"" + name + "\" is not supported by this server"},
                         "accounts { A { " + name + ": [] } }");
        }
        assertErrors(
            {"x.conf:3:1: Duplicate user \"a\" detected"},
            "authorization { users: [{user: a}] }\naccounts { A { users: [\n{user: a}\n]}}");
    }

    void neededPluginsAreNamedOnceEach() {
        const host::LoadedOptions loaded = loadWith(
            {"token"},
            "authorization { users: [\n{user: a, password: $2a$11$abc}\n{user: b, permissions: "
            "{pub: x}}\n" +
                std::string("{nkey: ") + kNkey + "}\n] }");
        CPPUNIT_ASSERT(
            loaded.errors ==
            (Words{"x.conf:2:2: \"user\" needs the plug-in \"userpass\", which this build does not "
                   "have",
                   "x.conf:2:11: \"password\" needs the plug-in \"bcrypt\", which this build does "
                   "not have",
                   "x.conf:3:11: \"permissions\" needs the plug-in \"permissions\", which this "
                   "build does not have",
                   "x.conf:4:2: \"nkey\" needs the plug-in \"nkey\", which this build does not "
                   "have"}));
        CPPUNIT_ASSERT(loadWith({"token"}, "authorization { token: t }").isGood());
    }

    // OPT-7, LOG-51
    void noErrorShowsASecret() {
        const std::string text =
            "authorization { pass: S3cr3t, token: S3cr3t, users: [{pass: S3cr3t}, {user: a, nkey: "
            "S3cr3t}] }\n"
            "cluster { port: x, routes: [\"nats://u:S3cr3t@h\", \"nats://u:S3cr3t@h:1\", "
            "\"nats://u:S3cr3t@h:1\"], authorization { pass: S3cr3t, token: S3cr3t } }\n"
            "websocket { authorization { pass: S3cr3t, token: S3cr3t } }";
        const host::LoadedOptions loaded = loadText(
            text,
            {"--auth", "S3cr3t", "--routes", "nats://S3cr3t@x", "--cluster", "nats://u:S3cr3t@h"});
        CPPUNIT_ASSERT(loaded.errors.size() > 8);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, loaded.warnings.size());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(loaded.report(), std::string::npos,
                                     loaded.report().find("S3cr3t"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthOptionsTest);

}  // namespace gnatsd::tests
