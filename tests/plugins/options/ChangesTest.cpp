// What a reload finds changed (section 9 of OPT).

#include "plugins/host/options/Changes.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/options/OptionsFixture.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

using host::OptionChange;

std::vector<OptionChange> between(const std::string& before, const std::string& after) {
    return host::changes(optionsOf(before), optionsOf(after));
}

OptionChange only(const std::string& before, const std::string& after) {
    const auto found = between(before, after);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(after, std::size_t{1}, found.size());
    return found[0];
}

const char* const kTls = "cert_file: c, key_file: k";

}  // namespace

class ChangesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ChangesTest);
    CPPUNIT_TEST(reloadableOptionsHaveTheirLine);
    CPPUNIT_TEST(othersAreRefusedByTheirGoName);
    CPPUNIT_TEST(whatIsTheSameIsNoChange);
    CPPUNIT_TEST(aRandomPortIsNoChange);
    CPPUNIT_TEST(authorizationChangesAreNamedWithoutSecrets);
    CPPUNIT_TEST(clusterAddressesStay);
    CPPUNIT_TEST(settingsOfPluginsMayChange);
    CPPUNIT_TEST(givenFlagsAreAppliedAgain);
    CPPUNIT_TEST(aBrokenFileIsRefusedWithEveryProblem);
    CPPUNIT_TEST_SUITE_END();

    // OPT-210 to OPT-221
    void reloadableOptionsHaveTheirLine() {
        const std::string tls(kTls);
        const std::vector<std::pair<std::string, std::string>> cases{
            {"debug: true", "Reloaded: debug = true"},
            {"trace: true", "Reloaded: trace = true"},
            {"logtime: false", "Reloaded: logtime = false"},
            {"logtime_utc: true", "Reloaded: logtime_utc = true"},
            {"log_file: /x", "Reloaded: log_file = /x"},
            {"syslog: true", "Reloaded: syslog = true"},
            {"remote_syslog: 'udp://h:1'", "Reloaded: remote_syslog = udp://h:1"},
            {"log_format: json", "Reloaded: log_format = json"},
            {"tls { " + tls + " }", "Reloaded: tls = enabled"},
            {"authorization { timeout: 1 }", "Reloaded: authorization timeout = 1"},
            {"max_connections: 5", "Reloaded: max_connections = 5"},
            {"max_payload: 1000", "Reloaded: max_payload = 1000"},
            {"max_control_line: 500", "Reloaded: max_control_line = 500"},
            {"ping_interval: 10s", "Reloaded: ping_interval = 10s"},
            {"ping_max: 5", "Reloaded: ping_max = 5"},
            {"write_deadline: '1m'", "Reloaded: write_deadline = 1m0s"},
            {"pid_file: /x", "Reloaded: pid_file = /x"},
            {"ports_file_dir: /x", "Reloaded: ports_file_dir = /x"},
            {"client_advertise: h", "Reload: client_advertise = h"},
            {"max_traced_msg_len: 5", "Reloaded: max_traced_msg_len = 5"},
            {"connect_error_reports: 5", "Reloaded: connect_error_reports = 5"},
            {"reconnect_error_reports: 5", "Reloaded: reconnect_error_reports = 5"},
            {"server_tags: [a, b]", "Reloaded: server_tags = a b"},
            {"auth_cache: 0", "Reloaded: auth_cache = 0s"},
            {"auth_slow_down: false", "Reloaded: auth_slow_down = false"},
            {"auth_log_accepts: true", "Reloaded: auth_log_accepts = true"},
            {"cluster { name: x }", "Reloaded: cluster"},
            {"cluster { routes: [nats://h:1] }", "Reloaded: cluster routes"}};
        for (const auto& [text, expected] : cases) {
            const OptionChange change = only("", text);
            CPPUNIT_ASSERT_EQUAL(expected, change.text);
            CPPUNIT_ASSERT_MESSAGE(text, change.reloadable);
            CPPUNIT_ASSERT_MESSAGE(
                text, change.oldValue != change.newValue || change.newValue == "[REDACTED]");
        }
        CPPUNIT_ASSERT_EQUAL(std::string("Reloaded: tls = disabled"),
                             only("tls { " + tls + " }", "").text);
        CPPUNIT_ASSERT_EQUAL(std::string("Reloaded: tls timeout = 3"),
                             only("tls { " + tls + " }", "tls { " + tls + ", timeout: 3 }").text);
        CPPUNIT_ASSERT_EQUAL(std::string("Reloaded: 1 pinned_certs"),
                             only("tls { " + tls + " }", "tls { " + tls + ", pinned_certs: ['" +
                                                             std::string(64, 'a') + "'] }")
                                 .text);
        const OptionChange payload = only("max_payload: 2000", "max_payload: 3000");
        CPPUNIT_ASSERT_EQUAL(std::string("max_payload"), payload.name);
        CPPUNIT_ASSERT_EQUAL(std::string("2000"), payload.oldValue);
        CPPUNIT_ASSERT_EQUAL(std::string("3000"), payload.newValue);
    }

    // OPT-202, OPT-222
    void othersAreRefusedByTheirGoName() {
        const std::vector<std::pair<std::string, std::string>> cases{
            {"port: 5222", "Port: old=4222, new=5222"},
            {"host: h", "Host: old=0.0.0.0, new=h"},
            {"server_name: n", "ServerName: old=, new=n"},
            {"http_port: 1", "HTTPPort: old=, new=1"},
            {"max_subs: 5", "MaxSubs: old=0, new=5"},
            {"max_pending: 5000000", "MaxPending: old=67108864, new=5000000"},
            {"lame_duck_duration: '1m'", "LameDuckDuration: old=2m0s, new=1m0s"},
            {"lame_duck_grace_period: 5s", "LameDuckGracePeriod: old=10s, new=5s"},
            {"logfile_size_limit: 5", "LogSizeLimit: old=0, new=5"},
            {"no_header_support: true", "NoHeaderSupport: old=false, new=true"},
            {"allow_non_tls: true", "AllowNonTLS: old=, new=true"},
            {"reactors: 2", "Reactors: old=0, new=2"},
            {"plugins { load: one }", "Plugins: old=, new=one"},
            {"cluster { port: 5 }", "cluster port: old=0, new=5"},
            {"cluster { port: -1, host: h }", "cluster host: old=, new=h"},
            {"ws { port: 1, no_tls: true }", "Websocket: old=[REDACTED], new=[REDACTED]"}};
        for (const auto& [text, expected] : cases) {
            const OptionChange change = only("", text);
            CPPUNIT_ASSERT_EQUAL("config reload not supported for " + expected, change.text);
            CPPUNIT_ASSERT_MESSAGE(text, !change.reloadable);
        }
        const std::string users = "authorization { users: [{user: a}] }";
        CPPUNIT_ASSERT_EQUAL(std::string("config reload not supported for NoAuthUser: old=, new=a"),
                             only(users, users + "\nno_auth_user: a").text);
        CPPUNIT_ASSERT(only(users + "\nno_auth_user: a", users).reloadable);
    }

    void whatIsTheSameIsNoChange() {
        const std::string text =
            "port: 5; http: 1; authorization { users: [{user: a, permissions {pub: x}}] }\n"
            "cluster { port: 1, routes: [nats://h:1] }\ntls { " +
            std::string(kTls) + " }\nplugins { load: one, one { a: [1, {b: 2}] } }";
        CPPUNIT_ASSERT(between(text, "# another line\n" + text).empty());
        CPPUNIT_ASSERT(between("max_payload: 1048576", "").empty());
        CPPUNIT_ASSERT(between("listen: ':4222'", "port: 4222").empty());
    }

    // OPT-230
    void aRandomPortIsNoChange() {
        CPPUNIT_ASSERT(between("port: -1", "port: -1").empty());
        CPPUNIT_ASSERT(between("port: 5222", "port: -1").empty());
        CPPUNIT_ASSERT(between("cluster { port: 5 }", "cluster { port: -1 }").empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, between("port: -1", "port: 5222").size());
    }

    // OPT-213
    void authorizationChangesAreNamedWithoutSecrets() {
        const auto found = between("authorization { user: a, password: Old1 }",
                                   "authorization { user: b, password: New1 }");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.size());
        CPPUNIT_ASSERT_EQUAL(std::string("Reloaded: authorization username"), found[0].text);
        CPPUNIT_ASSERT_EQUAL(std::string("Reloaded: authorization password"), found[1].text);
        CPPUNIT_ASSERT_EQUAL(std::string("[REDACTED]"), found[1].oldValue);
        CPPUNIT_ASSERT_EQUAL(std::string("[REDACTED]"), found[1].newValue);
        CPPUNIT_ASSERT_EQUAL(
            std::string("Reloaded: authorization token"),
            only("authorization { token: Old1 }", "authorization { token: New1 }").text);
        CPPUNIT_ASSERT_EQUAL(std::string("Reloaded: authorization users"),
                             only("authorization { users: [{user: a, password: Old1}] }",
                                  "authorization { users: [{user: a, password: New1}] }")
                                 .text);
        CPPUNIT_ASSERT_EQUAL(std::string("Reloaded: accounts"),
                             only("", "accounts { A { users: [{user: a}] } }").text);
    }

    void clusterAddressesStay() {
        const auto found =
            between("cluster { listen: 'h:1', name: a }", "cluster { listen: 'g:2', name: b }");
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, found.size());
        CPPUNIT_ASSERT(!found[0].reloadable && !found[1].reloadable && found[2].reloadable);
    }

    void settingsOfPluginsMayChange() {
        const OptionChange change = only("plugins { load: '/p/libone.so', one { a: 1 } }",
                                         "plugins { load: '/p/libone.so', one { a: 2 } }");
        CPPUNIT_ASSERT_EQUAL(std::string("plugins.one"), change.name);
        CPPUNIT_ASSERT(change.reloadable);
    }

    // OPT-201
    void givenFlagsAreAppliedAgain() {
        const TempFolder folder;
        const std::string file = folder.file("a.conf");
        writeFile(file, "port: 1; debug: true\nmax_payload: 1000");
        host::Options running = optionsOf("", {"-D=false", "-p", "7"});
        running.configFile = file;
        running.executable = "/bin/x";

        const host::Options again = host::readAgain(running);

        CPPUNIT_ASSERT(!again.debug);
        CPPUNIT_ASSERT_EQUAL(7, again.port);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, again.limits.maxPayload);
        CPPUNIT_ASSERT_EQUAL(std::string("/bin/x"), again.executable);
        CPPUNIT_ASSERT_EQUAL(file, again.configFile);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, again.flags.size());
    }

    // OPT-200, OPT-201
    void aBrokenFileIsRefusedWithEveryProblem() {
        const auto refusal = [](const host::Options& running) {
            try {
                (void)host::readAgain(running);
            } catch (const Poco::Exception& error) {
                return error.message();
            }
            return std::string("nothing was thrown");
        };
        const TempFolder folder;
        host::Options running;
        CPPUNIT_ASSERT_EQUAL(std::string("can only reload config when a file is provided using -c "
                                         "or --config"),
                             refusal(running));
        running.configFile = folder.file("a.conf");
        writeFile(running.configFile, "foo: 1\nport: x");
        CPPUNIT_ASSERT_EQUAL(running.configFile + ":1:0: unknown field \"foo\"\n" +
                                 running.configFile +
                                 ":2:1: expected an integer for \"port\", got a string",
                             refusal(running));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ChangesTest);

}  // namespace gnatsd::tests
