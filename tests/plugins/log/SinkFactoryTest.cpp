// Which log the settings choose.

#include "plugins/host/HostError.h"
#include "plugins/host/log/ConsoleSink.h"
#include "plugins/host/log/FileSink.h"
#include "plugins/host/log/SinkFactory.h"
#include "plugins/host/log/SyslogSink.h"
#include "tests/plugins/log/LogFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <regex>
#include <string>

namespace gnatsd::tests {

using host::LogSettings;
using host::makeSink;

class SinkFactoryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SinkFactoryTest);
    CPPUNIT_TEST(aFileGoesBeforeSyslogBeforeTheConsole);
    CPPUNIT_TEST(jsonIsRefusedForSyslog);
    CPPUNIT_TEST(errorsAtTheStartHaveTheTimeInFront);
    CPPUNIT_TEST_SUITE_END();

    template <class Sink>
    static bool makes(const LogSettings& settings) {
        const auto sink = makeSink(settings, "gnatsd");
        return dynamic_cast<const Sink*>(sink.get()) != nullptr;
    }

    void aFileGoesBeforeSyslogBeforeTheConsole() {  // OPT-50, LOG-44
        TempFolder folder;
        const SyslogReceiver receiver(SyslogReceiver::Kind::udp);
        LogSettings settings;
        CPPUNIT_ASSERT(makes<host::ConsoleSink>(settings));
        settings.remoteSyslog = receiver.url();
        CPPUNIT_ASSERT(makes<host::SyslogSink>(settings));
        settings.syslog = true;
        CPPUNIT_ASSERT(makes<host::SyslogSink>(settings));
        settings.file = folder.file("log");
        CPPUNIT_ASSERT(makes<host::FileSink>(settings));
    }

    void jsonIsRefusedForSyslog() {
        LogSettings settings;
        settings.format = host::LogFormat::json;
        CPPUNIT_ASSERT(makes<host::ConsoleSink>(settings));
        settings.syslog = true;
        CPPUNIT_ASSERT_THROW(makeSink(settings, "gnatsd"), host::HostError);
        settings.file = "/dev/null";
        CPPUNIT_ASSERT(makes<host::FileSink>(settings));
    }

    void errorsAtTheStartHaveTheTimeInFront() {  // LOG-20, CLI-70
        const std::string line = host::startErrorLine("error opening file: open X: REASON");
        const std::regex form(
            R"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d error opening file: open X: REASON)");
        CPPUNIT_ASSERT_MESSAGE(line, std::regex_match(line, form));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SinkFactoryTest);

}  // namespace gnatsd::tests
