// Every top-level option: its type, its names, what it sets (sections 1, 2 and 6 of OPT).

#include "tests/plugins/options/OptionsFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

using host::Options;
using std::chrono::milliseconds;

/// `key: value` must make `holds` true, and a value of another type must not be taken.
struct Case {
    Words names;        // every spelling
    std::string value;  // as the file has it
    std::string wrong;  // of a wrong type
    std::string wanted;
    std::function<bool(const Options&)> holds;
};

const char* const kInteger = "an integer";
const char* const kBoolean = "a boolean";
const char* const kString = "a string";
const char* const kDuration = "a duration such as \"2m\"";

std::vector<Case> fileAndAddressCases() {
    return {
        {{"port"}, "5222", "\"5222\"", kInteger, [](auto& o) { return o.port == 5222; }},
        {{"host", "net"},
         "'127.0.0.1'",
         "5",
         kString,
         [](auto& o) { return !o.listen.empty() && o.listen[0].host == "127.0.0.1"; }},
        {{"pid_file", "pidfile"}, "/p", "true", kString, [](auto& o) { return o.pidFile == "/p"; }},
        {{"ports_file_dir"}, "/d", "5", kString, [](auto& o) { return o.portsFileDir == "/d"; }},
        {{"server_name"}, "n1", "1.5", kString, [](auto& o) { return o.serverName == "n1"; }},
        {{"client_advertise"},
         "\"h:4333\"",
         "4333",
         kString,
         [](auto& o) { return o.clientAdvertise == "h:4333"; }},
        {{"no_header_support"}, "yes", "1", kBoolean, [](auto& o) { return o.noHeaderSupport; }},
        {{"reactors"}, "3", "3.0", kInteger, [](auto& o) { return o.reactors == 3; }},
        {{"max_closed_clients"},
         "7",
         "a",
         kInteger,
         [](auto& o) { return o.maxClosedClients == 7; }},
        {{"connect_error_reports"},
         "8",
         "[]",
         kInteger,
         [](auto& o) { return o.connectErrorReports == 8; }},
        {{"reconnect_error_reports"},
         "9",
         "{}",
         kInteger,
         [](auto& o) { return o.reconnectErrorReports == 9; }},
        {{"server_tags"},
         "[a, b]",
         "5",
         "a string or an array of strings",
         [](auto& o) {
             return o.tags == Words{"a", "b"};
         }},
        {{"lame_duck_duration"},
         "45s",
         "45",
         kDuration,
         [](auto& o) { return o.lameDuckDuration == milliseconds(45000); }},
        {{"lame_duck_grace_period"},
         "\"1.5s\"",
         "true",
         kDuration,
         [](auto& o) { return o.lameDuckGracePeriod == milliseconds(1500); }},
        {{"auth_cache"},
         "\"1m\"",
         "true",
         kDuration,
         [](auto& o) { return o.authCache == milliseconds(60000); }},
        {{"auth_slow_down"}, "false", "1", kBoolean, [](auto& o) { return !o.authSlowDown; }},
        {{"auth_log_accepts"}, "true", "1", kBoolean, [](auto& o) { return o.authLogAccepts; }},
    };
}

std::vector<Case> logCases() {
    return {
        {{"debug"}, "true", "1", kBoolean, [](auto& o) { return o.debug && !o.trace; }},
        {{"trace"}, "on", "\"true\"", kBoolean, [](auto& o) { return o.trace && !o.debug; }},
        {{"trace_verbose"},
         "true",
         "x",
         kBoolean,
         [](auto& o) { return o.traceVerbose && o.trace; }},
        {{"logtime"}, "false", "0", kBoolean, [](auto& o) { return !o.log.time; }},
        {{"logtime_utc"}, "true", "0", kBoolean, [](auto& o) { return o.log.utc; }},
        {{"log_file", "logfile"}, "/l", "5", kString, [](auto& o) { return o.log.file == "/l"; }},
        {{"syslog"}, "true", "udp", kBoolean, [](auto& o) { return o.log.syslog; }},
        {{"remote_syslog"},
         "udp://h:514",
         "514",
         kString,
         [](auto& o) { return o.log.remoteSyslog == "udp://h:514"; }},
        {{"logfile_size_limit", "log_size_limit"},
         "10mb",
         "\"10mb\"",
         kInteger,
         [](auto& o) { return o.log.sizeLimit == 10 * 1024 * 1024; }},
        {{"logfile_max_num", "log_max_num"},
         "4",
         "4.0",
         kInteger,
         [](auto& o) { return o.log.maxFiles == 4; }},
        {{"max_traced_msg_len"},
         "5",
         "5.5",
         kInteger,
         [](auto& o) { return o.limits.maxTracedMessage == 5; }},
        {{"log_format"},
         "json",
         "1",
         kString,
         [](auto& o) { return o.log.format == host::LogFormat::json; }},
    };
}

