// Bearer tokens (plugins/oidc) in a running server: which are taken, and which are not.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/samples/Connect.h"
#include "tests/plugins/samples/Oidc.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

constexpr const char* kRs256 = R"({"alg":"RS256","kid":"r1"})";

std::string connectWithJwt(const std::string& token) {
    return connectWith(R"(,"jwt":")" + token + "\"");
}

struct Case {
    std::string name;
    std::string token;
    std::string reason;  // in the log
};

std::string claimsWithout(const std::string& claim) {
    std::string text = R"({"sub":"ann")";
    text += claim == "iss" ? "" : R"(,"iss":"https://login.test/")";
    text += claim == "aud" ? "" : R"(,"aud":"nats")";
    text += claim == "exp" ? "" : R"(,"exp":)" + std::to_string(secondsFromNow(3600));
    return text + "}";
}

std::string claimsWith(const std::string& issuer, const std::string& audience,
                       const std::string& expires, const std::string& more = {}) {
    return R"({"sub":"ann","iss":)" + issuer + R"(,"aud":)" + audience + R"(,"exp":)" + expires +
           more + "}";
}

}  // namespace

class OidcServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OidcServerTest);
    CPPUNIT_TEST(aTokenOfTheIssuerLetsIn);
    CPPUNIT_TEST(numbersWithLeadingZerosAreSignatures);
    CPPUNIT_TEST(audiencesMayBeLists);
    CPPUNIT_TEST(clocksMayDiffer);
    CPPUNIT_TEST(forgedTokensAreRefused);
    CPPUNIT_TEST(tokensForOthersAreRefused);
    CPPUNIT_TEST(everyChangedLetterIsNoticed);
    CPPUNIT_TEST(algorithmsMayBeFewer);
    CPPUNIT_TEST(otherSecretsAreLeftToOthers);
    CPPUNIT_TEST(tokensAreNeverLogged);
    CPPUNIT_TEST_SUITE_END();

