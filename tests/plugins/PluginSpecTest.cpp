#include "plugins/host/HostError.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/host/PluginTable.h"
#include "plugins/host/StandardPlugins.h"
#include "tests/plugins/Fixtures.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class PluginSpecTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginSpecTest);
    CPPUNIT_TEST(withoutAskingOnlyTheStandardOnesRun);
    CPPUNIT_TEST(aNameIsSoughtInTheGivenFolderThenInOurs);
    CPPUNIT_TEST(aPathIsTakenAsItIsAndNamesThePlugin);
    CPPUNIT_TEST(settingsReachTheirPlugin);
    CPPUNIT_TEST(aSettingWithoutItsPluginIsRefused);
    CPPUNIT_TEST(aNameGivenTwiceIsRefused);
    CPPUNIT_TEST(aStandardNameIsNoSecondPlugin);
    CPPUNIT_TEST(theFolderFollowsTheExecutableThroughLinks);
    CPPUNIT_TEST(everyBuiltinIsInTheContentsPage);
    CPPUNIT_TEST(theTableHasOneAlignedLineForEachModule);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        fs::create_directories(folder_.path() / "bin");
        fs::create_directories(folder_.path() / "lib/gnatsd/plugins");
        writeFile(folder_.file("bin/gnatsd"), "");
        options_.executable = folder_.file("bin/gnatsd");
    }

