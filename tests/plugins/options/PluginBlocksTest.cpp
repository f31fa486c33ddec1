#include "plugins/host/options/PluginBlocks.h"
#include "tests/plugins/options/OptionsFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using host::options::externalBlock;
using host::options::pluginBlocks;

class PluginBlocksTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginBlocksTest);
    CPPUNIT_TEST(clientsGetTheAddresses);
    CPPUNIT_TEST(blocksAreThereOnlyWhenTheyMeanSomething);
    CPPUNIT_TEST(keysAndTokensAreForThoseWhoseUsersHaveThem);
    CPPUNIT_TEST(authorizationHasAllThatBelongsToIt);
    CPPUNIT_TEST(emptyListsCanBeToldFromMissingOnes);
    CPPUNIT_TEST(numbersAndTimesAreText);
    CPPUNIT_TEST(externalPluginsGetTheirOwnSettings);
    CPPUNIT_TEST_SUITE_END();

    void clientsGetTheAddresses() {
        const auto blocks = pluginBlocks(optionsOf("port: 7", {"-a", "h,[::1]:8"}));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, blocks.size());
        const auto& client = *blocks.at("client");
        CPPUNIT_ASSERT_EQUAL(std::string("h"), client.getString("listen.0.host"));
        CPPUNIT_ASSERT_EQUAL(7, client.getInt("listen.0.port"));
        CPPUNIT_ASSERT_EQUAL(std::string("::1"), client.getString("listen.1.host"));
        CPPUNIT_ASSERT_EQUAL(8, client.getInt("listen.1.port"));
    }

    void blocksAreThereOnlyWhenTheyMeanSomething() {
        const auto has = [](const std::string& text, const std::string& block) {
            return pluginBlocks(optionsOf(text)).contains(block);
        };
        CPPUNIT_ASSERT(!has("authorization { timeout: 1 }", "authorization"));
        CPPUNIT_ASSERT(has("authorization { user: a }", "authorization"));
        CPPUNIT_ASSERT(has("authorization { users: [] }", "authorization"));
        CPPUNIT_ASSERT(has("accounts { A { users: [{user: a}] } }", "authorization"));
        CPPUNIT_ASSERT(!has("cluster { routes: [nats://h:1] }", "cluster"));
        CPPUNIT_ASSERT(has("cluster { port: -1 }", "cluster"));
        CPPUNIT_ASSERT(!has("http_base_path: a", "monitor"));
        CPPUNIT_ASSERT(has("http: 8222", "monitor"));
        CPPUNIT_ASSERT(has("ws { port: 1, no_tls: true }", "websocket"));
        CPPUNIT_ASSERT(has("tls { cert_file: c, key_file: k }", "tls"));
    }

    void keysAndTokensAreForThoseWhoseUsersHaveThem() {
        const auto has = [](const std::string& text, const std::string& block) {
            return pluginBlocks(optionsOf(text)).contains("authorization." + block);
        };
        const std::string key = "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK";

        CPPUNIT_ASSERT(!has("authorization { users: [{user: a}, {user: b}] }", "nkey"));
        CPPUNIT_ASSERT(has("authorization { users: [{user: a}, {nkey: " + key + "}] }", "nkey"));
        CPPUNIT_ASSERT(has("accounts { A {}, B { users: [{nkey: " + key + "}] } }", "nkey"));
        CPPUNIT_ASSERT(!has("authorization { user: a }", "token"));
        CPPUNIT_ASSERT(has("authorization { token: t }", "token"));
    }

    void authorizationHasAllThatBelongsToIt() {
        const auto blocks = pluginBlocks(optionsOf(
            "no_auth_user: a; strict_permissions: true\n"
            "authorization { users: [{user: a, pass: '${b}', permissions {pub: [x, y]}}] }\n"
            "accounts { A { users: [{user: c}] } }"));
        const auto& block = *blocks.at("authorization");

        CPPUNIT_ASSERT_EQUAL(std::string("a"), block.getString("no_auth_user"));
        CPPUNIT_ASSERT_EQUAL(std::string("true"), block.getString("strict_permissions"));
        CPPUNIT_ASSERT_EQUAL(std::string("${b}"), block.getRawString("users.0.password"));
        CPPUNIT_ASSERT_EQUAL(std::string("y"),
                             block.getString("users.0.permissions.publish.allow.1"));
        CPPUNIT_ASSERT_EQUAL(std::string("A"), block.getString("accounts.0.name"));
        CPPUNIT_ASSERT_EQUAL(std::string("c"), block.getString("accounts.0.users.0.user"));
    }

    // OPT-87
    void emptyListsCanBeToldFromMissingOnes() {
        const auto blocks = pluginBlocks(optionsOf(
            "authorization { users: [{user: a, permissions {pub: [], sub: {deny: x}}}, {user: b, "
            "permissions {}}] }"));
        const auto& block = *blocks.at("authorization");

        CPPUNIT_ASSERT(block.has("users.0.permissions.publish.allow"));
        CPPUNIT_ASSERT(!block.has("users.0.permissions.publish.allow.0"));
        CPPUNIT_ASSERT(!block.has("users.0.permissions.subscribe.allow"));
        CPPUNIT_ASSERT(block.has("users.1.permissions"));
        CPPUNIT_ASSERT(pluginBlocks(optionsOf("authorization { users: [] }"))
                           .at("authorization")
                           ->has("users"));
    }

    void numbersAndTimesAreText() {
        const auto blocks = pluginBlocks(
            optionsOf("tls { cert_file: c, key_file: k, timeout: '1500ms', verify: true }"));
        const auto& tls = *blocks.at("tls");
        CPPUNIT_ASSERT_EQUAL(std::string("1.5"), tls.getString("timeout"));
        CPPUNIT_ASSERT_DOUBLES_EQUAL(1.5, tls.getDouble("timeout"), 0);
        CPPUNIT_ASSERT(tls.getBool("verify"));
    }

    void externalPluginsGetTheirOwnSettings() {
        const host::Options options =
            optionsOf("plugins { load: [one, two], one { a { b: 5 }, list: [x, y] } }");
        CPPUNIT_ASSERT_EQUAL(5, externalBlock(options, "one")->getInt("a.b"));
        CPPUNIT_ASSERT_EQUAL(std::string("y"), externalBlock(options, "one")->getString("list.1"));
        CPPUNIT_ASSERT(!externalBlock(options, "two")->has("a.b"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginBlocksTest);

}  // namespace gnatsd::tests
