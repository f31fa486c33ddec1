// Bearer tokens (plugins/oidc) in a running server: what claims mean, keys that change, settings.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/samples/Connect.h"
#include "tests/plugins/samples/Oidc.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

constexpr const char* kRoles = R"(roles_claim: "realm_access.roles"
    roles: [
      {role: "sensor", permissions {publish: "data.>", subscribe: []}}
      {role: "a.viewer", permissions {publish: {deny: "data.secret", allow: "cmd.*"},
                                      subscribe: "data.>"}}
    ])";

std::string connectWithJwt(const std::string& token) {
    return connectWith(R"(,"jwt":")" + token + "\"");
}

std::string keysOf(const std::string& list) {
    return "{\"keys\":[" + list + "]}";
}

}  // namespace

class OidcRulesServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OidcRulesServerTest);
    CPPUNIT_TEST(rolesBecomePermissions);
    CPPUNIT_TEST(aClaimMayHoldPermissions);
    CPPUNIT_TEST(aClaimMayNameTheAccount);
    CPPUNIT_TEST(rotatedKeysCount);
    CPPUNIT_TEST(aBrokenFileChangesNothing);
    CPPUNIT_TEST(keysThatCannotBeReadRefuseWithoutBlame);
    CPPUNIT_TEST(aSessionEndsWithItsToken);
    CPPUNIT_TEST(aReloadClosesThoseOfKeysThatAreGone);
    CPPUNIT_TEST(wrongKeysAreRefused);
    CPPUNIT_TEST(wrongSettingsAreRefused);
    CPPUNIT_TEST_SUITE_END();

