// Syslog, local and remote, against receivers in this process.

#include "plugins/host/HostError.h"
#include "plugins/host/log/SinkFactory.h"
#include "plugins/host/log/SyslogSink.h"
#include "tests/plugins/log/LogFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <regex>
#include <string>
#include <unistd.h>
#include <vector>

namespace gnatsd::tests {

using host::HostError;
using host::localSyslog;
using host::Logger;
using host::LogSettings;
using host::SyslogSink;
using kernel::Level;
using Kind = SyslogReceiver::Kind;

class SyslogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SyslogTest);
    CPPUNIT_TEST(aLocalLineHasPriorityTimeAndTag);
    CPPUNIT_TEST(everyLevelHasItsPriority);
    CPPUNIT_TEST(aLocalStreamIsTakenToo);
    CPPUNIT_TEST(theFirstPathThatAnswersIsUsed);
    CPPUNIT_TEST(linesWaitForALocalSyslogThatRestarts);
    CPPUNIT_TEST(aDatagramHasTheRemoteForm);
    CPPUNIT_TEST(aStreamHasTheRemoteForm);
    CPPUNIT_TEST(aUnixUrlHasTheLocalForm);
    CPPUNIT_TEST(controlCharactersDoNotReachSyslog);
    CPPUNIT_TEST(linesWaitForARemoteSyslogThatRestarts);
    CPPUNIT_TEST(aMissingUdpSyslogDoesNotMatter);
    CPPUNIT_TEST(aLineTooLongForADatagramIsCut);
    CPPUNIT_TEST(anAbsentSyslogDoesNotHoldUpTheEnd);
    CPPUNIT_TEST(whoCannotBeReachedIsAnErrorAtTheStart);
    CPPUNIT_TEST_SUITE_END();

    static std::unique_ptr<Logger> local(const std::vector<std::string>& paths) {
        return std::make_unique<Logger>(
            std::make_unique<SyslogSink>(localSyslog(paths), "/usr/sbin/gnatsd"));
    }

    static std::unique_ptr<Logger> remote(const std::string& url) {
        LogSettings settings;
        settings.remoteSyslog = url;
        settings.syslog = true;  // OPT-50: the remote one goes before
        return std::make_unique<Logger>(settings, "/usr/sbin/gnatsd");
    }

    static std::string tag() { return " gnatsd[" + std::to_string(::getpid()) + "]: "; }

    static void expectForm(const std::string& form, const std::vector<std::string>& lines,
                           const std::string& text) {
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lines.size());
        const std::string end = tag() + text + "\n";
        CPPUNIT_ASSERT_MESSAGE(lines[0], lines[0].ends_with(end));
        const std::string start = lines[0].substr(0, lines[0].size() - end.size());
        CPPUNIT_ASSERT_MESSAGE(start, std::regex_match(start, std::regex(form)));
    }

    static constexpr const char* kLocalTime =
        "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 1-3][0-9] [0-9:]{8}";

    static std::string remoteForm() {
        std::string host(300, '\0');
        ::gethostname(host.data(), host.size() - 1);
        host.resize(host.find('\0'));
        return R"(<5>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d) )" + host;
    }

    void aLocalLineHasPriorityTimeAndTag() {  // LOG-41, OPT-33
        TempFolder folder;
        SyslogReceiver receiver(Kind::unixDatagram, folder.file("log"));

        local({folder.file("log")})->write(Level::info, "Server is ready");

        expectForm("<29>" + std::string(kLocalTime), receiver.receive(1), "Server is ready");
    }

    void everyLevelHasItsPriority() {  // LOG-40
        TempFolder folder;
        SyslogReceiver receiver(Kind::unixDatagram, folder.file("log"));
        {
            const auto log = local({folder.file("log")});
            log->setDebug(true);
            log->setTrace(true);
            for (const Level level : {Level::info, Level::trace, Level::warning, Level::error,
                                      Level::fatal, Level::debug}) {
                log->write(level, "x");
            }
        }

        std::string priorities;
        for (const std::string& line : receiver.receive(6)) {
            priorities += line.substr(0, 4);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("<29><29><28><27><26><31>"), priorities);
    }

    void aLocalStreamIsTakenToo() {  // LOG-41
        TempFolder folder;
        SyslogReceiver receiver(Kind::unixStream, folder.file("log"));

        local({folder.file("log")})->write(Level::info, "a");

        expectForm("<29>" + std::string(kLocalTime), receiver.receive(1), "a");
    }

    void theFirstPathThatAnswersIsUsed() {  // LOG-41
        TempFolder folder;
        SyslogReceiver receiver(Kind::unixDatagram, folder.file("two"));

        local({folder.file("one"), folder.file("two")})->write(Level::info, "a");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receiver.receive(1).size());
    }

    void linesWaitForALocalSyslogThatRestarts() {
        TempFolder folder;
        auto receiver = std::make_unique<SyslogReceiver>(Kind::unixDatagram, folder.file("log"));
        const auto log = local({folder.file("log")});
        log->write(Level::info, "a");
        CPPUNIT_ASSERT(log->flush());
        receiver.reset();
        log->write(Level::info, "b");
        log->write(Level::info, "c");
        receiver = std::make_unique<SyslogReceiver>(Kind::unixDatagram, folder.file("log"));

        const std::vector<std::string> lines = receiver->receive(2);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, lines.size());
        CPPUNIT_ASSERT(lines[0].ends_with(": b\n"));
        CPPUNIT_ASSERT(lines[1].ends_with(": c\n"));
    }

    void aDatagramHasTheRemoteForm() {  // LOG-42, OPT-34
        SyslogReceiver receiver(Kind::udp);

        remote(receiver.url())->write(Level::info, "Server is ready");

        expectForm(remoteForm(), receiver.receive(1), "Server is ready");
    }

    void aStreamHasTheRemoteForm() {  // LOG-42
        SyslogReceiver receiver(Kind::tcp);
        {
            const auto log = remote(receiver.url());
            log->write(Level::info, "a");
            log->write(Level::info, "b");
        }

        expectForm(remoteForm(), receiver.receive(1), "a");
        expectForm(remoteForm(), receiver.receive(1), "b");
    }

    void aUnixUrlHasTheLocalForm() {  // LOG-42
        for (const Kind kind : {Kind::unixDatagram, Kind::unixStream}) {
            TempFolder folder;
            SyslogReceiver receiver(kind, folder.file("log"));

            remote(receiver.url())->write(Level::info, "a");

            expectForm("<5>" + std::string(kLocalTime), receiver.receive(1), "a");
        }
    }

    void controlCharactersDoNotReachSyslog() {  // LOG-52
        SyslogReceiver receiver(Kind::tcp);

        remote(receiver.url())->write(Level::info, "a\n<0>b\r\x1b");

        expectForm(remoteForm(), receiver.receive(1), "a\\n<0>b\\r\\x1b");
    }

    void linesWaitForARemoteSyslogThatRestarts() {
        auto receiver = std::make_unique<SyslogReceiver>(Kind::tcp);
        const std::uint16_t port = receiver->port();
        const auto log = remote(receiver->url());
        log->write(Level::info, "a");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receiver->receive(1).size());
        receiver.reset();
        const auto start = std::chrono::steady_clock::now();
        log->write(Level::info, "b");
        log->write(Level::info, "c");
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500));
        receiver = std::make_unique<SyslogReceiver>(Kind::tcp, "", port);

        const std::vector<std::string> lines = receiver->receive(2);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, lines.size());
        CPPUNIT_ASSERT(lines[0].ends_with(": b\n"));
        CPPUNIT_ASSERT(lines[1].ends_with(": c\n"));
    }

    void aMissingUdpSyslogDoesNotMatter() {
        auto receiver = std::make_unique<SyslogReceiver>(Kind::udp);
        const std::uint16_t port = receiver->port();
        const auto log = remote(receiver->url());
        receiver.reset();
        for (int line = 0; line < 20; ++line) {
            log->write(Level::info, "into the void");
            CPPUNIT_ASSERT(log->flush());
        }
        receiver = std::make_unique<SyslogReceiver>(Kind::udp, "", port);

        log->write(Level::info, "back");

        expectForm(remoteForm(), receiver->receive(1), "back");
    }

    void aLineTooLongForADatagramIsCut() {
        SyslogReceiver receiver(Kind::udp);
        {
            const auto log = remote(receiver.url());
            log->write(Level::info, std::string(200'000, 'x'));
            std::string accents;
            for (int i = 0; i < 100'000; ++i) {
                accents += "\xc3\xa9";
            }
            log->write(Level::info, accents);
        }

        for (const char* last : {"x", "\xc3\xa9"}) {
            const std::vector<std::string> lines = receiver.receive(1);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lines.size());
            CPPUNIT_ASSERT(lines[0].size() > 20'000);
            CPPUNIT_ASSERT(lines[0].ends_with(std::string(last) + "...[cut]\n"));
        }
    }

    void anAbsentSyslogDoesNotHoldUpTheEnd() {
        auto receiver = std::make_unique<SyslogReceiver>(Kind::tcp);
        auto log = remote(receiver->url());
        log->write(Level::info, "a");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, receiver->receive(1).size());
        receiver.reset();
        log->write(Level::info, "b");
        const auto start = std::chrono::steady_clock::now();
        log.reset();

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - start <
                       Logger::kPatience + std::chrono::seconds(1));
    }

    void whoCannotBeReachedIsAnErrorAtTheStart() {  // LOG-42, CLI-71, CLI-72
        auto receiver = std::make_unique<SyslogReceiver>(Kind::tcp);
        const std::string gone = receiver->url();
        receiver.reset();
        const std::string dial = "error connecting to syslog: \"dial ";
        const std::pair<std::string, std::string> cases[] = {
            {"http://h:1", "error invalid network type: \"http\""},
            {"localhost", "error invalid network type: \"\""},
            {"udp://127.0.0.1", dial + "udp: address 127.0.0.1: missing port in address\""},
            {"udp://[::1]", dial + "udp: address [::1]: missing port in address\""},
            {"tcp://u:s3cret@127.0.0.1/x",
             dial + "tcp: address 127.0.0.1: missing port in address\""},
            {gone, dial + "tcp " + gone.substr(6) + ": connect: connection refused\""},
            {"unix:///no/such/log",
             dial + "unix /no/such/log: connect: no such file or directory\""},
            {"unix://" + std::string(200, 'x'),
             dial + "unix " + std::string(200, 'x') + ": file name too long\""}};
        for (const auto& [url, text] : cases) {
            try {
                remote(url);
                CPPUNIT_FAIL(url);
            } catch (const HostError& error) {
                CPPUNIT_ASSERT_EQUAL(text, error.message());
            }
        }
        try {
            local({"/no/such/log"});
            CPPUNIT_FAIL("local");
        } catch (const HostError& error) {
            CPPUNIT_ASSERT_EQUAL(
                std::string("error connecting to syslog: \"Unix syslog delivery error\""),
                error.message());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SyslogTest);

}  // namespace gnatsd::tests