private:
    static const host::PluginSpec& find(const std::vector<host::PluginSpec>& specs,
                                        const std::string& name) {
        for (const auto& spec : specs) {
            if (spec.name == name) {
                return spec;
            }
        }
        throw Poco::NotFoundException(name);
    }

    std::string refusal() const {
        try {
            (void)host::pluginSpecs(options_);
        } catch (const host::HostError& error) {
            return error.message();
        }
        return "nothing was thrown";
    }

    void withoutAskingOnlyTheStandardOnesRun() {
        for (const auto& spec : host::pluginSpecs(options_)) {
            const auto* plugin = host::findStandardPlugin(spec.name);
            CPPUNIT_ASSERT_MESSAGE(spec.name, plugin != nullptr && plugin->isAlwaysOn());
            CPPUNIT_ASSERT_MESSAGE(spec.name, spec.required);
            CPPUNIT_ASSERT_EQUAL(
                host::findBuiltin(spec.name) != nullptr
                    ? std::string()
                    : folder_.file("lib/gnatsd/plugins/" + host::moduleFileName(spec.name)),
                spec.path);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("tcp"), find(host::pluginSpecs(options_), "tcp").name);
    }

    void aNameIsSoughtInTheGivenFolderThenInOurs() {
        fs::create_directories(folder_.path() / "mine");
        writeFile(folder_.file("mine/" + host::moduleFileName("one")), "");
        writeFile(folder_.file("lib/gnatsd/plugins/" + host::moduleFileName("one")), "");
        writeFile(folder_.file("lib/gnatsd/plugins/" + host::moduleFileName("two")), "");
        options_.pluginDir = folder_.file("mine");
        options_.plugins = {"one", "two", "three"};
        const auto specs = host::pluginSpecs(options_);

        CPPUNIT_ASSERT_EQUAL(folder_.file("mine/" + host::moduleFileName("one")),
                             find(specs, "one").path);
        CPPUNIT_ASSERT_EQUAL(folder_.file("lib/gnatsd/plugins/" + host::moduleFileName("two")),
                             find(specs, "two").path);
        CPPUNIT_ASSERT_EQUAL(folder_.file("mine/" + host::moduleFileName("three")),
                             find(specs, "three").path);
    }

    void aPathIsTakenAsItIsAndNamesThePlugin() {
        options_.plugins = {"some/where/" + host::moduleFileName("one"),
                            host::moduleFileName("two")};
        const auto specs = host::pluginSpecs(options_);

        CPPUNIT_ASSERT_EQUAL("some/where/" + host::moduleFileName("one"), find(specs, "one").path);
        CPPUNIT_ASSERT_EQUAL(host::moduleFileName("two"), find(specs, "two").path);
    }

    void settingsReachTheirPlugin() {
        options_.plugins = {"one", "two"};
        options_.pluginSettings = {{"one", "allow", "alice"}, {"tcp", "backlog", "7"}};
        const auto specs = host::pluginSpecs(options_);

        CPPUNIT_ASSERT_EQUAL(std::string("alice"), find(specs, "one").config->getString("allow"));
        CPPUNIT_ASSERT_EQUAL(7, find(specs, "tcp").config->getInt("backlog"));
        CPPUNIT_ASSERT(!find(specs, "two").config->has("allow"));
    }

    void aSettingWithoutItsPluginIsRefused() {
        options_.plugins = {"one"};
        options_.pluginSettings = {{"won", "allow", "alice"}};

        CPPUNIT_ASSERT_EQUAL(std::string("Plug-in won: found a setting 'allow' for it, wanted the "
                                         "plug-in in the list too (--plugin won)"),
                             refusal());
    }

    void aNameGivenTwiceIsRefused() {
        options_.plugins = {"/a/" + host::moduleFileName("one"), "one"};
        const std::string line = refusal();

        CPPUNIT_ASSERT_MESSAGE(line, line.find("Plug-in one: ") == 0);
        CPPUNIT_ASSERT_MESSAGE(line, line.find("found the name twice (/a/") != std::string::npos);
    }

    void aStandardNameIsNoSecondPlugin() {
        const auto before = host::pluginSpecs(options_).size();
        options_.plugins = {"tcp"};

        CPPUNIT_ASSERT_EQUAL(before, host::pluginSpecs(options_).size());
    }

    void theFolderFollowsTheExecutableThroughLinks() {
        fs::create_directories(folder_.path() / "elsewhere");
        fs::create_symlink(folder_.file("bin/gnatsd"), folder_.file("elsewhere/link"));

        CPPUNIT_ASSERT_EQUAL(fs::canonical(folder_.path()).string() + "/lib/gnatsd/plugins",
                             host::standardPluginFolder(folder_.file("elsewhere/link")));
    }

    void everyBuiltinIsInTheContentsPage() {
        for (const auto* plugin : host::builtinPlugins()) {
            CPPUNIT_ASSERT_MESSAGE(plugin->descriptor->name,
                                   host::findStandardPlugin(plugin->descriptor->name) != nullptr);
        }
    }

    void theTableHasOneAlignedLineForEachModule() {
        options_.plugins = {testModule("allowlist"), testModule("otherabi"), "/no/libghost.so"};
        std::istringstream table(host::pluginTable(options_));
        std::vector<std::string> lines;
        for (std::string line; std::getline(table, line);) {
            lines.push_back(line);
        }

        CPPUNIT_ASSERT_EQUAL(host::standardPlugins().size() + 4, lines.size());
        CPPUNIT_ASSERT(lines[0].starts_with("NAME "));
        const std::string& allowlist = lines[lines.size() - 3];
        CPPUNIT_ASSERT_MESSAGE(allowlist, allowlist.starts_with("allowlist  "));
        CPPUNIT_ASSERT_EQUAL(lines[0].find("VERSION"), allowlist.find("1.0.0"));
        CPPUNIT_ASSERT_MESSAGE(allowlist, allowlist.ends_with("  on"));
        CPPUNIT_ASSERT_EQUAL(lines[0].find("FILE"), allowlist.find(testModule("allowlist")));
        CPPUNIT_ASSERT_EQUAL(lines[0].find("ABI"), allowlist.find(sdk::abiSignature()));
        const std::string& otherAbi = lines[lines.size() - 2];
        CPPUNIT_ASSERT_EQUAL(lines[0].find("ABI"), otherAbi.find("gnatsd-sdk/0;poco/1.9.0"));
        CPPUNIT_ASSERT_EQUAL(lines[0].find("STATE"), otherAbi.find("refused: found ABI"));
        CPPUNIT_ASSERT_MESSAGE(lines.back(), lines.back().ends_with("  missing"));
    }

    TempFolder folder_;
    host::Options options_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginSpecTest);

}  // namespace gnatsd::tests
