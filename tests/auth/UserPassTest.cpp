// auth/userpass: who gets in by name and password, and which settings are refused.

#include "tests/auth/AuthRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>

namespace gnatsd::tests {

using namespace std::string_literals;

namespace {

constexpr const char* kFoo = "$2a$10$UHR6GhotWhpLsKtVP0/i6.Nh9.fuY73cWjLoJjb2sKT8KISBcUW5q";
constexpr const char* kQuickFoo = "$2a$04$Q.CgCP2Sl9pkcTXEZHazaeMwPaAkSHk7AI51HkyMt5iJQQyUA4qxq";
constexpr const char* kQuickFooText = "IW@$6v(y1(t@fhPDvf!5^%";

const Settings kTwo{{"users.0.user", "alice"},
                    {"users.0.password", "foo"},
                    {"users.1.user", "bob"},
                    {"users.1.password", kQuickFoo}};

Settings with(Settings settings, const Settings& more) {
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

/// The problem is part of the text: the host adds where the setting stands.
void assertProblem(const std::string& wanted, const Settings& settings) {
    const std::string found = startProblem(settings);
    CPPUNIT_ASSERT_MESSAGE("wanted: " + wanted + "\nfound: " + found,
                           found.find(wanted) != std::string::npos);
}

}  // namespace

class UserPassTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UserPassTest);
    CPPUNIT_TEST(theSingleUserGetsInWithItsPassword);
    CPPUNIT_TEST(listedUsersGetInWithTheirPasswords);
    CPPUNIT_TEST(namesAndPasswordsAreComparedLetterByLetter);
    CPPUNIT_TEST(allPrefixesOfBcryptAreHashes);
    CPPUNIT_TEST(aHashIsNotAPassword);
    CPPUNIT_TEST(aUserWithoutPasswordHasTheEmptyOne);
    CPPUNIT_TEST(unknownUsersAreLeftToOthers);
    CPPUNIT_TEST(tokensAreNoPasswords);
    CPPUNIT_TEST(usersOfAccountsGetIntoTheirs);
    CPPUNIT_TEST(clientsWithoutCredentialsAreTheNoAuthUser);
    CPPUNIT_TEST(hashesAreSlowAndPlainPasswordsFast);
    CPPUNIT_TEST(kindsOfConnectionAreChecked);
    CPPUNIT_TEST(limitsComeWithTheAnswer);
    CPPUNIT_TEST(contradictionsAreRefused);
    CPPUNIT_TEST(entriesWithoutNameAreRefused);
    CPPUNIT_TEST(hashesThatNobodyCanCheckAreRefused);
    CPPUNIT_TEST(wrongLimitsAreRefused);
    CPPUNIT_TEST(plainPasswordsAreWarnedOfOnce);
    CPPUNIT_TEST(withoutUsersNobodyNeedsToAuthenticate);
    CPPUNIT_TEST(anEmptyListLetsNobodyIn);
    CPPUNIT_TEST(noSecretGetsIntoLogOrErrors);
    CPPUNIT_TEST_SUITE_END();

private:
    // AU-11
    void theSingleUserGetsInWithItsPassword() {
        AuthRig rig(Settings{{"user", "derek"}, {"password", "T0pS3cr3t"}});

        CPPUNIT_ASSERT_EQUAL("accept derek"s, rig.ask(withPassword("derek", "T0pS3cr3t")));
        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("derek", "no")));
        CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig.ask(withNothing()));
    }

    void listedUsersGetInWithTheirPasswords() {
        AuthRig rig(kTwo);

        CPPUNIT_ASSERT_EQUAL("accept alice"s, rig.ask(withPassword("alice", "foo")));
        CPPUNIT_ASSERT_EQUAL("accept bob"s, rig.ask(withPassword("bob", kQuickFooText)));
        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("alice", "bar")));
        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("bob", "foo")));
        CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig.ask(withPassword("", "foo")));
    }

    void namesAndPasswordsAreComparedLetterByLetter() {
        AuthRig rig(kTwo);

        for (const std::string& password :
             {""s, "f"s, "fo"s, "Foo"s, "foo "s, "foof"s, " foo"s, "foo\0"s, "foo\0x"s}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(password, "reject wrong password"s,
                                         rig.ask(withPassword("alice", password)));
        }
        for (const std::string& user : {"Alice"s, "alice "s, "alic"s, "alice\0"s, "alicee"s}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(user, "abstain unknown user"s,
                                         rig.ask(withPassword(user, "foo")));
        }
    }

    // AU-12, OPT-70
    void allPrefixesOfBcryptAreHashes() {
        for (const char* prefix : {"$2a$", "$2b$", "$2x$", "$2y$"}) {
            const std::string hash = prefix + std::string(kQuickFoo).substr(4);
            AuthRig rig(Settings{{"user", "u"}, {"password", hash}});

            CPPUNIT_ASSERT_EQUAL_MESSAGE(hash, "accept u"s,
                                         rig.ask(withPassword("u", kQuickFooText)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(hash, "reject wrong password"s,
                                         rig.ask(withPassword("u", hash)));
        }
    }

    void aHashIsNotAPassword() {
        AuthRig rig(kTwo);

        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("bob", kQuickFoo)));
    }

    // OPT-69, OPT-76
    void aUserWithoutPasswordHasTheEmptyOne() {
        AuthRig single(Settings{{"user", "derek"}});
        AuthRig listed(Settings{{"users.0.user", "alice"}});

        CPPUNIT_ASSERT_EQUAL("accept derek"s, single.ask(withPassword("derek", "")));
        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, single.ask(withPassword("derek", "x")));
        CPPUNIT_ASSERT_EQUAL("accept alice"s, listed.ask(withPassword("alice", "")));
    }

    void unknownUsersAreLeftToOthers() {
        AuthRig rig(kTwo);

        CPPUNIT_ASSERT_EQUAL("abstain unknown user"s, rig.ask(withPassword("carl", "foo")));
        // The time of an answer must not tell who is listed: there is a hash to check for
        // everybody.
        CPPUNIT_ASSERT(rig.cost(withPassword("carl", "foo")) == sdk::Cost::slow);
    }

    // AU-10
    void tokensAreNoPasswords() {
        AuthRig rig(Settings{{"user", "derek"}, {"password", "T0pS3cr3t"}});

        CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig.ask(withToken("T0pS3cr3t")));
        CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig.ask(withToken("derek")));
    }

    void usersOfAccountsGetIntoTheirs() {
        AuthRig rig(with(kTwo, {{"accounts.0.name", "A"},
                                {"accounts.0.users.0.user", "ann"},
                                {"accounts.0.users.0.password", "a"},
                                {"accounts.1.name", "B"},
                                {"accounts.1.users.0.user", "ben"},
                                {"accounts.1.users.1.user", "bea"},
                                {"accounts.1.users.1.password", "b"}}));

        CPPUNIT_ASSERT_EQUAL("accept ann@A"s, rig.ask(withPassword("ann", "a")));
        CPPUNIT_ASSERT_EQUAL("accept ben@B"s, rig.ask(withPassword("ben", "")));
        CPPUNIT_ASSERT_EQUAL("accept bea@B"s, rig.ask(withPassword("bea", "b")));
        CPPUNIT_ASSERT_EQUAL("accept alice"s, rig.ask(withPassword("alice", "foo")));
        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("ann", "b")));
    }

    // AU-15, OPT-155
    void clientsWithoutCredentialsAreTheNoAuthUser() {
        AuthRig rig(with(kTwo, {{"no_auth_user", "bob"}}));

        CPPUNIT_ASSERT_EQUAL("accept bob"s, rig.ask(withNothing()));
        CPPUNIT_ASSERT(rig.cost(withNothing()) == sdk::Cost::fast);
        CPPUNIT_ASSERT_EQUAL("accept alice"s, rig.ask(withPassword("alice", "foo")));
        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("alice", "x")));
        CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig.ask(withPassword("", "foo")));
        CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig.ask(withToken("foo")));
        sdk::ConnectRequest signedOnly = withNothing();
        signedOnly.signature = "x";
        CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig.ask(signedOnly));
    }

    void hashesAreSlowAndPlainPasswordsFast() {
        AuthRig mixed(kTwo);
        AuthRig plain(Settings{{"users.0.user", "alice"}, {"users.0.password", "foo"}});

        CPPUNIT_ASSERT(mixed.cost(withPassword("alice", "foo")) == sdk::Cost::fast);
        CPPUNIT_ASSERT(mixed.cost(withPassword("bob", "foo")) == sdk::Cost::slow);
        CPPUNIT_ASSERT(mixed.cost(withNothing()) == sdk::Cost::fast);
        CPPUNIT_ASSERT(plain.cost(withPassword("carl", "foo")) == sdk::Cost::fast);
    }

    // OPT-78
    void kindsOfConnectionAreChecked() {
        AuthRig rig(Settings{{"users.0.user", "ws"},
                             {"users.0.allowed_connection_types.0", "websocket"},
                             {"users.1.user", "std"},
                             {"users.1.allowed_connection_types.0", "Standard"},
                             {"users.1.allowed_connection_types.1", "MQTT"}});
        sdk::ConnectRequest overWebsocket = withPassword("ws", "");
        overWebsocket.transport = "ws";

        CPPUNIT_ASSERT_EQUAL("accept ws"s, rig.ask(overWebsocket));
        CPPUNIT_ASSERT_EQUAL("accept std"s, rig.ask(withPassword("std", "")));
        CPPUNIT_ASSERT_EQUAL("reject the user may not come over this kind of connection"s,
                             rig.ask(withPassword("ws", "")));
        assertProblem("invalid connection types [\"X\"]",
                      {{"users.0.user", "a"}, {"users.0.allowed_connection_types.0", "X"}});
    }

    void limitsComeWithTheAnswer() {
        AuthRig rig(Settings{{"users.0.user", "a"},
                             {"users.0.max_connections", "3"},
                             {"users.0.allow_from.0", "10.0.0.0/8"},
                             {"users.0.allow_from.1", "fd00::/8"},
                             {"users.0.no_wildcards", "true"},
                             {"users.0.publish_rate", "100"},
                             {"users.0.publish_burst", "7"},
                             {"users.1.user", "b"}});

        const auto limits = rig.resultOf(withPassword("a", "")).limits;
        CPPUNIT_ASSERT(limits != nullptr);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{3}, limits->maxConnections);
        CPPUNIT_ASSERT(limits->allowFrom == std::vector({"10.0.0.0/8"s, "fd00::/8"s}));
        CPPUNIT_ASSERT(limits->noWildcards);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{100}, limits->publishRate);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{7}, limits->publishBurst);
        CPPUNIT_ASSERT(rig.resultOf(withPassword("b", "")).limits == nullptr);
    }

    // AU-5, OPT-11, OPT-68, OPT-69
    void contradictionsAreRefused() {
        assertProblem("Can not have a single user/pass and a users array",
                      with(kTwo, {{"user", "derek"}, {"password", "x"}}));
        assertProblem("Duplicate user \"alice\" detected", with(kTwo, {{"users.2.user", "alice"}}));
        assertProblem("Duplicate user \"alice\" detected",
                      with(kTwo, {{"accounts.0.name", "A"}, {"accounts.0.users.0.user", "alice"}}));
        assertProblem("a password without a user would let everybody in", {{"password", "x"}});
        assertProblem("no_auth_user: \"zz\" present, but users are not defined",
                      {{"no_auth_user", "zz"}});
        assertProblem(
            "no_auth_user: \"zz\" not present as user in authorization block or "
            "account configuration",
            with(kTwo, {{"no_auth_user", "zz"}}));
    }

    // OPT-76
    void entriesWithoutNameAreRefused() {
        assertProblem("User entry requires a user", {{"users.0.password", "x"}});
        assertProblem("User entry requires a user", with(kTwo, {{"users.2.password", "x"}}));
        assertProblem("User entry requires a user",
                      with(kTwo, {{"users.2.user", ""}, {"users.2.password", "x"}}));
    }

    void hashesThatNobodyCanCheckAreRefused() {
        const std::vector<std::string> withoutBcrypt{"permissions", "nkey", "token", "userpass"};
        CPPUNIT_ASSERT_EQUAL(
            "the password of user \"bob\" is a bcrypt hash, and no plug-in that "
            "can check it is loaded (bcrypt)"s,
            startProblem(kTwo, withoutBcrypt));
        assertProblem("the password of user \"u\" begins like a bcrypt hash but is none",
                      {{"user", "u"}, {"password", std::string(kFoo).substr(0, 59)}});
        assertProblem("the password of user \"u\" begins like a bcrypt hash but is none",
                      {{"user", "u"}, {"password", "$2b$99$" + std::string(kFoo).substr(7)}});
    }

    void wrongLimitsAreRefused() {
        assertProblem("expected a number of 0 or more",
                      {{"users.0.user", "a"}, {"users.0.max_connections", "-1"}});
        assertProblem("expected a number of 0 or more",
                      {{"users.0.user", "a"}, {"users.0.publish_rate", "many"}});
        assertProblem("expected true or false",
                      {{"users.0.user", "a"}, {"users.0.no_wildcards", "1"}});
        assertProblem("allow_from names no address",
                      {{"users.0.user", "a"}, {"users.0.allow_from", ""}});
        for (const char* network :
             {"10.0.0.0/33", "10.0.0", "fd00::/129", "x/8", "10.0.0.0/", "/"}) {
            assertProblem("\"" + std::string(network) + "\" is no address and no network",
                          {{"users.0.user", "a"}, {"users.0.allow_from.0", network}});
        }
    }

    // AU-16, OPT-72
    void plainPasswordsAreWarnedOfOnce() {
        const std::string warning = "Plaintext passwords detected, use nkeys or bcrypt";
        AuthRig plain(with(kTwo, {{"users.2.user", "carl"}, {"users.2.password", "bar"}}));
        AuthRig hashed(Settings{{"users.0.user", "bob"}, {"users.0.password", kFoo}});
        AuthRig token(Settings{{"token", "plain"}});

        const auto lines = plain.log().lines();
        const auto isWarning = [&](const std::string& line) {
            return line.starts_with("W ") && line.ends_with(warning);
        };
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1},
                             std::count_if(lines.begin(), lines.end(), isWarning));
        CPPUNIT_ASSERT(!hashed.log().has(warning));
        CPPUNIT_ASSERT(!token.log().has(warning));
    }

    // AU-7
    void withoutUsersNobodyNeedsToAuthenticate() {
        AuthRig rig(Settings{{"timeout", "1"}});

        CPPUNIT_ASSERT(rig.service<sdk::Authenticator>("userpass") == nullptr);
        CPPUNIT_ASSERT(rig.service<sdk::Authenticator>("token") == nullptr);
        CPPUNIT_ASSERT(rig.service<sdk::Authenticator>("nkey") == nullptr);
    }

    void anEmptyListLetsNobodyIn() {
        AuthRig listed(Settings{{"users", ""}});
        AuthRig account(Settings{{"accounts.0.name", "A"}, {"accounts.0.users", ""}});

        for (AuthRig* rig : {&listed, &account}) {
            CPPUNIT_ASSERT(rig->service<sdk::Authenticator>("userpass") != nullptr);
            CPPUNIT_ASSERT_EQUAL("abstain no user given"s, rig->ask(withNothing()));
            CPPUNIT_ASSERT_EQUAL("abstain unknown user"s, rig->ask(withPassword("a", "")));
        }
    }

    void noSecretGetsIntoLogOrErrors() {
        const Settings wrong[] = {
            {{"password", "hush-hush"}},
            {{"users.0.user", "a"}, {"users.0.password", "hush-hush"}, {"users.1.user", "a"}},
            {{"user", "a"}, {"password", "hush-hush"}, {"users.0.user", "b"}},
            {{"user", "a"}, {"password", "$2a$10$hush-hush"}},
            {{"user", "a"}, {"password", "hush-hush"}, {"token", "hush-hush"}},
        };
        for (const Settings& settings : wrong) {
            const std::string problem = startProblem(settings);
            CPPUNIT_ASSERT(problem != "started");
            CPPUNIT_ASSERT_MESSAGE(problem, problem.find("hush") == std::string::npos);
        }
        AuthRig rig(Settings{{"user", "a"}, {"password", "hush-hush"}});
        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("a", "hush-hus")));
        CPPUNIT_ASSERT(!rig.log().has("hush"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UserPassTest);

}  // namespace gnatsd::tests
