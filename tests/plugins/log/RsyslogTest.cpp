// Our syslog lines as Debian's rsyslog understands them: one of its own, on free ports and a path.

#include "plugins/host/HostError.h"
#include "plugins/host/log/SyslogSink.h"
#include "tests/plugins/Program.h"
#include "tests/plugins/log/LogFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <unistd.h>

namespace gnatsd::tests {

using host::Logger;
using host::LogSettings;
using kernel::Level;

namespace {

/// A port that is free for UDP and for TCP.
std::uint16_t freePort() {
    while (true) {
        const std::uint16_t port = SyslogReceiver(SyslogReceiver::Kind::udp).port();
        try {
            const SyslogReceiver stream(SyslogReceiver::Kind::tcp, "", port);
            return port;
        } catch (const CppUnit::Exception&) {
            continue;
        }
    }
}

/// What comes in, by its way, as PRIORITY|TIME|HOST|TAG|TEXT.
class Rsyslog {
public:
    Rsyslog() : port_(freePort()) {
        const std::string port = "address=\"127.0.0.1\" port=\"" + std::to_string(port_) + "\"";
        writeFile(folder_.file("conf"),
                  "global(workDirectory=\"" + folder_.path().string() +
                      "\" net.enableDNS=\"off\")\n" +
                      R"(module(load="imudp")
module(load="imptcp")
module(load="imuxsock" SysSock.Use="off")
template(name="fields" type="string" string="%pri%|%timereported:::date-rfc3339%|%hostname%)"
                      R"(|%syslogtag%|%msg%\n")
)" + ruleset("udp") + ruleset("tcp") +
                      ruleset("unix") + "input(type=\"imudp\" ruleset=\"udp\" " + port +
                      ")\ninput(type=\"imptcp\" ruleset=\"tcp\" " + port +
                      ")\ninput(type=\"imuxsock\" ruleset=\"unix\" Socket=\"" + socket() + "\")\n");
        start();
    }

    void start() {
        program_ = std::make_unique<Program>(
            std::vector<std::string>{"-n", "-f", folder_.file("conf"), "-i", folder_.file("pid")},
            std::vector<std::string>{}, GNATSD_RSYSLOGD);
        const bool ready = waitFor([this] {
            try {
                const host::SyslogSink stream(host::remoteSyslog(url("tcp")), "probe");
                const host::SyslogSink local(host::localSyslog({socket()}), "probe");
                return true;
            } catch (const host::HostError&) {
                return false;
            }
        });
        CPPUNIT_ASSERT_MESSAGE("rsyslogd does not start", ready);
    }

    void stop() {
        program_->signal(SIGTERM);
        CPPUNIT_ASSERT_EQUAL(0, program_->finish());
    }

    std::string socket() const { return folder_.file("socket"); }
    std::string url(const std::string& scheme) const {
        return scheme + "://127.0.0.1:" + std::to_string(port_);
    }
    std::string received(const std::string& way) const { return readFile(folder_.file(way)); }

private:
    std::string ruleset(const std::string& way) const {
        return "ruleset(name=\"" + way +
               "\") { action(type=\"omfile\" template=\"fields\" file=\"" + folder_.file(way) +
               "\") }\n";
    }

    TempFolder folder_;
    const std::uint16_t port_;
    std::unique_ptr<Program> program_;
};

}  // namespace

class RsyslogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RsyslogTest);
    CPPUNIT_TEST(everyWayArrivesWithItsFields);
    CPPUNIT_TEST(aRestartLosesNothingOfAStreamOrALocalSocket);
    CPPUNIT_TEST_SUITE_END();

    static std::unique_ptr<Logger> log(const Rsyslog& rsyslog, const std::string& way) {
        if (way == "unix") {
            return std::make_unique<Logger>(std::make_unique<host::SyslogSink>(
                host::localSyslog({rsyslog.socket()}), "/usr/bin/gnatsd"));
        }
        LogSettings settings;
        settings.remoteSyslog = rsyslog.url(way);
        return std::make_unique<Logger>(settings, "/usr/bin/gnatsd");
    }

    // LOG-40, LOG-41, LOG-42
    void everyWayArrivesWithItsFields() {
        const Rsyslog rsyslog;
        const std::string middle =
            R"(\|\d{4}-\d\d-\d\dT[0-9:.]{8,}(Z|[+-]\d\d:\d\d)\|[^|]+\|gnatsd\[)" +
            std::to_string(::getpid()) + R"(\]:\| )";
        for (const std::string way : {"udp", "tcp", "unix"}) {
            const auto out = log(rsyslog, way);
            const bool listens = waitFor([&] {
                out->write(Level::warning, "knock");
                return contains(rsyslog.received(way), "knock");
            });
            CPPUNIT_ASSERT_MESSAGE(way, listens);
            out->write(Level::info, "127.0.0.1:5 - cid:1 - caf\xc3\xa9");
            out->write(Level::error, "oops");
            CPPUNIT_ASSERT(waitFor([&] { return contains(rsyslog.received(way), "oops"); }));

            const std::string text = rsyslog.received(way);
            const bool local = way == "unix";
            for (const std::string& line :
                 {(local ? "29" : "5") + middle + "127.0.0.1:5 - cid:1 - caf\xc3\xa9\n",
                  (local ? "27" : "3") + middle + "oops\n",
                  (local ? "28" : "4") + middle + "knock\n"}) {
                CPPUNIT_ASSERT_MESSAGE(text, std::regex_search(text, std::regex(line)));
            }
        }
    }

    void aRestartLosesNothingOfAStreamOrALocalSocket() {
        Rsyslog rsyslog;
        const auto stream = log(rsyslog, "tcp");
        const auto local = log(rsyslog, "unix");
        for (int round = 0; round < 3; ++round) {
            const std::string line = "line " + std::to_string(round);
            const auto arrived = [&](const std::string& way) {
                return [&rsyslog, &line, way] { return contains(rsyslog.received(way), line); };
            };
            if (round > 0) {
                rsyslog.stop();
            }
            stream->write(Level::info, line);
            local->write(Level::info, line);
            if (round > 0) {
                rsyslog.start();
            }
            CPPUNIT_ASSERT_MESSAGE(line, waitFor(arrived("tcp")));
            CPPUNIT_ASSERT_MESSAGE(line, waitFor(arrived("unix")));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RsyslogTest);

}  // namespace gnatsd::tests
