// The blocks cluster, tls, websocket and plugins (sections 4, 5 and 7 of OPT).

#include "tests/plugins/options/OptionsFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

using host::Options;

struct Expectation {
    std::string text;  // in the block
    std::string path;  // in the block
    std::string expected;
};

}  // namespace

class BlockOptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BlockOptionsTest);
    CPPUNIT_TEST(everyOptionOfAClusterIsRead);
    CPPUNIT_TEST(clusterAuthorizationIsForOneUser);
    CPPUNIT_TEST(wrongRoutesAreNamed);
    CPPUNIT_TEST(aRouteThatComesTwiceIsAWarning);
    CPPUNIT_TEST(aClusterWithoutPortHasNoEffect);
    CPPUNIT_TEST(everyOptionOfTlsIsRead);
    CPPUNIT_TEST(wrongTlsOptionsAreNamed);
    CPPUNIT_TEST(clustersVerifyAlways);
    CPPUNIT_TEST(everyOptionOfWebsocketIsRead);
    CPPUNIT_TEST(websocketNeedsTls);
    CPPUNIT_TEST(pluginsAreListedWithTheirSettings);
    CPPUNIT_TEST(blocksWithoutTheirPluginAreRefused);
    CPPUNIT_TEST_SUITE_END();

    static void assertAll(const std::string& block, const std::string& rest,
                          const std::vector<Expectation>& cases) {
        for (const Expectation& item : cases) {
            const std::string text = block + " { " + rest + item.text + " }";
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, item.expected,
                                         setting(optionsOf(text), block + "." + item.path));
        }
    }

    // OPT-90 to OPT-101
    void everyOptionOfAClusterIsRead() {
        assertAll(
            "cluster", "PORT: 4244, ",
            {{"listen: localhost:5000", "host", "localhost"},
             {"listen: localhost:5000", "port", "5000"},
             {"Net: h", "host", "h"},
             {"host: h", "host", "h"},
             {"port: -1", "port", "-1"},
             {"routes: [nats://a:1, tls://u:p@b:2]", "routes", "nats://a:1 tls://u:p@b:2"},
             {"no_advertise: true", "no_advertise", "true"},
             {"name: c1", "name", "c1"},
             {"advertise: 'h:1'", "advertise", "h:1"},
             {"cluster_advertise: h", "advertise", "h"},
             {"connect_retries: 3", "connect_retries", "3"},
             {"permissions { import: a, export: [b, c] }", "permissions.subscribe.allow", "b c"},
             {"ping_interval: '5s'", "ping_interval", "5"},
             {"ping_max: 4", "ping_max", "4"},
             {"write_deadline: '1s'", "write_deadline", "1"},
             {"authorization { username: u, pass: p, timeout: 0.5 }", "authorization.password",
              "p"},
             {"authorization { username: u, pass: p, timeout: 0.5 }", "authorization.timeout",
              "0.5"}});
        for (const std::string name : {"pool_size", "accounts", "compression"}) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                                 optionsOf("cluster { port: 1, " + name + ": 3 }").notices.size());
        }
        assertErrors({"x.conf:1:10: expected a boolean for \"no_advertise\", got a string",
                      "x.conf:1:31: expected an integer for \"port\", got a string"},
                     "cluster { no_advertise: 'yes', port: '1' }");
    }

    // OPT-103, OPT-7
    void clusterAuthorizationIsForOneUser() {
        assertErrors({"x.conf:1:35: Cluster authorization does not allow multiple users",
                      "x.conf:1:46: Cluster authorization does not support tokens"},
                     "cluster { port: 1, authorization { users: [], token: t } }");
        const host::LoadedOptions loaded = loadText(
            "cluster { port: 1\nauthorization { user: u, password: p\npermissions { import: x } } "
            "}");
        CPPUNIT_ASSERT(loaded.isGood());
        CPPUNIT_ASSERT(loaded.warnings ==
                       Words{"x.conf:3:1: invalid use of field \"permissions\": setting "
                             "\"permissions\" within cluster authorization block is deprecated"});
        CPPUNIT_ASSERT_EQUAL(std::string("x"),
                             setting(loaded.options, "cluster.permissions.publish.allow"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"),
                             setting(loaded.options, "cluster.authorization.permissions"));
        assertErrors({"x.conf:1:35: a password without a user would leave the server open"},
                     "cluster { port: 1, authorization { password: p } }");
    }

    // OPT-104
    void wrongRoutesAreNamed() {
        assertErrors({"x.conf:2:1: error parsing route url [\"nats://x:y\"]: invalid port \":y\" "
                      "after host",
                      "x.conf:3:1: error parsing route url [\"nats://127.0.0.1\"]: address "
                      "127.0.0.1: missing port in address",
                      "x.conf:4:1: error parsing route url [\"h:1\"]: no scheme, wanted "
                      "nats://host:port",
                      "x.conf:5:1: error parsing route url [\"nats://u:xxxxx@h:0\"]: a port must "
                      "be between 1 and 65535"},
                     "cluster { port: 1, routes: [\n\"nats://x:y\"\n\"nats://127.0.0.1\"\n\"h:1\"\n"
                     "\"nats://u:p@h:0\"\n] }");
        assertErrors({"x.conf:1:19: expected an array of strings for \"routes\", got a string"},
                     "cluster { port: 1, routes: 'nats://a:1' }");
    }

    void aRouteThatComesTwiceIsAWarning() {
        const host::LoadedOptions loaded = loadText(
            "cluster { port: 1, routes: [\nnats://u:p@h:1\nnats://u:p@h:1\nnats://h:1\n] }");
        CPPUNIT_ASSERT(loaded.warnings ==
                       Words{"x.conf:3:1: invalid use of field \"routes\": Duplicate route entry "
                             "detected: nats://u:xxxxx@h:1"});
        CPPUNIT_ASSERT_EQUAL(std::string("nats://u:p@h:1 nats://h:1"),
                             setting(loaded.options, "cluster.routes"));
    }

    // OPT-105
    void aClusterWithoutPortHasNoEffect() {
        const Options options = optionsOf("cluster { routes: [nats://h:1] }");
        CPPUNIT_ASSERT(options.notices ==
                       Words{"x.conf:1:0: \"cluster\" has no port: there are no routes"});
        CPPUNIT_ASSERT(loadWith({}, "cluster { routes: [nats://h:1] }").isGood());
    }

    // OPT-110 to OPT-122
    void everyOptionOfTlsIsRead() {
        const std::string hex(64, 'A');
        const std::string suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
        assertAll(
            "tls", "cert_file: c, key_file: k, ",
            {{"CERT_FILE: d", "cert_file", "d"},
             {"", "key_file", "k"},
             {"ca_file: a", "ca_file", "a"},
             {"verify: true", "verify", "true"},
             {"timeout: 2", "timeout", "2"},
             {"timeout: 0.5", "timeout", "0.5"},
             {"timeout: '500ms'", "timeout", "0.5"},
             {"cipher_suites: [" + suite + "]", "cipher_suites", suite},
             {"curve_preferences: [X25519, CurveP256]", "curve_preferences", "X25519 CurveP256"},
             {"verify_and_map: true", "verify", "true"},
             {"insecure: true", "insecure", "true"},
             {"connection_rate_limit: 5", "connection_rate_limit", "5"},
             {"pinned_certs: ['" + hex + "']", "pinned_certs", std::string(64, 'a')},
             {"handshake_first: true", "handshake_first", "true"},
             {"first: auto", "handshake_first", "auto"},
             {"immediate: '300ms'", "handshake_first", "0.3"},
             {"min_version: '1.3'", "min_version", "1.3"},
             {"allow_insecure_cipher_suites: true", "allow_insecure_cipher_suites", "true"}});
    }

    // OPT-119, OPT-126, OPT-127
    void wrongTlsOptionsAreNamed() {
        const std::vector<std::pair<std::string, std::string>> cases{
            {"foo: 1", "unknown field \"foo\""},
            {"ca_file: 5", "expected a string for \"ca_file\", got an integer (quote it)"},
            {"verify: 1", "expected a boolean for \"verify\", got an integer"},
            {"cipher_suites: []", "\"cipher_suites\" must not be empty"},
            {"cipher_suites: [X]", "unrecognized cipher \"X\""},
            {"curve_preferences: [X]", "unrecognized curve preference \"X\""},
            {"timeout: true", "expected a duration such as \"2m\" for \"timeout\", got a boolean"},
            {"pinned_certs: [ab]",
             "expected 64 hexadecimal digits in \"pinned_certs\", got \"ab\""},
            {"min_version: '1.1'", "expected \"1.2\" or \"1.3\" for \"min_version\""},
            {"verify_cert_and_check_known_urls: true",
             "verify_cert_and_check_known_urls not supported in this context"}};
        for (const auto& [text, expected] : cases) {
            const std::string error = errorsOf("tls { cert_file: c, key_file: k, " + text + " }");
            CPPUNIT_ASSERT_MESSAGE(error, error.ends_with(": " + expected + "\n"));
            CPPUNIT_ASSERT_MESSAGE(error, error.starts_with("x.conf:1:"));
        }
        assertErrors({"x.conf:1:0: missing 'cert_file' in TLS configuration",
                      "x.conf:1:0: missing 'key_file' in TLS configuration"},
                     "tls {}");
    }

    // OPT-119, OPT-125
    void clustersVerifyAlways() {
        const Options options = optionsOf(
            "cluster { port: 1, tls { cert_file: c, key_file: k, verify: false, "
            "verify_cert_and_check_known_urls: true } }");
        CPPUNIT_ASSERT_EQUAL(std::string("true"), setting(options, "cluster.tls.verify"));
        CPPUNIT_ASSERT_EQUAL(std::string("true"),
                             setting(options, "cluster.tls.verify_cert_and_check_known_urls"));
        assertErrors({"x.conf:1:19: missing 'key_file' in TLS configuration"},
                     "cluster { port: 1, tls { cert_file: c } }");
    }

    // OPT-170 to OPT-180
    void everyOptionOfWebsocketIsRead() {
        std::vector<Expectation> cases{
            {"listen: 'h:8080'", "host", "h"},
            {"net: h", "host", "h"},
            {"advertise: 'h:1'", "advertise", "h:1"},
            {"tls { cert_file: c, key_file: k }", "tls.cert_file", "c"},
            {"same_origin: true", "same_origin", "true"},
            {"handshake_timeout: 2", "handshake_timeout", "2"},
            {"handshake_timeout: '500ms'", "handshake_timeout", "0.5"},
            {"compress: true", "compression", "true"},
            {"compression: true", "compression", "true"},
            {"authentication { user: u, pass: p }", "authorization.user", "u"},
            {"authorization { token: t, timeout: 3 }", "authorization.timeout", "3"}};
        for (const std::string name : {"allowed_origins", "allowed_origin", "allow_origins",
                                       "allow_origin", "origins", "origin"}) {
            cases.push_back({name + ": 'http://a'", "allowed_origins.0", "http://a"});
        }
        assertAll("websocket", "port: 8080, no_tls: true, ", cases);
        CPPUNIT_ASSERT_EQUAL(std::string("1"),
                             setting(optionsOf("ws { port: 1, no_tls: true }"), "websocket.port"));
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{1},
            optionsOf("ws { port: 1, no_tls: true, jwt_cookie: c }").notices.size());
        assertErrors({"x.conf:1:30: websocket authorization and a users array exclude each other"},
                     "ws { port: 1, no_tls: true,   authorization { user: u } }\n"
                     "authorization { users: [{user: a}] }");
    }

    void websocketNeedsTls() {
        assertErrors({"x.conf:1:0: websocket requires TLS configuration"}, "ws { port: 1 }");
        CPPUNIT_ASSERT_EQUAL(std::string(), errorsOf("ws { host: h }"));
    }

    void pluginsAreListedWithTheirSettings() {
        const Options options = optionsOf(
            "plugins { dir: /d, load: [one, \"/p/libtwo.so\"], one { Key: v }, two { list: [1, 2] "
            "} }",
            {"--plugin", "three", "--plugin_set", "three.k=v"});
        CPPUNIT_ASSERT_EQUAL(std::string("/d"), options.pluginDir);
        CPPUNIT_ASSERT(options.plugins == (Words{"one", "/p/libtwo.so", "three"}));
        CPPUNIT_ASSERT_EQUAL(std::string("v"), setting(options, "plugins.settings.one.Key"));
        CPPUNIT_ASSERT_EQUAL(std::string("1 2"), setting(options, "plugins.settings.two.list"));
        CPPUNIT_ASSERT_EQUAL(std::string("three"), options.pluginSettings.at(0).plugin);
        CPPUNIT_ASSERT(optionsOf("plugins { load: one }").plugins == Words{"one"});
        assertErrors({"x.conf:1:21: settings for the plug-in \"two\", which is not in \"load\""},
                     "plugins { load: one, two { a: 1 } }");
        assertErrors({"x.conf:1:10: expected a map of settings for the plug-in \"lod\", got a "
                      "string"},
                     "plugins { lod: one }");
    }

    void blocksWithoutTheirPluginAreRefused() {
        const std::string tls = "tls { cert_file: c, key_file: k }";
        const std::vector<std::pair<std::string, std::string>> cases{
            {tls, "x.conf:1:0: \"tls\" needs the plug-in \"tls\""},
            {"http: 8222", "x.conf:1:0: \"http_port\" needs the plug-in \"monitor\""},
            {"cluster { port: 1 }", "x.conf:1:10: \"port\" needs the plug-in \"routes\""},
            {"ws { port: 1, no_tls: true }",
             "x.conf:1:5: \"port\" needs the plug-in \"websocket\""},
            {"authorization { token: t }", "x.conf:1:16: \"token\" needs the plug-in \"token\""},
            {"server_tags: a", "x.conf:1:0: \"server_tags\" needs the plug-in \"monitor\""}};
        for (const auto& [text, expected] : cases) {
            CPPUNIT_ASSERT(loadWith({}, text).errors ==
                           Words{expected + ", which this build does not have"});
        }
        CPPUNIT_ASSERT(loadWith({}, "", {"-m", "8222"}).errors ==
                       Words{"flag -m: \"http_port\" needs the plug-in \"monitor\", which this "
                             "build does not have"});
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BlockOptionsTest);

}  // namespace gnatsd::tests
