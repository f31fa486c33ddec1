#include "plugins/host/daemon/Notify.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/daemon/NotifyReceiver.h"

#include <Poco/Environment.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <unistd.h>

namespace gnatsd::tests {

using host::Notify;
using host::ServiceManager;
using std::chrono::microseconds;

class NotifyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NotifyTest);
    CPPUNIT_TEST(theStepsOfALifeAreTold);
    CPPUNIT_TEST(aReloadSaysWhenItBegan);
    CPPUNIT_TEST(anAbstractSocketIsReached);
    CPPUNIT_TEST(withoutManagerNothingHappens);
    CPPUNIT_TEST(aMissingSocketIsAWarning);
    CPPUNIT_TEST(anEndlessNameIsAWarning);
    CPPUNIT_TEST(theEnvironmentIsReadAndCleared);
    CPPUNIT_TEST(aWatchdogForAnotherProcessIsNotOurs);
    CPPUNIT_TEST_SUITE_END();

public:
    void tearDown() override { ServiceManager::takeFromEnvironment(); }

private:
    void theStepsOfALifeAreTold() {
        NotifyReceiver receiver(folder_.file("notify"));
        Notify notify({folder_.file("notify"), {}}, log_);

        notify.ready("Serving");
        CPPUNIT_ASSERT_EQUAL(
            "READY=1\nMAINPID=" + std::to_string(::getpid()) + "\nSTATUS=Serving\n",
            receiver.next());
        notify.alive();
        CPPUNIT_ASSERT_EQUAL(std::string("WATCHDOG=1\n"), receiver.next());
        notify.status("Leaving");
        CPPUNIT_ASSERT_EQUAL(std::string("STATUS=Leaving\n"), receiver.next());
        notify.stopping();
        CPPUNIT_ASSERT_EQUAL(std::string("STOPPING=1\nSTATUS=Shutting down\n"), receiver.next());
        CPPUNIT_ASSERT(log_.lines().empty());
    }

    void aReloadSaysWhenItBegan() {
        NotifyReceiver receiver(folder_.file("notify"));
        Notify notify({folder_.file("notify"), {}}, log_);
        const auto before = now();
        notify.reloading();
        const auto after = now();

        const std::string message = receiver.next();
        const std::string beginning = "RELOADING=1\nMONOTONIC_USEC=";
        CPPUNIT_ASSERT_EQUAL(beginning, message.substr(0, beginning.size()));
        const long long time = std::stoll(message.substr(beginning.size()));
        CPPUNIT_ASSERT_MESSAGE(message, before <= time && time <= after);
    }

    void anAbstractSocketIsReached() {
        const std::string name = "@gnatsd-notify-test-" + std::to_string(::getpid());
        NotifyReceiver receiver(name);
        Notify notify({name, {}}, log_);
        notify.alive();

        CPPUNIT_ASSERT_EQUAL(std::string("WATCHDOG=1\n"), receiver.next());
    }

    void withoutManagerNothingHappens() {
        Notify notify({}, log_);
        notify.ready("Serving");
        notify.stopping();

        CPPUNIT_ASSERT(log_.lines().empty());
    }

    void aMissingSocketIsAWarning() {
        const Notify notify({folder_.file("none"), {}}, log_);

        CPPUNIT_ASSERT(log_.has("W The service manager cannot be told: no such file or directory"));
    }

    void anEndlessNameIsAWarning() {
        const Notify notify({"/" + std::string(200, 'x'), {}}, log_);

        CPPUNIT_ASSERT(log_.has("W The service manager cannot be told: file name too long"));
    }

    void theEnvironmentIsReadAndCleared() {
        Poco::Environment::set("NOTIFY_SOCKET", "/run/notify");
        Poco::Environment::set("WATCHDOG_USEC", "30000000");
        Poco::Environment::set("WATCHDOG_PID", std::to_string(::getpid()));
        const ServiceManager manager = ServiceManager::takeFromEnvironment();

        CPPUNIT_ASSERT_EQUAL(std::string("/run/notify"), manager.socket);
        CPPUNIT_ASSERT(microseconds(30'000'000) == manager.watchdog);
        for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
            CPPUNIT_ASSERT_MESSAGE(name, !Poco::Environment::has(name));
        }
    }

    void aWatchdogForAnotherProcessIsNotOurs() {
        Poco::Environment::set("WATCHDOG_USEC", "30000000");
        Poco::Environment::set("WATCHDOG_PID", "1");

        CPPUNIT_ASSERT(microseconds(0) == ServiceManager::takeFromEnvironment().watchdog);
    }

    static long long now() {
        const auto time = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<microseconds>(time).count();
    }

    TempFolder folder_;
    RecordingLog log_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(NotifyTest);

}  // namespace gnatsd::tests