private:
    void rolesBecomePermissions() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config(kRoles));
        const auto withRoles = [&](const std::string& roles) {
            return connectWithJwt(
                issuer.es256(claimsOf("ann", R"(,"realm_access":{"roles":)" + roles + "}")));
        };

        AuthTalk sensor(server, withRoles(R"(["sensor","unheard-of"])"));
        sensor.ask(publishTo("data.secret"), "");
        sensor.ask(publishTo("cmd.go"), noPublish("cmd.go"));
        sensor.ask("SUB data.1 1\r\n", noSubscribe("data.1"));
        AuthTalk both(server, withRoles(R"(["a.viewer","sensor"])"));
        both.ask(publishTo("cmd.go"), "");
        both.ask(publishTo("data.1"), "");
        both.ask(publishTo("data.secret"), noPublish("data.secret"));
        both.ask("SUB data.1 1\r\n", "");

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(withRoles(R"(["unheard-of"])")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(withRoles("[]")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(withRoles("7")));
        CPPUNIT_ASSERT_EQUAL(violation(),
                             server.talk(connectWithJwt(issuer.es256(claimsOf("ann")))));
        CPPUNIT_ASSERT(server.waitForLog("none of the roles that may connect"));
    }

    void aClaimMayHoldPermissions() {
        const OidcIssuer issuer;
        AuthServer server(
            issuer.config("permissions_claim: \"https://nats.test/rules\", "
                          "user_claim: email"));
        const auto withRules = [&](const std::string& rules) {
            return connectWithJwt(issuer.rs256(
                claimsOf("1234", R"(,"email":"ann@test","https://nats.test/rules":)" + rules)));
        };

        AuthTalk talk(server, withRules(R"({"publish":["a"],"subscribe":{"deny":["b"]}})"));
        talk.ask(publishTo("a"), "");
        talk.ask(publishTo("b"), noPublish("b"));
        talk.ask("SUB b 1\r\n", noSubscribe("b"));
        talk.ask("SUB c 2\r\n", "");

        for (const std::string wrong : {R"({"publish":["a..b"]})", R"({"pub":["a"]})", "true",
                                        R"({"publish":[1]})", "\"all\""}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, violation(), server.talk(withRules(wrong)));
        }
        CPPUNIT_ASSERT_EQUAL(
            violation(),
            server.talk(connectWithJwt(issuer.rs256(claimsOf("1", R"(,"email":"ann@test")")))));
    }

    void aClaimMayNameTheAccount() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config("account_claim: tenant"));
        const auto of = [&](const std::string& tenant) {
            return connectWithJwt(issuer.es256(claimsOf("ann", R"(,"tenant":")" + tenant + "\"")));
        };

        AuthTalk listener(server, of("red"));
        listener.ask("SUB news 1\r\n", "");
        AuthTalk other(server, of("blue"));
        other.ask("PUB news 5\r\nother\r\n", "");
        AuthTalk same(server, of("red"));
        same.ask("PUB news 4\r\nsame\r\n", "");

        listener.ask("", "MSG news 1 4\r\nsame\r\n");
        CPPUNIT_ASSERT_EQUAL(violation(),
                             server.talk(connectWithJwt(issuer.es256(claimsOf("ann")))));
    }

    void rotatedKeysCount() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config());
        const SigningKey next = SigningKey::ec();
        const std::string before = connectWithJwt(issuer.rs256(claimsOf("ann")));
        const std::string after =
            connectWithJwt(next.token(R"({"alg":"ES256","kid":"e2"})", claimsOf("ann")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(before));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(after));

        issuer.publish(keysOf(issuer.rsa().jwk("r1") + "," + next.jwk("e2")));
        CPPUNIT_ASSERT(waitFor([&] { return server.talk(after) == pong(); }));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(before));

        issuer.publish(keysOf(next.jwk("")));
        CPPUNIT_ASSERT(waitFor([&] { return server.talk(before) == violation(); }));
        // Its key has no name any more, and is the only one.
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(after));
        CPPUNIT_ASSERT_EQUAL(
            pong(), server.talk(connectWithJwt(next.token(R"({"alg":"ES256"})", claimsOf("b")))));
    }

    void aBrokenFileChangesNothing() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config());
        const std::string connect = connectWithJwt(issuer.rs256(claimsOf("ann")));
        const auto keepsAfter = [&](const std::string& text, const std::string& problem) {
            issuer.publish(text);
            CPPUNIT_ASSERT_MESSAGE(problem, server.waitForLog(problem));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(problem, pong(), server.talk(connect));
        };

        keepsAfter("{\"keys\":[", "is no JSON object; the keys of before stay");
        keepsAfter("{}", "has no list \"keys\"; the keys of before stay");
        keepsAfter(keysOf(""), "has no key for RS256 or ES256; the keys of before stay");
        std::filesystem::remove(issuer.file());
        CPPUNIT_ASSERT(server.waitForLog("cannot be read"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connect));

        issuer.publish(issuer.jwks());
        CPPUNIT_ASSERT(server.waitForLog("has changed: 2 keys"));
    }

    void keysThatCannotBeReadRefuseWithoutBlame() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config());
        const SigningKey next = SigningKey::ec();
        const std::string connect =
            connectWithJwt(next.token(R"({"alg":"ES256","kid":"e2"})", claimsOf("ann")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connect));
        CPPUNIT_ASSERT(server.waitForLog("Reason \"unknown key 'e2' (oidc, "));

        std::filesystem::remove(issuer.file());
        CPPUNIT_ASSERT(server.waitForLog("[WRN] oidc: "));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connect));
        CPPUNIT_ASSERT(server.waitForLog(
            "Reason \"unavailable: unknown key 'e2', and the key file is unusable (oidc, "));

        issuer.publish(keysOf(next.jwk("e2")));
        CPPUNIT_ASSERT(waitFor([&] { return server.talk(connect) == pong(); }));
    }

    // CP-205
    void aSessionEndsWithItsToken() {
        const OidcIssuer issuer;
        const std::string config = issuer.config("skew: 0");
        AuthServer server(config, {"-D"});
        const std::string connect = connectWithJwt(
            issuer.es256(R"({"iss":"https://login.test/","aud":"nats","sub":"ann","exp":)" +
                         std::to_string(secondsFromNow(3)) + "}"));
        AuthTalk longLived(server, connectWithJwt(issuer.es256(claimsOf("bob"))));
        AuthTalk talk(server, connect);
        server.reload(config);
        CPPUNIT_ASSERT_EQUAL(pong(), talk.answer("PING\r\n"));

        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'User Authentication Expired'\r\n"),
                             talk.answer(""));
        CPPUNIT_ASSERT(server.waitForLog("Client connection closed: Authentication Expired"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connect));
        CPPUNIT_ASSERT_EQUAL(pong(), longLived.answer("PING\r\n"));
    }

    // OPT-213
    void aReloadClosesThoseOfKeysThatAreGone() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config());
        AuthTalk rsa(server, connectWithJwt(issuer.rs256(claimsOf("ann"))));
        AuthTalk ec(server, connectWithJwt(issuer.es256(claimsOf("bob"))));
        issuer.publish(keysOf(issuer.rsa().jwk("r1")));

        server.reload(issuer.config());

        CPPUNIT_ASSERT_EQUAL(violation(), ec.answer(""));
        CPPUNIT_ASSERT_EQUAL(pong(), rsa.answer("PING\r\n"));
    }

    void wrongKeysAreRefused() {
        const OidcIssuer issuer;
        const std::string good = issuer.rsa().jwk("r1");
        std::string offCurve = issuer.ec().jwk("e1");
        const std::size_t y = offCurve.find("\"y\":\"") + 5;
        offCurve[y + 5] = offCurve[y + 5] == 'A' ? 'B' : 'A';
        const std::vector<std::pair<std::string, std::string>> wrong{
            {keysOf(good + "," + SigningKey::rsa(1024).jwk("small")), "shorter than 2048 bits"},
            {keysOf(good + "," + issuer.ec().jwk("r1")), "two keys of one kid"},
            {keysOf(good + "," + offCurve), "no valid EC key"},
            {keysOf(good + R"(,{"kty":"RSA","n":"!!","e":"AQAB"})"), "n of a key"},
            {keysOf(good + R"(,{"kty":"EC","crv":"P-256","x":"AA","y":"AA"})"),
             "another length than 32 bytes"},
            {keysOf(good + ",7"), "no object"},
            {keysOf(SigningKey::rsa().jwk("r", R"(,"use":"enc")")), "no key for RS256"},
            {"[]", "JSON object"}};
        for (const auto& [text, problem] : wrong) {
            issuer.publish(text);
            const std::string errors = AuthServer::startErrors(issuer.config());
            CPPUNIT_ASSERT_MESSAGE(text + "\n" + errors, errors.find(problem) != std::string::npos);
        }
    }

    void wrongSettingsAreRefused() {
        const OidcIssuer issuer;
        const std::string file = "jwks_file: \"" + issuer.file() + "\", ";
        const std::vector<std::pair<std::string, std::string>> wrong{
            {"issuer: a, audience: b", "jwks_file is missing"},
            {file + "audience: b", "issuer is missing"},
            {file + "issuer: a", "audience is missing"},
            {file + "issuer: a, audience: []", "audience is missing"},
            {file + "issuer: a, audience: b, algorithms: [HS256]", "RS256 and ES256"},
            {file + "issuer: a, audience: b, skew: 1h", "at most 10m"},
            {file + "issuer: a, audience: b, skew: 1m", "minutes need quotes"},
            {file + "issuer: a, audience: b, check_interval: 0", "at least 10ms"},
            {file + "issuer: a, audience: b, roles: [{role: x}]", "role x: permissions"},
            {file + "issuer: a, audience: b, roles: [{permissions {publish: a}}]", "no name"},
            {file + "issuer: a, audience: b, roles: [{role: x, permissions {pub: a}}]",
             "no part 'pub'"},
            {file + "issuer: a, audience: b, roles: []", "roles is a list"},
            {"issuer: a, audience: b, jwks_file: \"/none.json\"", "cannot be read"}};
        for (const auto& [settings, problem] : wrong) {
            const std::string errors =
                AuthServer::startErrors("plugins { load: [oidc], oidc { " + settings + " } }");
            CPPUNIT_ASSERT_MESSAGE(settings + "\n" + errors,
                                   errors.find(problem) != std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OidcRulesServerTest);

}  // namespace gnatsd::tests