private:
    void aTokenOfTheIssuerLetsIn() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config());

        for (const std::string& token :
             {issuer.rs256(claimsOf("ann")), issuer.es256(claimsOf("bob"))}) {
            CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithJwt(token)));
            CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithToken(token)));
            CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("anything", token)));
        }
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith("")));
    }

    void numbersWithLeadingZerosAreSignatures() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config());
        // About one in 256.
        const auto tokenWhere = [&](std::size_t at) {
            for (int i = 0; i < 20'000; ++i) {
                const std::string text = base64Url(R"({"alg":"ES256","kid":"e1"})") + "." +
                                         base64Url(claimsOf("ann", ",\"n\":" + std::to_string(i)));
                const std::string signature = issuer.ec().sign(text);
                if (signature[at] == '\0') {
                    return text + "." + base64Url(signature);
                }
            }
            return std::string();
        };

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithJwt(tokenWhere(0))));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithJwt(tokenWhere(32))));
    }

    void audiencesMayBeLists() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config("audience: [nats, mqtt]"));
        const std::string hour = std::to_string(secondsFromNow(3600));
        const auto talk = [&](const std::string& audience) {
            return server.talk(connectWithJwt(
                issuer.es256(claimsWith("\"https://login.test/\"", audience, hour))));
        };

        CPPUNIT_ASSERT_EQUAL(pong(), talk(R"("mqtt")"));
        CPPUNIT_ASSERT_EQUAL(pong(), talk(R"(["web","nats"])"));
        CPPUNIT_ASSERT_EQUAL(violation(), talk(R"(["web","nat"])"));
        CPPUNIT_ASSERT_EQUAL(violation(), talk("[]"));
        CPPUNIT_ASSERT_EQUAL(violation(), talk(R"({"nats":true})"));
    }

    void clocksMayDiffer() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config("skew: 60s"));
        const auto talk = [&](long long expires, long long begins) {
            return server.talk(connectWithJwt(
                issuer.es256(claimsWith("\"https://login.test/\"", "\"nats\"",
                                        std::to_string(secondsFromNow(expires)) + ".5",
                                        ",\"nbf\":" + std::to_string(secondsFromNow(begins))))));
        };

        CPPUNIT_ASSERT_EQUAL(pong(), talk(-30, -60));
        CPPUNIT_ASSERT_EQUAL(pong(), talk(3600, 30));
        CPPUNIT_ASSERT_EQUAL(violation(), talk(-90, -120));
        CPPUNIT_ASSERT_EQUAL(violation(), talk(3600, 90));
    }

    void refuses(const OidcIssuer& issuer, const std::vector<Case>& cases) {
        for (const Case& one : cases) {
            AuthServer server(issuer.config());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one.name, violation(),
                                         server.talk(connectWithJwt(one.token)));
            const std::string log = server.stop();
            CPPUNIT_ASSERT_MESSAGE(one.name + ": " + log,
                                   log.find(one.reason) != std::string::npos);
        }
    }

    void forgedTokensAreRefused() {
        const OidcIssuer issuer;
        const std::string claims = claimsOf("ann");
        const std::string good = issuer.rs256(claims);
        const std::string signature = good.substr(good.rfind('.'));
        const std::string hs256 =
            base64Url(R"({"alg":"HS256","kid":"r1"})") + "." + base64Url(claims);
        const auto unsignedToken = [&](const std::string& name) {
            return base64Url("{\"alg\":\"" + name + "\"}") + "." + base64Url(claims) + ".";
        };
        refuses(
            issuer,
            {{"none", unsignedToken("none"), "algorithm 'none' is not allowed"},
             {"None", unsignedToken("None"), "is not allowed"},
             {"no algorithm name", unsignedToken(""), "algorithm '' is not allowed"},
             {"none with a signature",
              base64Url(R"({"alg":"none"})") + "." + base64Url(claims) + signature,
              "is not allowed"},
             {"HS256 with the public key",
              hs256 + "." + base64Url(hmac256(issuer.rsa().publicText(), hs256)),
              "algorithm 'HS256' is not allowed"},
             {"RS512", issuer.rsa().token(R"({"alg":"RS512","kid":"r1"})", claims),
              "is not allowed"},
             {"no signature", good.substr(0, good.rfind('.') + 1), "wrong signature"},
             {"another's claims", base64Url(kRs256) + "." + base64Url(claimsOf("eve")) + signature,
              "wrong signature"},
             {"another key", SigningKey::rsa().token(kRs256, claims), "wrong signature"},
             {"a key of another kind", issuer.ec().token(kRs256, claims), "wrong signature"},
             {"the algorithm of another key",
              issuer.rsa().token(R"({"alg":"ES256","kid":"r1"})", claims),
              "another algorithm than that of key"},
             {"unknown key", issuer.rsa().token(R"({"alg":"RS256","kid":"r9"})", claims),
              "unknown key 'r9'"},
             {"extensions",
              issuer.rsa().token(R"({"alg":"RS256","kid":"r1","crit":["b64"]})", claims),
              "demands extensions"}});
    }

    void tokensForOthersAreRefused() {
        const OidcIssuer issuer;
        const std::string us = "\"https://login.test/\"";
        const std::string hour = std::to_string(secondsFromNow(3600));
        const std::string past = std::to_string(secondsFromNow(-3600));
        const auto signedCase = [&](const std::string& name, const std::string& claims,
                                    const std::string& reason) {
            return Case{name, issuer.es256(claims), reason};
        };
        refuses(
            issuer,
            {signedCase("expired", claimsWith(us, "\"nats\"", past), "has expired"),
             signedCase("never expires", claimsWithout("exp"), "never expires"),
             signedCase("expires some time", claimsWith(us, "\"nats\"", "\"" + hour + "\""),
                        "exp is no time"),
             signedCase("too early", claimsWith(us, "\"nats\"", hour, ",\"nbf\":" + hour),
                        "not valid yet"),
             signedCase("another audience", claimsWith(us, "\"web\"", hour), "another audience"),
             signedCase("no audience", claimsWithout("aud"), "no audience"),
             signedCase("another issuer", claimsWith("\"https://evil/\"", "\"nats\"", hour),
                        "another issuer"),
             signedCase("no issuer", claimsWithout("iss"), "another issuer"),
             signedCase("nobody", claimsOf(""), "no text as claim sub"),
             signedCase("no claims", "[]", "wrong signature")});
    }

    void everyChangedLetterIsNoticed() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config());
        const std::string good = issuer.es256(claimsOf("ann"));

        for (std::size_t i = 0; i < good.size(); i += 7) {
            std::string bad = good;
            // Not the neighbour: the lowest bits of a last letter may mean nothing.
            bad[i] = bad[i] == '.' ? '.' : bad[i] < 'a' ? 'z' : 'A';
            if (bad != good) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(i), violation(),
                                             server.talk(connectWithJwt(bad)));
            }
        }
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithJwt(good)));
    }

    void algorithmsMayBeFewer() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config("algorithms: [ES256]"));

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithJwt(issuer.es256(claimsOf("ann")))));
        CPPUNIT_ASSERT_EQUAL(violation(),
                             server.talk(connectWithJwt(issuer.rs256(claimsOf("ann")))));
    }

    void otherSecretsAreLeftToOthers() {
        const OidcIssuer issuer;
        AuthServer server(
            issuer.config("", "authorization { users: [{user: ann, password: \"ab.cd.ef\"}] }\n"));

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("ann", "ab.cd.ef")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("ann", "ab.cd.eg")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectWithJwt(issuer.rs256(claimsOf("bob")))));
    }

    void tokensAreNeverLogged() {
        const OidcIssuer issuer;
        AuthServer server(issuer.config(), {"-DV"});
        const std::string good = issuer.rs256(claimsOf("ann"));
        const std::string bad = issuer.rs256(claimsWithout("aud"));

        for (const std::string& token : {good, bad}) {
            server.talk(connectWithJwt(token));
            server.talk(connectWithToken(token));
            server.talk(connectAs("ann", token));
        }

        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("no audience") != std::string::npos);
        for (const std::string& token : {good, bad}) {
            const std::string claims = token.substr(token.find('.') + 1, 20);
            const std::string signature = token.substr(token.rfind('.') + 1, 20);
            CPPUNIT_ASSERT_MESSAGE(log, log.find(claims) == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(log, log.find(signature) == std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OidcServerTest);

}  // namespace gnatsd::tests
