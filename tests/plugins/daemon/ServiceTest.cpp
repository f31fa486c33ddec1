// The running program as a service of systemd's Type=notify.

#include "tests/plugins/daemon/NotifyReceiver.h"
#include "tests/plugins/daemon/RunningServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <string>
#include <unistd.h>

namespace gnatsd::tests {

class ServiceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServiceTest);
    CPPUNIT_TEST(startReloadAndStopAreTold);
    CPPUNIT_TEST(aFailedStartNeverSaysReady);
    CPPUNIT_TEST(lameDuckModeIsAStatus);
    CPPUNIT_TEST(signsOfLifeComeAgainAndAgain);
    CPPUNIT_TEST(withoutWatchdogNoSignsOfLifeCome);
    CPPUNIT_TEST(aManagerThatIsGoneIsAWarning);
    CPPUNIT_TEST_SUITE_END();

private:
    void startReloadAndStopAreTold() {
        const std::string name = "@gnatsd-service-test-" + std::to_string(::getpid());
        NotifyReceiver receiver(name);
        Program program(localWith({}), {"NOTIFY_SOCKET=" + name});
        const std::string ready = receiver.next();
        waitUntilReady(program);

        CPPUNIT_ASSERT_EQUAL("READY=1\nMAINPID=" + std::to_string(program.pid()) +
                                 "\nSTATUS=Serving clients on 127.0.0.1:" +
                                 std::to_string(portIn(program.errors())) + "\n",
                             ready);
        program.signal(SIGHUP);
        CPPUNIT_ASSERT(receiver.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
        CPPUNIT_ASSERT_EQUAL(ready, receiver.next());
        program.signal(SIGTERM);
        CPPUNIT_ASSERT(receiver.next().starts_with("STOPPING=1\n"));
        assertEnds(program, 0);
    }

    void aFailedStartNeverSaysReady() {
        NotifyReceiver receiver(folder_.file("notify"));
        Program program(localWith({"-P", folder_.file("none/pid")}),
                        {"NOTIFY_SOCKET=" + folder_.file("notify")});

        assertEnds(program, 1);
        CPPUNIT_ASSERT_EQUAL(std::string(), receiver.next(std::chrono::milliseconds(0)));
    }

    void lameDuckModeIsAStatus() {
        NotifyReceiver receiver(folder_.file("notify"));
        Program program(localWith({}), {"NOTIFY_SOCKET=" + folder_.file("notify")});
        CPPUNIT_ASSERT(!receiver.nextWith("READY=1").empty());
        program.signal(SIGUSR2);

        CPPUNIT_ASSERT(receiver.next().starts_with("STATUS=Lame duck mode"));
        CPPUNIT_ASSERT(receiver.next().starts_with("STOPPING=1\n"));
        assertEnds(program, 0);
    }

    void signsOfLifeComeAgainAndAgain() {
        NotifyReceiver receiver(folder_.file("notify"));
        Program program(localWith({}),
                        {"NOTIFY_SOCKET=" + folder_.file("notify"), "WATCHDOG_USEC=100000"});
        CPPUNIT_ASSERT(receiver.next().starts_with("READY=1\n"));
        const auto begin = std::chrono::steady_clock::now();

        constexpr int kSigns = 6;
        for (int i = 0; i < kSigns; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("WATCHDOG=1\n"), receiver.next());
        }
        // The first comes at once, the others are half a watchdog's time apart, not closer.
        const auto time = std::chrono::steady_clock::now() - begin;
        CPPUNIT_ASSERT(time >= std::chrono::milliseconds(50) * (kSigns - 1) * 3 / 4);
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    void withoutWatchdogNoSignsOfLifeCome() {
        NotifyReceiver receiver(folder_.file("notify"));
        Program program(localWith({}), {"NOTIFY_SOCKET=" + folder_.file("notify"),
                                        "WATCHDOG_USEC=100000", "WATCHDOG_PID=1"});
        CPPUNIT_ASSERT(receiver.next().starts_with("READY=1\n"));

        CPPUNIT_ASSERT_EQUAL(std::string(), receiver.next(std::chrono::milliseconds(150)));
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    void aManagerThatIsGoneIsAWarning() {
        Program program(localWith({}), {"NOTIFY_SOCKET=" + folder_.file("none")});
        assertLogged(program,
                     "[WRN] The service manager cannot be told: no such file or directory\n");
        waitUntilReady(program);
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServiceTest);

}  // namespace gnatsd::tests
