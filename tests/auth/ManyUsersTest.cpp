// A file with 100,000 users: it loads in time, and asking for one costs the same as with few.

#include "auth/userpass/Users.h"
#include "plugins/host/options/LoadOptions.h"
#include "plugins/host/options/PluginBlocks.h"
#include "tests/auth/AuthRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace gnatsd::tests {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kMany = 100'000;

double secondsSince(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

/// The block that plug-ins get of a file with so many users.
host::ConfigPtr configWith(int users) {
    const TempFolder folder;
    const std::string file = folder.file("users.conf");
    std::string text = "authorization { users = [\n";
    for (int i = 0; i < users; ++i) {
        const std::string number = std::to_string(i);
        text += "{user: user-" + number + ", password: password-" + number + "}\n";
    }
    writeFile(file, text + "] }\n");
    const host::LoadedOptions loaded = host::loadOptions(file, {}, [](auto&&...) { return true; });
    CPPUNIT_ASSERT_EQUAL(std::string(), loaded.report());
    return host::options::pluginBlocks(loaded.options).at("authorization");
}

/// Nanoseconds for one name, of those that exist and those that do not.
double lookupTime(const auth::userpass::Users& users, int count) {
    constexpr int kRounds = 200'000;
    std::size_t found = 0;
    const auto start = SteadyClock::now();
    for (int i = 0; i < kRounds; ++i) {
        const std::string name = "user-" + std::to_string(i * 7919LL % (2 * count));
        found += users.find(name) != nullptr ? 1 : 0;
    }
    const double seconds = secondsSince(start);
    CPPUNIT_ASSERT(found > kRounds / 3);
    CPPUNIT_ASSERT(found < kRounds);
    return seconds * 1e9 / kRounds;
}

}  // namespace

class ManyUsersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ManyUsersTest);
    CPPUNIT_TEST(loadAndLookup);
    CPPUNIT_TEST_SUITE_END();

private:
    void loadAndLookup() {
        const host::ConfigPtr config = configWith(kMany);
        const auto start = SteadyClock::now();
        const auto many = auth::userpass::Users::read(*config);
        const double loading = secondsSince(start);
        const auto few = auth::userpass::Users::read(*configWith(10));

        const double withFew = lookupTime(*few, 10);
        const double withMany = lookupTime(*many, kMany);
        std::printf("  %d users: read in %.2f s; one of them found in %.0f ns, one of 10 in %.0f\n",
                    kMany, loading, withMany, withFew);

        CPPUNIT_ASSERT(many->find("user-99999") != nullptr);
        CPPUNIT_ASSERT(many->find("user-99999")->password.equals("password-99999"));
        CPPUNIT_ASSERT(many->find("user-100000") == nullptr);
        // Wide of the mark on purpose: a search through the list would take a thousand times more.
        CPPUNIT_ASSERT(withMany < 100 * withFew + 20'000);
        CPPUNIT_ASSERT(loading < 60);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ManyUsersTest);

}  // namespace gnatsd::tests
