// The way of an author who has only what `cmake --install` puts down, as plugins/README.md tells
// it: copy the template, build it, test it, serve with it, and change settings while it serves.

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/Program.h"
#include "tests/plugins/daemon/RunningServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class TenMinutesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TenMinutesTest);
    CPPUNIT_TEST(theTemplateIsCopiedBuiltTestedServedAndReloaded);
    CPPUNIT_TEST(theTemplateIsRenamed);
    CPPUNIT_TEST(theTemplateIsListedAndSetByFlags);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        prefix_ = folder_.file("prefix");
        source_ = folder_.file("source");
        build_ = folder_.file("source/build");
        must(GNATSD_CMAKE, {"--install", GNATSD_BUILD_TREE, "--prefix", prefix_});
    }

private:
    static std::string must(const std::string& program, const std::vector<std::string>& arguments) {
        const Outcome outcome = run(program, arguments);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(program + " " + arguments.front() + ":\n" + outcome.output, 0,
                                     outcome.status);
        return outcome.output;
    }

    static void assertHas(const std::string& text, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' not in:\n" + text,
                               text.find(part) != std::string::npos);
    }

    void buildIt() {
        must(GNATSD_CMAKE,
             {"-S", source_, "-B", build_, "-G", GNATSD_GENERATOR, "-DCMAKE_PREFIX_PATH=" + prefix_,
              std::string("-DCMAKE_CXX_COMPILER=") + GNATSD_COMPILER,
              std::string("-DCMAKE_CXX_FLAGS=") + GNATSD_FLAGS});
        must(GNATSD_CMAKE, {"--build", build_});
    }

    static std::string connect(std::uint16_t port, const std::string& user,
                               const std::string& pass) {
        return Client(port).say(R"(CONNECT {"verbose":false,"user":")" + user + R"(","pass":")" +
                                pass + "\"}");
    }

    static void replace(const std::string& file, const std::string& before,
                        const std::string& after) {
        std::string text = readFile(file);
        const std::size_t at = text.find(before);
        CPPUNIT_ASSERT_MESSAGE("'" + before + "' not in:\n" + text, at != std::string::npos);
        writeFile(file, text.replace(at, before.size(), after));
    }

    void theTemplateIsCopiedBuiltTestedServedAndReloaded() {
        const std::string refused = "-ERR 'Authorization Violation'\r\n";
        fs::copy(prefix_ + "/share/gnatsd/template", source_);
        const std::string config = source_ + "/myauth.conf";
        buildIt();
        must(GNATSD_CTEST, {"--test-dir", build_, "--no-tests=error"});
        assertHas(must(prefix_ + "/bin/gnatsd-plugin-test",
                       {"--config", config, build_ + "/" + host::moduleFileName("myauth"),
                        source_ + "/myauth.plugintest"}),
                  "all as wanted\n");

        Program server(localWith({"--config", config, "--plugin_dir", build_}), {},
                       prefix_ + "/bin/gnatsd");
        waitUntilReady(server);
        const std::uint16_t port = portIn(server.errors());
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), connect(port, "alice", "wonderland"));
        CPPUNIT_ASSERT_EQUAL(refused, connect(port, "alice", "looking glass"));
        CPPUNIT_ASSERT_EQUAL(refused, connect(port, "mallory", "wonderland"));
        CPPUNIT_ASSERT_EQUAL(refused, Client(port).say(R"(CONNECT {"verbose":false})"));
        Client open(port);
        assertHas(open.greeting(), "\"auth_required\":true");
        open.say(R"(CONNECT {"verbose":false,"user":"alice","pass":"wonderland"})");

        replace(config, "wonderland", "looking glass");
        server.signal(SIGHUP);
        assertLogged(server, "[INF] Reloaded server configuration\n");
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), connect(port, "alice", "looking glass"));
        CPPUNIT_ASSERT_EQUAL(refused, connect(port, "alice", "wonderland"));
        assertHas(open.rest(), refused);

        replace(config, "\"looking glass\"", "\"\"");
        server.signal(SIGHUP);
        assertLogged(server, "[ERR] Failed to reload server configuration: " + config + ":11:");
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), connect(port, "alice", "looking glass"));
        server.signal(SIGTERM);
        assertEnds(server, 0);
    }

    void theTemplateIsRenamed() {
        fs::copy(prefix_ + "/share/gnatsd/template", source_);
        // As MyAuthPlugin.cpp and the README say it.
        must("/bin/sh",
             {"-ec", "cd '" + source_ +
                         "'; sed -i 's/myauth/badge/g; s/MyAuth/Badge/g' *.*;"
                         "mv MyAuthPlugin.cpp BadgePlugin.cpp; mv myauth.conf badge.conf;"
                         "mv myauth.plugintest badge.plugintest"});
        buildIt();

        must(GNATSD_CTEST, {"--test-dir", build_, "--no-tests=error"});
        CPPUNIT_ASSERT(fs::exists(build_ + "/" + host::moduleFileName("badge")));
    }

    void theTemplateIsListedAndSetByFlags() {
        fs::copy(prefix_ + "/share/gnatsd/template", source_);
        buildIt();
        const std::string program = prefix_ + "/bin/gnatsd";
        const std::vector<std::string> flags = {"--plugin",     "myauth",
                                                "--plugin_dir", build_,
                                                "--plugin_set", "myauth.users.alice=rabbit"};
        std::vector<std::string> listing = flags;
        listing.emplace_back("--plugins");
        const std::string table = must(program, listing);
        assertHas(table, (fs::path(build_) / host::moduleFileName("myauth")).string());
        CPPUNIT_ASSERT_MESSAGE(table, table.ends_with("  on\n"));

        Program server(localWith(flags), {}, program);
        waitUntilReady(server);
        const std::uint16_t port = portIn(server.errors());
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), connect(port, "alice", "rabbit"));
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Authorization Violation'\r\n"),
                             connect(port, "bob", "rabbit"));
        server.signal(SIGTERM);
        assertEnds(server, 0);
    }

    TempFolder folder_;
    std::string prefix_;
    std::string source_;
    std::string build_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TenMinutesTest);

}  // namespace gnatsd::tests
