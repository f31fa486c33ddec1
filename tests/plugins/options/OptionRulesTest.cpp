// What holds for options in general: order, defaults, ranges, unknown names (section 1 of OPT).

#include "tests/plugins/options/OptionsFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

using host::Options;
using std::chrono::milliseconds;

class OptionRulesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OptionRulesTest);
    CPPUNIT_TEST(zeroAndEmptyMeanTheDefault);
    CPPUNIT_TEST(theLaterEntryWinsWhateverItsName);
    CPPUNIT_TEST(addressesSetHostAndPort);
    CPPUNIT_TEST(brokenAddressesAreNamed);
    CPPUNIT_TEST(unknownKeysAreErrorsUnlessReferenced);
    CPPUNIT_TEST(everyProblemOfAFileIsListed);
    CPPUNIT_TEST(rangesAreChecked);
    CPPUNIT_TEST(negativeCountsMeanUnlimited);
    CPPUNIT_TEST(numbersAreSecondsWithAWarning);
    CPPUNIT_TEST(optionsThatExcludeEachOtherAreFound);
    CPPUNIT_TEST(namesWithBlanksAreRefused);
    CPPUNIT_TEST(optionsOfOtherServersAreNeverSilent);
    CPPUNIT_TEST(largePayloadsAreNoticed);
    CPPUNIT_TEST_SUITE_END();

    // OPT-10
    void zeroAndEmptyMeanTheDefault() {
        const Options options = optionsOf(
            "port: 0; max_payload: 0; host: ''; ping_interval: '0s'; max_connections: 0\n"
            "pid_file: ''; reactors: 0; max_sub_tokens: 0");

        CPPUNIT_ASSERT_EQUAL(4222, options.port);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1048576}, options.limits.maxPayload);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{120000},
                             std::int64_t{options.limits.pingInterval.count()});
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{65536}, options.limits.maxConnections);
        CPPUNIT_ASSERT_EQUAL(4222, optionsOf("port: 5222\nPORT: 0").port);
        CPPUNIT_ASSERT(optionsOf("auth_cache: 0").authCache == milliseconds(0));
    }

    // OPT-3
    void theLaterEntryWinsWhateverItsName() {
        CPPUNIT_ASSERT_EQUAL(2, optionsOf("port: 1\nPORT: 2").port);
        CPPUNIT_ASSERT_EQUAL(1, optionsOf("listen: \"h:2\"\nport: 1").port);
        CPPUNIT_ASSERT_EQUAL(2, optionsOf("port: 1\nlisten: \"h:2\"").port);
        CPPUNIT_ASSERT_EQUAL(std::string("b"),
                             optionsOf("listen: \"a:2\"\nnet: b").listen.at(0).host);
        CPPUNIT_ASSERT(optionsOf("host: a\nlisten: 2").listen.empty());  // OPT-20
    }

    void addressesSetHostAndPort() {
        const std::vector<std::pair<std::string, std::string>> cases{
            {"localhost:4242", "localhost:4242"},
            {"4242", "0.0.0.0:4242"},
            {":4242", "0.0.0.0:4242"},
            {"\"[::1]:4242\"", "[::1]:4242"},
            {"127.0.0.1:-1", "127.0.0.1:-1"},
            {"127.0.0.1:0", "127.0.0.1:4222"}};
        for (const auto& [text, expected] : cases) {
            CPPUNIT_ASSERT_EQUAL(expected,
                                 host::effectiveListen(optionsOf("listen: " + text)).at(0).text());
        }
        const Options options = optionsOf("http: localhost:8222\nhttp_base_path: \"a//b/../c/\"");
        CPPUNIT_ASSERT_EQUAL(std::string("localhost"), setting(options, "http_host"));
        CPPUNIT_ASSERT_EQUAL(std::string("8222"), setting(options, "http_port"));
        CPPUNIT_ASSERT_EQUAL(std::string("/a/c"), setting(options, "http_base_path"));  // OPT-149
        CPPUNIT_ASSERT_EQUAL(std::string("8222"),
                             setting(optionsOf("monitor_port: 8222"), "http_port"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, optionsOf("host: \"a,b:4333\"").listen.size());
    }

    // OPT-9
    void brokenAddressesAreNamed() {
        assertErrors({"x.conf:1:0: could not parse address string \"127.0.0.1\""},
                     "listen: \"127.0.0.1\"");
        assertErrors({"x.conf:1:0: could not parse port \"x\""}, "listen: \"h:x\"");
        assertErrors({"x.conf:1:0: could not parse address string \"::1:4222\""},
                     "listen: \"::1:4222\"");
        assertErrors({"x.conf:1:0: expected port or host:port for \"http\", got a boolean"},
                     "http: true");
        assertErrors({"x.conf:1:0: could not parse port 99999999999"}, "listen: 99999999999");
        assertErrors({"x.conf:1:0: expected HOST or HOST:PORT, separated by commas, got \"a b\""},
                     "host: \"a b\"");
    }

    // OPT-4
    void unknownKeysAreErrorsUnlessReferenced() {
        assertErrors({"x.conf:1:0: unknown field \"prot\", did you mean \"port\"?"}, "prot: 1");
        assertErrors({"x.conf:1:0: unknown field \"zzzzzz\""}, "zzzzzz: 1");
        CPPUNIT_ASSERT_EQUAL(5222, optionsOf("MINE: 5222\nport: $MINE").port);
        // A known option stays one although a variable refers to it.
        CPPUNIT_ASSERT_EQUAL(5222, optionsOf("port: 5222\nhttp_port: $port").port);
    }

    // OPT-6
    void everyProblemOfAFileIsListed() {
        assertErrors({"x.conf:1:0: unknown field \"foo\"",
                      "x.conf:2:1: expected an integer for \"port\", got a string",
                      "x.conf:4:3: unknown field \"verfy\", did you mean \"verify\"?",
                      "x.conf:3:1: missing 'cert_file' in TLS configuration",
                      "x.conf:3:1: missing 'key_file' in TLS configuration"},
                     "foo: 1\nport: \"4222\"\ntls {\n  verfy: true\n}");
        const host::LoadedOptions loaded = loadText("port: x\nfoo: 1");
        CPPUNIT_ASSERT_EQUAL(
            std::string("gnatsd: x.conf:1:0: expected an integer for \"port\", got a string\n"
                        "x.conf:2:1: unknown field \"foo\"\n"),
            loaded.report());
    }

    void rangesAreChecked() {
        assertErrors({"x.conf:1:0: \"max_sub_tokens\" must be between 1 and 255, got 256"},
                     "max_sub_tokens: 256");
        assertErrors({"x.conf:1:0: \"max_payload\" must be between -1 and 2147483647, got "
                      "2147483648"},
                     "max_payload: 2147483648");
        CPPUNIT_ASSERT(!errorsOf("max_pending: -5").empty());
        CPPUNIT_ASSERT(!errorsOf("ping_max: -1").empty());
        CPPUNIT_ASSERT(!errorsOf("reactors: 1025").empty());
        assertErrors({"x.conf:1:0: \"write_deadline\" must not be negative"},
                     "write_deadline: \"-1s\"");
        assertErrors({"x.conf:1:0: \"write_deadline\": time: missing unit in duration \"5\""},
                     "write_deadline: \"5\"");
        assertErrors({"x.conf:1:0: expected text or json for \"log_format\", got \"xml\""},
                     "log_format: xml");
        assertErrors(
            {"x.conf:1:0: invalid lame_duck_duration of 10s, minimum is 30 seconds"},  // OPT-147
            "lame_duck_duration: 10s");
        assertErrors({"x.conf:1:0: expected host or host:port, got \"h:99999\""},
                     "client_advertise: \"h:99999\"");
    }

    // OPT-38, OPT-40
    void negativeCountsMeanUnlimited() {
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0},
                             optionsOf("max_connections: -1").limits.maxConnections);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, optionsOf("max_subs: -1").limits.maxSubscriptions);
        const host::LoadedOptions loaded = loadText("max_payload: -1");
        CPPUNIT_ASSERT_EQUAL(std::string(), loaded.report());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2147483647}, loaded.options.limits.maxPayload);
    }

    // OPT-7, OPT-8
    void numbersAreSecondsWithAWarning() {
        const host::LoadedOptions loaded = loadText("\nping_interval: 30");
        CPPUNIT_ASSERT(loaded.isGood());
        CPPUNIT_ASSERT(loaded.options.limits.pingInterval == milliseconds(30000));
        CPPUNIT_ASSERT(loaded.warnings ==
                       Words{"x.conf:2:1: invalid use of field \"ping_interval\": ping_interval "
                             "should be converted to a duration"});
    }

    // OPT-11
    void optionsThatExcludeEachOtherAreFound() {
        assertErrors({"x.conf:2:1: max_payload (2000) cannot be higher than max_pending (1000)"},
                     "max_pending: 1000\nmax_payload: 2000");
        assertErrors({"x.conf:1:0: max_payload (1048576) cannot be higher than max_pending "
                      "(1000)"},
                     "max_pending: 1000");
        assertErrors({"x.conf:1:0: lame duck grace period (2m0s) should be strictly lower than "
                      "lame duck duration (2m0s)"},
                     "lame_duck_grace_period: \"2m\"");
        assertErrors({"x.conf:1:0: TLS cert and key required for HTTPS"}, "https_port: 443");
        CPPUNIT_ASSERT_EQUAL(std::string(),
                             errorsOf("http: 1; https: 2; tls { cert_file: a, key_file: b }"));
    }

    void namesWithBlanksAreRefused() {
        assertErrors({"x.conf:1:0: server name cannot contain spaces"}, "server_name: \"a b\"");
        assertErrors({"x.conf:1:10: cluster name cannot contain spaces"},
                     "cluster { name: 'a b', port: 5 }");
    }

    // OPT-36, OPT-131
    void optionsOfOtherServersAreNeverSilent() {
        for (const std::string name :
             {"operator", "operators", "roots", "resolver", "resolver_preload", "trusted",
              "trusted_keys", "default_sentinel", "proxies", "proxy_protocol"}) {
            assertErrors({"x.conf:1:0: \"" + name + "\" is not supported by this server"},
                         name + " {a: 1}");
        }
        for (const std::string name :
             {"jetstream", "store_dir", "mappings", "maps", "gateway", "leaf", "leafnodes", "mqtt",
              "system_account", "system", "no_system_account", "ocsp", "ocsp_cache",
              "default_js_domain", "feature_flags", "write_timeout", "trace_headers",
              "server_metadata"}) {
            const Options options = optionsOf(name + ": x");
            CPPUNIT_ASSERT_MESSAGE(
                name, options.notices ==
                          Words{"x.conf:1:0: \"" + name + "\" is not supported by this server"});
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, optionsOf("prof_port: 6060").notices.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             optionsOf("no_fast_producer_stall: no").notices.size());
        CPPUNIT_ASSERT(optionsOf("no_fast_producer_stall: yes; jetstream: false").notices.empty());
    }

    // OPT-130
    void largePayloadsAreNoticed() {
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, optionsOf("max_payload: 8MiB").notices.size());
        CPPUNIT_ASSERT(optionsOf("max_payload: 9MiB").notices ==
                       Words{"Maximum payloads over 8.00 MB are generally discouraged and could "
                             "lead to poor performance"});
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OptionRulesTest);

}  // namespace gnatsd::tests
