// Every flag, and flags together with a file (sections 2 and 3 of CLI).

#include "plugins/host/CommandLine.h"
#include "tests/plugins/options/OptionsFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <functional>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

using host::Options;

struct Case {
    Words names;
    std::string value;  // empty: a switch
    std::function<bool(const Options&)> holds;
};

std::function<bool(const Options&)> is(const std::string& path, const std::string& expected) {
    return [=](const Options& options) { return setting(options, path) == expected; };
}

std::vector<Case> cases() {
    return {
        {{"a", "addr", "net"}, "::1", [](auto& o) { return o.listen.at(0).host == "::1"; }},
        {{"p", "port"}, "0x10", [](auto& o) { return o.port == 16; }},
        {{"P", "pid"}, "f", [](auto& o) { return o.pidFile == "f"; }},
        {{"m", "http_port"}, "8222", is("http_port", "8222")},
        {{"l", "log"}, "f", [](auto& o) { return o.log.file == "f"; }},
        {{"T=false", "logtime=false"}, "", [](auto& o) { return !o.log.time; }},
        {{"s", "syslog"}, "", [](auto& o) { return o.log.syslog; }},
        {{"r", "remote_syslog"},
         "udp://h:1",
         [](auto& o) { return o.log.remoteSyslog == "udp://h:1"; }},
        {{"D", "debug"}, "", [](auto& o) { return o.debug && !o.trace; }},
        {{"V", "trace"}, "", [](auto& o) { return o.trace && !o.debug; }},
        {{"DV"}, "", [](auto& o) { return o.trace && o.debug && !o.traceVerbose; }},
        {{"VV"}, "", [](auto& o) { return o.trace && !o.debug && o.traceVerbose; }},
        {{"DVV"}, "", [](auto& o) { return o.trace && o.debug && o.traceVerbose; }},
        {{"user"}, "u", is("authorization.user", "u")},
        {{"auth"}, "t", is("authorization.token", "t")},
        {{"no_advertise"}, "", is("cluster.no_advertise", "true")},
        {{"cluster", "cluster_listen"}, "nats://h:6222", is("cluster.port", "6222")},
        {{"cluster_name"}, "c", is("cluster.name", "c")},
        {{"cluster_advertise"}, "h:1", is("cluster.advertise", "h:1")},
        {{"connect_retries"}, "3", is("cluster.connect_retries", "3")},
        {{"n", "name", "server_name"}, "x", [](auto& o) { return o.serverName == "x"; }},
        {{"client_advertise"}, "h", [](auto& o) { return o.clientAdvertise == "h"; }},
        {{"ports_file_dir"}, "d", [](auto& o) { return o.portsFileDir == "d"; }},
        {{"log_size_limit"}, "5", [](auto& o) { return o.log.sizeLimit == 5; }},
        {{"max_traced_msg_len"}, "5", [](auto& o) { return o.limits.maxTracedMessage == 5; }},
        {{"plugin_dir"}, "d", [](auto& o) { return o.pluginDir == "d"; }},
        {{"plugin"}, "one", [](auto& o) { return o.plugins == Words{"one"}; }},
    };
}

const char* const kTls = "tls { cert_file: c, key_file: k }";

}  // namespace

class FlagsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FlagsTest);
    CPPUNIT_TEST(everyFlagWorksInEverySpelling);
    CPPUNIT_TEST(givenFlagsOverrideTheFile);
    CPPUNIT_TEST(flagsNotGivenLeaveTheFile);
    CPPUNIT_TEST(flagsGoThroughTheChecksOfTheFile);
    CPPUNIT_TEST(credentialsOverrideAndExclude);
    CPPUNIT_TEST(tlsFlagsSwitchOnAndOff);
    CPPUNIT_TEST(theClusterFlagReplacesAddressAndCredentials);
    CPPUNIT_TEST(wrongClusterUrlsAreNamed);
    CPPUNIT_TEST(routesReplaceThoseOfTheFile);
    CPPUNIT_TEST(flagsWithoutEffectSaySo);
    CPPUNIT_TEST_SUITE_END();

    // CLI-1, CLI-10 to CLI-29
    void everyFlagWorksInEverySpelling() {
        for (const Case& item : cases()) {
            for (const std::string dashes : {"-", "--"}) {
                for (const std::string& name : item.names) {
                    Words apart{dashes + name};
                    if (!item.value.empty()) {
                        apart.push_back(item.value);
                    }
                    CPPUNIT_ASSERT_MESSAGE(dashes + name, item.holds(optionsOf("", apart)));
                    if (!item.value.empty()) {
                        const std::string joined = dashes + name + "=" + item.value;
                        CPPUNIT_ASSERT_MESSAGE(joined, item.holds(optionsOf("", {joined})));
                    }
                }
            }
        }
        const Words tls{"-ms", "8443", "--tlscert=c", "-tlskey", "k", "--tlscacert", "a"};
        const Options options = optionsOf("", tls);
        CPPUNIT_ASSERT_EQUAL(std::string("8443"), setting(options, "https_port"));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), setting(options, "tls.ca_file"));
    }

    // CLI-31
    void givenFlagsOverrideTheFile() {
        const Options options = optionsOf(
            "debug: true; logtime: true; port: 1; syslog: true; listen: 'h:5'\ncluster { port: 1, "
            "no_advertise: true }",
            {"-D=false", "-T=false", "-p", "2", "-s=false", "-a", "g", "--no_advertise=false"});
        CPPUNIT_ASSERT(!options.debug && !options.log.time && !options.log.syslog);
        CPPUNIT_ASSERT_EQUAL(2, options.port);
        CPPUNIT_ASSERT_EQUAL(std::string("g:2"), host::effectiveListen(options).at(0).text());
        CPPUNIT_ASSERT_EQUAL(std::string("false"), setting(options, "cluster.no_advertise"));
        CPPUNIT_ASSERT_EQUAL(4222, optionsOf("port: 1", {"-p", "0"}).port);  // OPT-10
    }

    void flagsNotGivenLeaveTheFile() {
        const Options options = optionsOf("logtime: false; debug: true; port: 7", {"-V"});
        CPPUNIT_ASSERT(!options.log.time && options.debug && options.trace);
        CPPUNIT_ASSERT_EQUAL(7, options.port);
    }

    void flagsGoThroughTheChecksOfTheFile() {
        assertErrors({"flag -n: server name cannot contain spaces"}, "", {"-n", "a b"});
        assertErrors({"flag -client_advertise: expected host or host:port, got \":1\""}, "",
                     {"--client_advertise", ":1"});
        assertErrors({"flag -ms: TLS cert and key required for HTTPS"}, "", {"-ms", "443"});
    }

    // CLI-23, CLI-24, CLI-35
    void credentialsOverrideAndExclude() {
        const Options options =
            optionsOf("authorization { user: a, pass: b }", {"--user", "c", "--pass", "d"});
        CPPUNIT_ASSERT_EQUAL(std::string("c"), setting(options, "authorization.user"));
        CPPUNIT_ASSERT_EQUAL(std::string("d"), setting(options, "authorization.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("t"),
                             setting(optionsOf("authorization { token: s }", {"--auth", "t"}),
                                     "authorization.token"));
        assertErrors({"flag -user: Can not have a single user/pass and a users array"},
                     "authorization { users: [{user: a}] }", {"--user", "c"});
        assertErrors({"flag -pass: a password without a user would leave the server open"}, "",
                     {"--pass", "x"});
    }

    // CLI-25, CLI-34
    void tlsFlagsSwitchOnAndOff() {
        CPPUNIT_ASSERT_EQUAL(std::string("-"), setting(optionsOf(kTls, {"--tls=false"}), "tls"));
        CPPUNIT_ASSERT_EQUAL(std::string("k"), setting(optionsOf(kTls, {"--tls"}), "tls.key_file"));
        CPPUNIT_ASSERT_EQUAL(std::string("true"),
                             setting(optionsOf(kTls, {"--tlsverify"}), "tls.verify"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"),
                             setting(optionsOf("", {"--tlsverify=false"}), "tls"));
        CPPUNIT_ASSERT_EQUAL(std::string("d"),
                             setting(optionsOf(kTls, {"--tlscert", "d"}), "tls.cert_file"));
        assertErrors({"flag -tls: TLS Server certificate must be present and valid",
                      "flag -tls: TLS Server private key must be present and valid"},
                     "", {"--tls"});
        assertErrors({"flag -tlscert: TLS Server private key must be present and valid"}, "",
                     {"--tlscert", "c"});
    }

    // CLI-32
    void theClusterFlagReplacesAddressAndCredentials() {
        const std::string file =
            "cluster { listen: 'h:1', authorization { user: a, password: b, timeout: 3 }, name: c "
            "}";
        const Options bare = optionsOf(file, {"--cluster", "nats://g:2"});
        CPPUNIT_ASSERT_EQUAL(std::string("g"), setting(bare, "cluster.host"));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), setting(bare, "cluster.port"));
        CPPUNIT_ASSERT_EQUAL(std::string("c"), setting(bare, "cluster.name"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), setting(bare, "cluster.authorization.user"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), setting(bare, "cluster.authorization.password"));

        const Options named = optionsOf(file, {"--cluster", "nats://u:p@g:-1"});
        CPPUNIT_ASSERT_EQUAL(std::string("-1"), setting(named, "cluster.port"));
        CPPUNIT_ASSERT_EQUAL(std::string("p"), setting(named, "cluster.authorization.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), setting(optionsOf(file, {"--cluster="}), "cluster"));
    }

    void wrongClusterUrlsAreNamed() {
        assertErrors({"flag -cluster: address 127.0.0.1: missing port in address"}, "",
                     {"--cluster", "nats://127.0.0.1"});
        assertErrors({"flag -cluster: no scheme, wanted nats://host:port"}, "",
                     {"--cluster", "127.0.0.1:4248"});
        assertErrors({"flag -cluster: invalid port \":abc\" after host"}, "",
                     {"--cluster", "nats://127.0.0.1:abc"});
        assertErrors({"flag -cluster: expected cluster password to be set"}, "",
                     {"--cluster", "nats://u@h:1"});
        assertErrors({"flag -cluster: host and port are required"}, "", {"--cluster", "nats://:1"});
    }

    // CLI-27, CLI-33
    void routesReplaceThoseOfTheFile() {
        const Options options = optionsOf("cluster { port: 1, routes: [nats://a:1] }",
                                          {"--routes", "nats://b:2, nats://c:3"});
        CPPUNIT_ASSERT_EQUAL(std::string("nats://b:2 nats://c:3"),
                             setting(options, "cluster.routes"));
        assertErrors(
            {"flag -routes: solicited routes require cluster capabilities, e.g. --cluster"}, "",
            {"--routes", "nats://b:2"});
        assertErrors({"flag -routes: error parsing route url [\"nats://u:xxxxx@b\"]: address b: "
                      "missing port in address"},
                     "cluster { port: 1 }", {"--routes", "nats://u:p@b"});
    }

    // CLI-30, OPT-131
    void flagsWithoutEffectSaySo() {
        CPPUNIT_ASSERT(optionsOf("", {"--profile", "6060"}).notices ==
                       Words{"flag -profile: \"prof_port\" has no effect: this server has no "
                             "profiler of its own"});
        CPPUNIT_ASSERT(optionsOf("", {"-js", "-sd", "dir"}).notices ==
                       (Words{"flag -js: \"jetstream\" is not supported by this server",
                              "flag -sd: \"store_dir\" is not supported by this server"}));
        CPPUNIT_ASSERT(optionsOf("", {"--jetstream=false"}).notices.empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FlagsTest);

}  // namespace gnatsd::tests
