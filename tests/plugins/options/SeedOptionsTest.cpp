// The samples and command lines that operators of older versions have: they mean what they meant.
// The three complete files are vectors of the configuration language (CV-296 to CV-298).

#include "plugins/host/CommandLine.h"
#include "plugins/host/StandardPlugins.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/options/OptionsFixture.h"

#include <Poco/JSON/Parser.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

using host::Options;

std::string vectorText(const std::string& id) {
    const auto root =
        Poco::JSON::Parser().parse(readFile(GNATSD_VECTORS)).extract<Poco::JSON::Object::Ptr>();
    for (const auto& item : *root->getArray("vectors")) {
        const auto vector = item.extract<Poco::JSON::Object::Ptr>();
        if (vector->getValue<std::string>("id") == id) {
            return vector->getValue<std::string>("input");
        }
    }
    return "no such vector: " + id;
}

struct Need {
    std::string place;
    std::string setting;
    std::string plugin;
};

/// With this build's plug-ins exactly those lines come that it cannot serve.
void assertNeeds(const std::string& text, const std::vector<Need>& needs) {
    Words names;
    for (const host::StandardPlugin& plugin : host::standardPlugins()) {
        names.emplace_back(plugin.name);
    }
    Words expected;
    for (const Need& need : needs) {
        if (std::find(names.begin(), names.end(), need.plugin) == names.end()) {
            expected.push_back("x.conf:" + need.place + ": \"" + need.setting +
                               "\" needs the plug-in \"" + need.plugin +
                               "\", which this build does not have");
        }
    }
    const host::LoadedOptions loaded = loadWith(names, text);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(loaded.report(), expected.size(), loaded.errors.size());
    CPPUNIT_ASSERT_MESSAGE(loaded.report(), expected == loaded.errors);
    CPPUNIT_ASSERT(loaded.warnings.empty());
}

void assertCommon(const Options& options) {
    const auto is = [&](const std::string& path, const std::string& expected) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(path, expected, setting(options, path));
    };
    is("http_port", "8222");
    is("authorization.user", "derek");
    is("authorization.password", "$2a$11$W2zko751KUvVy59mUTWmpOdWjpEm5qhcCZRd05GjI/sSOT.xtiHyG");
    is("cluster.port", "4244");
    is("cluster.authorization.user", "route_user");
    is("cluster.authorization.timeout", "0.5");
    is("cluster.routes",
       "nats-route://user1:pass1@127.0.0.1:4245 nats-route://user2:pass2@127.0.0.1:4246");
    CPPUNIT_ASSERT(!options.debug && options.trace && !options.log.time);
    CPPUNIT_ASSERT_EQUAL(std::string("/tmp/nats-server.log"), options.log.file);
    CPPUNIT_ASSERT_EQUAL(std::string("/tmp/nats-server.pid"), options.pidFile);
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{100}, options.limits.maxConnections);
    CPPUNIT_ASSERT_EQUAL(std::size_t{512}, options.limits.maxControlLine);
    CPPUNIT_ASSERT_EQUAL(std::size_t{65536}, options.limits.maxPayload);
    CPPUNIT_ASSERT_EQUAL(std::size_t{10000000}, options.limits.maxPending);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1000}, std::int64_t{options.limits.authTimeout.count()});
}

}  // namespace

class SeedOptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SeedOptionsTest);
    CPPUNIT_TEST(theCompleteSampleIsUnderstood);
    CPPUNIT_TEST(theOlderCompleteSampleIsUnderstood);
    CPPUNIT_TEST(theAuthorizationSampleIsUnderstood);
    CPPUNIT_TEST(theTlsSamplesAreUnderstood);
    CPPUNIT_TEST(theSeedNodeIsUnderstood);
    CPPUNIT_TEST(theCommandLinesAreUnderstood);
    CPPUNIT_TEST_SUITE_END();

    void theCompleteSampleIsUnderstood() {
        const Options options = optionsOf(vectorText("CV-296"));
        assertCommon(options);
        CPPUNIT_ASSERT_EQUAL(std::string("localhost:4242"),
                             host::effectiveListen(options).at(0).text());
        CPPUNIT_ASSERT_EQUAL(std::string("localhost"), setting(options, "http_host"));
        CPPUNIT_ASSERT_EQUAL(std::string("localhost"), setting(options, "cluster.host"));
        assertNeeds(vectorText("CV-296"), {{"3:1", "http_port", "monitor"},
                                           {"7:3", "user", "userpass"},
                                           {"9:3", "password", "bcrypt"},
                                           {"17:3", "port", "routes"}});
    }

    void theOlderCompleteSampleIsUnderstood() {
        const Options options = optionsOf(vectorText("CV-298"));
        assertCommon(options);
        CPPUNIT_ASSERT_EQUAL(std::string("apcera.me:4242"),
                             host::effectiveListen(options).at(0).text());
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), setting(options, "cluster.host"));
        assertNeeds(vectorText("CV-298"), {{"4:1", "http_port", "monitor"},
                                           {"8:3", "user", "userpass"},
                                           {"10:3", "password", "bcrypt"},
                                           {"19:3", "port", "routes"}});
    }

    // AU-47
    void theAuthorizationSampleIsUnderstood() {
        const Options options = optionsOf(vectorText("CV-297"));
        const auto is = [&](const std::string& path, const std::string& expected) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, expected, setting(options, "authorization." + path));
        };
        is("users.0.permissions.publish.allow", ">");
        is("users.1.permissions.publish.allow", "req.foo req.bar");
        is("users.1.permissions.subscribe.allow", "_INBOX.*");
        is("users.2.permissions", "-");
        is("users.2.password", "abcdefghijklmnopqrstuvwxwz0123456789");
        is("default_permissions.subscribe.allow", "PUBLIC.> _INBOX.>");
        is("ADMIN", "-");
        is("password", "-");
    }

    void theTlsSamplesAreUnderstood() {
        const std::string keys =
            "  cert_file:  \"./configs/certs/server-cert.pem\"\n"
            "  key_file:   \"./configs/certs/server-key.pem\"\n";
        const Options simple =
            optionsOf("listen: 127.0.0.1:4443\n\ntls {\n" + keys + "  timeout:    2\n}\n");
        CPPUNIT_ASSERT_EQUAL(std::string("2"), setting(simple, "tls.timeout"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3000}, std::int64_t{simple.limits.authTimeout.count()});
        const Options verifying = optionsOf(
            "tls {\n" + keys + "  ca_file:   \"./configs/certs/ca.pem\"\n  verify:    true\n}\n");
        CPPUNIT_ASSERT_EQUAL(std::string("true"), setting(verifying, "tls.verify"));
        assertNeeds("tls {\n" + keys + "}", {{"1:0", "tls", "tls"}});
    }

    void theSeedNodeIsUnderstood() {
        const Options options = optionsOf(
            "listen: 127.0.0.1:4222\nhttp: 8222\n\ncluster {\n  listen: 127.0.0.1:4248\n}\n",
            {"-D"});
        CPPUNIT_ASSERT_EQUAL(std::string("4248"), setting(options, "cluster.port"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), setting(options, "http_host"));
        CPPUNIT_ASSERT(options.debug);
    }

    void theCommandLinesAreUnderstood() {
        CPPUNIT_ASSERT(optionsOf("", {"-D", "-V"}).trace);
        const Options seed =
            optionsOf("", {"-p", "4222", "-cluster", "nats://localhost:4248", "-D"});
        CPPUNIT_ASSERT_EQUAL(std::string("localhost"), setting(seed, "cluster.host"));

        const Options second = optionsOf("", {"-p", "5222", "-cluster", "nats://localhost:5248",
                                              "-routes", "nats://localhost:4248", "-D"});
        CPPUNIT_ASSERT_EQUAL(5222, second.port);
        CPPUNIT_ASSERT_EQUAL(std::string("nats://localhost:4248"),
                             setting(second, "cluster.routes"));

        // The older manual lacks a blank.
        const Options glued =
            optionsOf("", {"-cluster", "nats://host:4248", "-routes://seed:4248"});
        CPPUNIT_ASSERT_EQUAL(std::string("nats://seed:4248"), setting(glued, "cluster.routes"));

        const Options user = optionsOf("", {"-DV", "--user", "foo", "--pass", "bar"});
        CPPUNIT_ASSERT_EQUAL(std::string("bar"), setting(user, "authorization.password"));
        const Options token = optionsOf("", {"-DV", "-auth", "S3Cr3T0k3n!"});
        CPPUNIT_ASSERT_EQUAL(std::string("S3Cr3T0k3n!"), setting(token, "authorization.token"));

        const Options tls = optionsOf(
            "", {"--tlsverify", "--tlscert=./c.pem", "--tlskey=./k.pem", "--tlscacert=./ca.pem"});
        CPPUNIT_ASSERT_EQUAL(std::string("true"), setting(tls, "tls.verify"));
        CPPUNIT_ASSERT_EQUAL(std::string("./ca.pem"), setting(tls, "tls.ca_file"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("./k.pem"),
            setting(optionsOf("", {"--tls", "--tlscert=./c.pem", "--tlskey=./k.pem"}),
                    "tls.key_file"));
        CPPUNIT_ASSERT_EQUAL(std::string("8222"),
                             setting(optionsOf("", {"-m", "8222"}), "http_port"));
        const host::CommandLine config =
            host::CommandLine::parse(Words{"-config", "./seed.conf", "-D"});
        CPPUNIT_ASSERT_EQUAL(std::string("./seed.conf"), config.configFile);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SeedOptionsTest);

}  // namespace gnatsd::tests
