// The way of an author who has only what `cmake --install` puts down: build the example against
// it, load it, and let it decide who connects.

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/ServerProcess.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class InstalledTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(InstalledTest);
    CPPUNIT_TEST(theExampleIsBuiltFromTheInstalledTreeAndDecidesWhoConnects);
    CPPUNIT_TEST_SUITE_END();

    static void must(const std::string& program, const std::vector<std::string>& arguments) {
        const Outcome outcome = run(program, arguments);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(program + " " + arguments.front() + ":\n" + outcome.output, 0,
                                     outcome.status);
    }

    static void assertHas(const std::string& text, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' not in '" + text + "'",
                               text.find(part) != std::string::npos);
    }

    void theExampleIsBuiltFromTheInstalledTreeAndDecidesWhoConnects() {
        const std::string prefix = folder_.file("prefix");
        const std::string source = folder_.file("source");
        const std::string build = folder_.file("build");
        must(GNATSD_CMAKE, {"--install", GNATSD_BUILD_TREE, "--prefix", prefix});
        fs::copy(GNATSD_EXAMPLE, source);
        must(GNATSD_CMAKE,
             {"-S", source, "-B", build, "-G", GNATSD_GENERATOR, "-DCMAKE_PREFIX_PATH=" + prefix,
              std::string("-DCMAKE_CXX_COMPILER=") + GNATSD_COMPILER,
              std::string("-DCMAKE_CXX_FLAGS=") + GNATSD_FLAGS});
        must(GNATSD_CMAKE, {"--build", build});
        for (const std::string header : {"Plugin.h", "Authenticator.h"}) {
            CPPUNIT_ASSERT_MESSAGE(header,
                                   fs::exists(fs::path(prefix) / "include/gnatsd" / header));
        }

        const std::string program = prefix + "/bin/gnatsd";
        const std::vector<std::string> flags = {"--plugin",     "allowlist",
                                                "--plugin_dir", build,
                                                "--plugin_set", "allowlist.allow=alice"};
        std::vector<std::string> listing = flags;
        listing.emplace_back("--plugins");
        const Outcome table = run(program, listing);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(table.output, 0, table.status);
        assertHas(table.output, (fs::path(build) / host::moduleFileName("allowlist")).string());
        CPPUNIT_ASSERT_MESSAGE(table.output, table.output.ends_with("  on\n"));

        ServerProcess server(program, flags);
        const std::string alice = server.talk(
            "CONNECT {\"user\":\"alice\",\"verbose\":false}\r\n"
            "PING\r\n");
        assertHas(alice, "\"auth_required\":true");
        assertHas(alice, "PONG\r\n");
        for (const std::string refused :
             {"CONNECT {\"user\":\"bob\",\"verbose\":false}\r\nPING\r\n",
              "CONNECT {\"verbose\":false}\r\nPING\r\n"}) {
            const std::string answer = server.talk(refused);
            assertHas(answer, "-ERR 'Authorization Violation'\r\n");
            CPPUNIT_ASSERT_MESSAGE(answer, answer.find("PONG") == std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(0, server.stop());
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(InstalledTest);

}  // namespace gnatsd::tests
