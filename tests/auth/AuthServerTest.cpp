// The authenticators in a running server: configuration file, CONNECT, -ERR, permissions, and what
// the log says.

#include "tests/auth/AuthServer.h"
#include "tests/auth/OpensslKey.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using namespace std::string_literals;

namespace {

constexpr const char* kViolation = "-ERR 'Authorization Violation'\r\n";
constexpr const char* kPong = "PONG\r\n";

std::string connectWith(const std::string& fields) {
    return "CONNECT {\"verbose\":false,\"pedantic\":false" + fields + "}\r\nPING\r\n";
}

std::string user(const std::string& name, const std::string& password) {
    return connectWith(R"(,"user":")" + name + R"(","pass":")" + password + "\"");
}

std::string token(const std::string& text) {
    return connectWith(R"(,"auth_token":")" + text + "\"");
}

/// AU-47; also how the two original servers' sample has it, with a template for each role.
const std::string kPermissions = R"(
authorization {
  ADMIN = { publish: ">", subscribe: ">" }
  REQUESTOR = {
    publish: ["req.foo", "req.bar"]
    subscribe: "_INBOX.*"
  }
  DEFAULT_PERMISSIONS = {
    publish: "SANDBOX.*"
    subscribe: ["PUBLIC.>", "_INBOX.>"]
  }
  PASS: $2a$10$UHR6GhotWhpLsKtVP0/i6.Nh9.fuY73cWjLoJjb2sKT8KISBcUW5q

  users = [
    {user: alice, password: foo, permissions: $ADMIN}
    {user: bob,   password: bar, permissions: $REQUESTOR}
    {user: carl,  password: $PASS}
    {user: joe}
  ]
}
)";

}  // namespace

class AuthServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AuthServerTest);
    CPPUNIT_TEST(aTokenLetsIn);
    CPPUNIT_TEST(aHashedTokenLetsIn);
    CPPUNIT_TEST(aSingleUserLetsIn);
    CPPUNIT_TEST(listedUsersAreLetIn);
    CPPUNIT_TEST(theCommandLineNamesAUserOrAToken);
    CPPUNIT_TEST(thePermissionsOfTheSeedsHold);
    CPPUNIT_TEST(nkeysSignTheNonce);
    CPPUNIT_TEST(withoutCredentialsOneIsTheNoAuthUser);
    CPPUNIT_TEST(wrongConfigurationsEndTheStart);
    CPPUNIT_TEST(reloadChangesWhoGetsIn);
    CPPUNIT_TEST(reloadChangesTheWayToGetIn);
    CPPUNIT_TEST(noSecretIsLogged);
    CPPUNIT_TEST_SUITE_END();

