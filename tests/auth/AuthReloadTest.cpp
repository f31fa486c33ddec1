// Reload of the auth plug-ins: new settings take effect as a whole, or not at all.

#include "plugins/host/HostError.h"
#include "tests/auth/AuthRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <string>
#include <thread>

namespace gnatsd::tests {

using namespace std::string_literals;

namespace {

constexpr const char* kHash = "$2a$04$Q.CgCP2Sl9pkcTXEZHazaeMwPaAkSHk7AI51HkyMt5iJQQyUA4qxq";
constexpr const char* kHashText = "IW@$6v(y1(t@fhPDvf!5^%";
constexpr const char* kKey = "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK";

}  // namespace

class AuthReloadTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AuthReloadTest);
    CPPUNIT_TEST(usersComeAndGo);
    CPPUNIT_TEST(theServiceStaysTheSame);
    CPPUNIT_TEST(methodsComeAndGo);
    CPPUNIT_TEST(rulesChange);
    CPPUNIT_TEST(aRefusedReloadChangesNothing);
    CPPUNIT_TEST(checksGoOnWhileSettingsChange);
    CPPUNIT_TEST_SUITE_END();

private:
    // OPT-213
    void usersComeAndGo() {
        AuthRig rig(
            Settings{{"users.0.user", "a"}, {"users.0.password", "1"}, {"users.1.user", "b"}});

        rig.reload({{"users.0.user", "a"}, {"users.0.password", kHash}, {"users.1.user", "c"}});

        CPPUNIT_ASSERT_EQUAL("reject wrong password"s, rig.ask(withPassword("a", "1")));
        CPPUNIT_ASSERT_EQUAL("accept a"s, rig.ask(withPassword("a", kHashText)));
        CPPUNIT_ASSERT_EQUAL("abstain unknown user"s, rig.ask(withPassword("b", "")));
        CPPUNIT_ASSERT_EQUAL("accept c"s, rig.ask(withPassword("c", "")));
    }

    void theServiceStaysTheSame() {
        AuthRig rig(Settings{{"token", "one"}});
        const auto before = rig.service<sdk::Authenticator>("token");

        rig.reload({{"token", "two"}});

        CPPUNIT_ASSERT(before == rig.service<sdk::Authenticator>("token"));
        CPPUNIT_ASSERT_EQUAL("abstain wrong token"s, rig.ask(withToken("one")));
        CPPUNIT_ASSERT_EQUAL("accept "s, rig.ask(withToken("two")));
    }

    void methodsComeAndGo() {
        AuthRig rig(Settings{{"token", "one"}});

        rig.reload({{"users.0.user", "a"}, {"users.1.nkey", kKey}});
        CPPUNIT_ASSERT(rig.service<sdk::Authenticator>("token") == nullptr);
        CPPUNIT_ASSERT(rig.service<sdk::Authenticator>("nkey") != nullptr);
        CPPUNIT_ASSERT_EQUAL("accept a"s, rig.ask(withPassword("a", "")));

        rig.reload({{"token", "three"}});
        CPPUNIT_ASSERT(rig.service<sdk::Authenticator>("userpass") == nullptr);
        CPPUNIT_ASSERT(rig.service<sdk::Authenticator>("nkey") == nullptr);
        CPPUNIT_ASSERT_EQUAL("accept "s, rig.ask(withToken("three")));
    }

    void rulesChange() {
        AuthRig rig(Settings{{"users.0.user", "a"}});
        CPPUNIT_ASSERT(rig.rules("a") == nullptr);

        rig.reload({{"users.0.user", "a"},
                    {"users.0.permissions.publish.allow.0", "x"},
                    {"users.0.permissions.subscribe.allow.0", "y"}});

        CPPUNIT_ASSERT(rig.rules("a") != nullptr);
        CPPUNIT_ASSERT_EQUAL("x"s, rig.rules("a")->publish.allow->at(0));
    }

    void aRefusedReloadChangesNothing() {
        AuthRig rig(Settings{{"users.0.user", "a"}, {"users.0.password", "1"}});

        const Settings wrong[] = {
            {{"users.0.user", "b"}, {"users.1.user", "b"}},
            {{"users.0.user", "b"}, {"users.0.password", "$2a$10$short"}},
            {{"users.0.user", "b"}, {"users.0.permissions.publish.allow.0", "x..y"}},
            {{"users.0.user", "b"}, {"users.1.nkey", "Ubad"}},
            {{"password", "x"}},
            {{"token", "t"}, {"users.0.user", "b"}},
        };
        for (const Settings& settings : wrong) {
            CPPUNIT_ASSERT_THROW(rig.reload(settings), host::HostError);
        }
        CPPUNIT_ASSERT_EQUAL("accept a"s, rig.ask(withPassword("a", "1")));
        CPPUNIT_ASSERT_EQUAL("abstain unknown user"s, rig.ask(withPassword("b", "")));
        CPPUNIT_ASSERT(rig.rules("b") == nullptr);
    }

    void checksGoOnWhileSettingsChange() {
        const Settings even{{"users.0.user", "x"}, {"users.0.password", "even"}};
        const Settings odd{{"users.0.user", "x"}, {"users.0.password", "odd"}};
        AuthRig rig(even);
        std::atomic<int> strange{0};
        std::atomic<int> asked{0};
        std::jthread asker([&](const std::stop_token& ends) {
            while (!ends.stop_requested()) {
                const std::string first = rig.ask(withPassword("x", "even"));
                const std::string second = rig.ask(withPassword("x", "other"));
                strange += first != "accept x" && first != "reject wrong password" ? 1 : 0;
                strange += second != "reject wrong password" ? 1 : 0;
                ++asked;
            }
        });
        for (int i = 0; i < 50 || (asked < 100 && i < 10'000); ++i) {
            rig.reload(i % 2 == 0 ? odd : even);
        }
        asker.request_stop();
        asker.join();

        CPPUNIT_ASSERT(asked >= 100);
        CPPUNIT_ASSERT_EQUAL(0, strange.load());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuthReloadTest);

}  // namespace gnatsd::tests