std::vector<Case> limitCases() {
    return {
        {{"max_control_line"},
         "512",
         "\"512\"",
         kInteger,
         [](auto& o) { return o.limits.maxControlLine == 512; }},
        {{"max_payload"},
         "64KB",
         "1.0",
         kInteger,
         [](auto& o) { return o.limits.maxPayload == 65536; }},
        {{"max_pending", "max_pending_size"},
         "10000000",
         "true",
         kInteger,
         [](auto& o) { return o.limits.maxPending == 10000000; }},
        {{"max_connections", "max_conn"},
         "100",
         "a",
         kInteger,
         [](auto& o) { return o.limits.maxConnections == 100; }},
        {{"max_subscriptions", "max_subs"},
         "6",
         "a",
         kInteger,
         [](auto& o) { return o.limits.maxSubscriptions == 6; }},
        {{"max_sub_tokens", "max_subscription_tokens"},
         "16",
         "a",
         kInteger,
         [](auto& o) { return o.limits.maxSubscriptionTokens == 16; }},
        {{"ping_interval"},
         "\"1m\"",
         "1.5",
         kDuration,
         [](auto& o) { return o.limits.pingInterval == milliseconds(60000); }},
        {{"ping_max"}, "3", "a", kInteger, [](auto& o) { return o.limits.pingMax == 3; }},
        {{"write_deadline"},
         "300ms",
         "false",
         kDuration,
         [](auto& o) { return o.limits.writeDeadline == milliseconds(300); }},
    };
}

std::string upperCase(std::string text) {
    for (char& c : text) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

}  // namespace

class TopOptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TopOptionsTest);
    CPPUNIT_TEST(withoutAFileTheDefaultsHold);
    CPPUNIT_TEST(everyOptionIsReadUnderEveryName);
    CPPUNIT_TEST_SUITE_END();

    void withoutAFileTheDefaultsHold() {
        const Options options = optionsOf("");

        CPPUNIT_ASSERT_EQUAL(4222, options.port);  // OPT-21
        CPPUNIT_ASSERT_EQUAL(std::string("0.0.0.0:4222"),
                             host::effectiveListen(options).at(0).text());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4096}, options.limits.maxControlLine);  // OPT-49
        CPPUNIT_ASSERT_EQUAL(std::size_t{67108864}, options.limits.maxPending);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{65536}, options.limits.maxConnections);
        CPPUNIT_ASSERT(options.log.time && !options.debug && !options.trace);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2000}, std::int64_t{options.limits.authTimeout.count()});
    }

    // OPT-2, OPT-5, and every row of sections 2 and 6.
    void everyOptionIsReadUnderEveryName() {
        std::size_t count = 0;
        for (const auto& cases : {fileAndAddressCases(), logCases(), limitCases()}) {
            for (const Case& item : cases) {
                CPPUNIT_ASSERT_MESSAGE(item.names[0], !item.holds(optionsOf("")));
                for (const std::string& name : item.names) {
                    for (const std::string& spelt : {name, upperCase(name)}) {
                        const std::string line = spelt + ": " + item.value;
                        CPPUNIT_ASSERT_MESSAGE(line, item.holds(optionsOf(line)));
                        const std::string broken = "\n" + spelt + ": " + item.wrong;
                        const std::string error = errorsOf(broken);
                        const std::string begin =
                            "x.conf:2:1: expected " + item.wanted + " for \"" + spelt + "\", got ";
                        CPPUNIT_ASSERT_MESSAGE(error, error.starts_with(begin));
                        ++count;
                    }
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{94}, count);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TopOptionsTest);

}  // namespace gnatsd::tests