private:
    // AU-7, AU-10, AU-14
    void aTokenLetsIn() {
        AuthServer server("authorization { token: S3Cr3T0k3n! }");

        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(token("S3Cr3T0k3n!")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(token("S3Cr3T0k3n")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("S3Cr3T0k3n!", "")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(connectWith("")));
        CPPUNIT_ASSERT(server.info().find("\"auth_required\":true") != std::string::npos);
    }

    // AU-12
    void aHashedTokenLetsIn() {
        AuthServer server(
            "authorization { token: $2a$04$u5ZClXpcjHgpfc61Ee0VKuwI1K3vTC4zq7SjphjnlHMeb1Llkb5Y6 "
            "}");

        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(token("0uhJOSr3GW7xvHvtd^K6pa")));
        CPPUNIT_ASSERT_EQUAL(
            std::string(kViolation),
            server.talk(token("$2a$04$u5ZClXpcjHgpfc61Ee0VKuwI1K3vTC4zq7SjphjnlHMeb1Llkb5Y6")));
    }

    void aSingleUserLetsIn() {
        AuthServer server("authorization { user: derek, password: T0pS3cr3t }");

        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("derek", "T0pS3cr3t")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("derek", "T0pS3cr3")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("Derek", "T0pS3cr3t")));
        CPPUNIT_ASSERT(server.waitForLog("Plaintext passwords detected, use nkeys or bcrypt"));
    }

    void listedUsersAreLetIn() {
        AuthServer server(kPermissions);

        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("alice", "foo")));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("bob", "bar")));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("carl", "foo")));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("joe", "")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("alice", "bar")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("carl", "bar")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("nobody", "foo")));
    }

    // AU-2
    void theCommandLineNamesAUserOrAToken() {
        AuthServer byUser("", {"--user", "derek", "--pass", "T0pS3cr3t"});
        AuthServer byToken("", {"--auth", "tok"});

        CPPUNIT_ASSERT_EQUAL(std::string(kPong), byUser.talk(user("derek", "T0pS3cr3t")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), byUser.talk(user("derek", "x")));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), byToken.talk(token("tok")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), byToken.talk(token("tik")));
    }

    // AU-47
    void thePermissionsOfTheSeedsHold() {
        AuthServer server(kPermissions);
        const auto publish = [](const std::string& subject) {
            return "PUB " + subject + " 2\r\nok\r\n";
        };
        const auto noPublish = [](const std::string& subject) {
            return "-ERR 'Permissions Violation for Publish to \"" + subject + "\"'\r\n";
        };
        const auto noSubscribe = [](const std::string& subject) {
            return "-ERR 'Permissions Violation for Subscription to \"" + subject + "\"'\r\n";
        };
        const std::string nothing;

        AuthTalk alice(server, user("alice", "foo"));
        alice.ask(publish("foo"), nothing);
        alice.ask("SUB foo 1\r\n", nothing);
        alice.ask(publish("_"), nothing);

        AuthTalk bob(server, user("bob", "bar"));
        bob.ask("SUB foo 1\r\n", noSubscribe("foo"));
        bob.ask(publish("foo"), noPublish("foo"));
        bob.ask("SUB _INBOX.abcd 1\r\n", nothing);
        bob.ask(publish("req.foo"), nothing);
        bob.ask(publish("req.bar"), nothing);
        bob.ask("SUB _INBOX.> 2\r\n", noSubscribe("_INBOX.>"));  // AU-37

        AuthTalk joe(server, user("joe", ""));
        joe.ask("SUB foo.bar.* 1\r\n", noSubscribe("foo.bar.*"));
        joe.ask(publish("foo.bar.baz"), noPublish("foo.bar.baz"));
        joe.ask("SUB _INBOX.abcd 1\r\n", nothing);
        joe.ask("SUB PUBLIC.abcd 2\r\n", nothing);
        joe.ask(publish("SANDBOX.foo"), nothing);
        joe.ask(publish("SANDBOX.bar"), nothing);
        joe.ask(publish("SANDBOX.foo.bar"), noPublish("SANDBOX.foo.bar"));
    }

    // AU-82, AU-83
    void nkeysSignTheNonce() {
        const OpensslKey key;
        const OpensslKey other;
        AuthServer server("authorization { users: [ { nkey: " + key.publicText() + " } ] }");
        const auto answer = [&](const OpensslKey& signer) {
            AuthTalk talk(server);
            const std::string nonce = talk.nonce();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(talk.info(), std::size_t{15}, nonce.size());
            return talk.answer(connectWith(R"(,"nkey":")" + key.publicText() + R"(","sig":")" +
                                           signer.sign(nonce) + "\""));
        };

        CPPUNIT_ASSERT_EQUAL(std::string(kPong), answer(key));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), answer(other));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(connectWith("")));
    }

    // AU-15
    void withoutCredentialsOneIsTheNoAuthUser() {
        AuthServer server(
            "no_auth_user: guest\n"
            "authorization { users: [ {user: guest, permissions: {publish: open}}\n"
            "                         {user: bob, password: bar} ] }");

        CPPUNIT_ASSERT(server.info().find("\"auth_required\":true") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk("PING\r\n"));  // CP-114
        AuthTalk guest(server, connectWith(""));
        guest.ask("PUB open 0\r\n\r\n", "");
        guest.ask("PUB shut 0\r\n\r\n", "-ERR 'Permissions Violation for Publish to \"shut\"'\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("bob", "bar")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("bob", "x")));
    }

    void wrongConfigurationsEndTheStart() {
        for (const auto& [text, wanted] : std::vector<std::pair<std::string, std::string>>{
                 {"authorization { user: a, password: b, users: [ {user: c} ] }",
                  "Can not have a single user/pass and a users array"},
                 {"authorization { user: a, password: b, token: t }",
                  "Cannot have a user/pass and token"},
                 {"authorization { users: [ {user: a}, {user: a} ] }",
                  "Duplicate user \"a\" detected"},
                 {"authorization { password: b }", "a password without a user"},
                 {"authorization { user: a, password: $2a$10$tooshort }",
                  "begins like a bcrypt hash but is none"},
                 {"authorization { users: [ {user: a, permissions: {publish: a..b}} ] }",
                  "subject \"a..b\" is not a valid subject"}}) {
            const std::string found = AuthServer::startErrors(text);
            CPPUNIT_ASSERT_MESSAGE(text + "\n" + found, found.find(wanted) != std::string::npos);
        }
    }

    // OPT-213
    void reloadChangesWhoGetsIn() {
        AuthServer server("authorization { users: [ {user: a, password: one} ] }");
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("a", "one")));

        server.reload("authorization { users: [ {user: a, password: two}, {user: b} ] }");

        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("a", "one")));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("a", "two")));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("b", "")));
    }

    // OPT-213: the modules for keys and tokens come and go.
    void reloadChangesTheWayToGetIn() {
        const OpensslKey key;
        const std::string users = "{user: a, password: one}";
        AuthServer server("authorization { users: [ " + users + " ] }");
        const auto sign = [&](AuthTalk& talk) {
            return talk.answer(connectWith(R"(,"nkey":")" + key.publicText() + R"(","sig":")" +
                                           key.sign(talk.nonce()) + "\""));
        };

        server.reload("authorization { users: [ " + users + ", {nkey: " + key.publicText() +
                      "} ] }");
        AuthTalk signer(server);
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), sign(signer));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("a", "one")));

        server.reload("authorization { token: t }");
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(token("t")));
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(user("a", "one")));

        server.reload("authorization { users: [ " + users + " ] }");
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), server.talk(token("t")));
        CPPUNIT_ASSERT_EQUAL(std::string(kPong), server.talk(user("a", "one")));
        AuthTalk late(server);
        CPPUNIT_ASSERT_EQUAL(std::string(kViolation), sign(late));
    }

    void noSecretIsLogged() {
        AuthServer server(
            "authorization { users: [ {user: a, password: hush-plain}\n"
            "  {user: b, password: "
            "$2a$04$u5ZClXpcjHgpfc61Ee0VKuwI1K3vTC4zq7SjphjnlHMeb1Llkb5Y6} ] }",
            {"-DV"});
        server.talk(user("a", "hush-plain"));
        server.talk(user("a", "hush-wrong"));
        server.talk(user("b", "hush-other"));
        server.talk(token("hush-token"));

        const std::string log = server.stop();
        CPPUNIT_ASSERT(log.find("authentication error") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("hush-") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("u5ZClXpc") == std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthServerTest);

}  // namespace gnatsd::tests
