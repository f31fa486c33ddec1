// auth/token: the one shared token.

#include "tests/auth/AuthRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using namespace std::string_literals;

namespace {

constexpr const char* kHash = "$2a$04$u5ZClXpcjHgpfc61Ee0VKuwI1K3vTC4zq7SjphjnlHMeb1Llkb5Y6";
constexpr const char* kHashText = "0uhJOSr3GW7xvHvtd^K6pa";

}  // namespace

class TokenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TokenTest);
    CPPUNIT_TEST(whoKnowsTheTokenGetsIn);
    CPPUNIT_TEST(userAndPasswordDoNotMatterThen);
    CPPUNIT_TEST(theTokenIsNoUserAndNoPassword);
    CPPUNIT_TEST(hashedTokensTakeTheirText);
    CPPUNIT_TEST(contradictionsAreRefused);
    CPPUNIT_TEST(hashesThatNobodyCanCheckAreRefused);
    CPPUNIT_TEST_SUITE_END();

private:
    // AU-10
    void whoKnowsTheTokenGetsIn() {
        AuthRig rig(Settings{{"token", "S3Cr3T0k3n!"}});

        CPPUNIT_ASSERT_EQUAL("accept "s, rig.ask(withToken("S3Cr3T0k3n!")));
        for (const std::string& wrong :
             {"S3Cr3T0k3n"s, "S3Cr3T0k3n!!"s, "s3Cr3T0k3n!"s, " "s, "S3Cr3T0k3n!\0"s}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, "abstain wrong token"s, rig.ask(withToken(wrong)));
        }
        CPPUNIT_ASSERT_EQUAL("abstain no token given"s, rig.ask(withNothing()));
    }

    void userAndPasswordDoNotMatterThen() {
        AuthRig rig(Settings{{"token", "S3Cr3T0k3n!"}});
        sdk::ConnectRequest request = withPassword("someone", "whatever");
        request.token = "S3Cr3T0k3n!";

        CPPUNIT_ASSERT_EQUAL("accept "s, rig.ask(request));
    }

    void theTokenIsNoUserAndNoPassword() {
        AuthRig rig(Settings{{"token", "S3Cr3T0k3n!"}});

        CPPUNIT_ASSERT_EQUAL("abstain no token given"s, rig.ask(withPassword("S3Cr3T0k3n!", "")));
        CPPUNIT_ASSERT_EQUAL("abstain no token given"s, rig.ask(withPassword("", "S3Cr3T0k3n!")));
    }

    // AU-12
    void hashedTokensTakeTheirText() {
        AuthRig rig(Settings{{"token", kHash}});

        CPPUNIT_ASSERT_EQUAL("accept "s, rig.ask(withToken(kHashText)));
        CPPUNIT_ASSERT_EQUAL("abstain wrong token"s, rig.ask(withToken(kHash)));
        CPPUNIT_ASSERT_EQUAL("abstain wrong token"s, rig.ask(withToken("x")));
        CPPUNIT_ASSERT(rig.cost(withToken("x")) == sdk::Cost::slow);
        CPPUNIT_ASSERT(rig.cost(withNothing()) == sdk::Cost::fast);
        CPPUNIT_ASSERT(AuthRig(Settings{{"token", "plain"}}).cost(withToken("x")) ==
                       sdk::Cost::fast);
    }

    // OPT-68
    void contradictionsAreRefused() {
        const auto assertProblem = [](const std::string& wanted, const Settings& settings) {
            const std::string found = startProblem(settings);
            CPPUNIT_ASSERT_MESSAGE(found, found.find(wanted) != std::string::npos);
        };
        assertProblem("Cannot have a user/pass and token", {{"token", "t"}, {"user", "u"}});
        assertProblem("Can not have a token and a users array",
                      {{"token", "t"}, {"users.0.user", "u"}});
        assertProblem("Can not have a token and a users array", {{"token", "t"}, {"users", ""}});
    }

    void hashesThatNobodyCanCheckAreRefused() {
        CPPUNIT_ASSERT_EQUAL(
            "the token is a bcrypt hash, and no plug-in that can check it is "
            "loaded (bcrypt)"s,
            startProblem({{"token", kHash}}, {"token"}));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokenTest);

}  // namespace gnatsd::tests
