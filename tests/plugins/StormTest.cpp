// Many bcrypt users reconnect at once: those who are connected and those with cheap credentials
// must not notice, and the second time nobody waits.

#include "tests/plugins/StormClients.h"
#include "tests/plugins/StormServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::tests {

using Micros = StormServer::Micros;

class StormTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StormTest);
    CPPUNIT_TEST(othersDoNotNoticeAndTheSecondTimeIsQuick);
    CPPUNIT_TEST_SUITE_END();

    static constexpr std::size_t kUsers = 300;
    static constexpr int kCost = 8;  // some 14 ms each, four seconds in all

    void othersDoNotNoticeAndTheSecondTimeIsQuick() {
        const StormServer server(GNATSD_PROGRAM,
                                 {.users = kUsers, .cost = kCost, .timeoutSeconds = 30});
        StormClients storm(server.port(), kUsers, StormServer::connectLine);
        std::atomic<bool> isOver{false};
        bool allIn = false;
        std::vector<Micros> echoes;
        std::thread echo([&] { echoes = server.echo([&] { return !isOver.load(); }); });
        const auto before = StormClients::Clock::now();
        std::thread crowd([&] {
            allIn = storm.run(std::chrono::seconds(60));
            isOver = true;
        });
        std::vector<Micros> connects;
        while (!isOver && connects.size() < 200) {
            connects.push_back(server.connectFast());
        }
        const std::size_t insideMeanwhile = storm.inside();
        crowd.join();
        echo.join();
        const auto first = StormClients::Clock::now() - before;

        CPPUNIT_ASSERT_MESSAGE("inside: " + std::to_string(storm.inside()), allIn);
        CPPUNIT_ASSERT_MESSAGE("the storm was over first", insideMeanwhile < kUsers);
        // Behind the storm each would have taken seconds.
        check("connect", connects, std::chrono::milliseconds(500));
        check("echo", echoes, std::chrono::milliseconds(100));

        storm.disconnect();
        const auto again = StormClients::Clock::now();
        CPPUNIT_ASSERT(storm.run(std::chrono::seconds(60)));
        CPPUNIT_ASSERT(StormClients::Clock::now() - again < first / 3);
    }

    static void check(const std::string& what, const std::vector<Micros>& times, Micros limit) {
        CPPUNIT_ASSERT(!times.empty());
        const Micros p99 = percentile(times, 0.99);
        CPPUNIT_ASSERT_MESSAGE(
            what + " p99: " + std::to_string(p99.count()) + "us of " + std::to_string(times.size()),
            p99 < limit);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StormTest);

}  // namespace gnatsd::tests
