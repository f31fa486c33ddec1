// What the user of the program sees of plug-ins: the table, and one line per refused module.

#include "tests/plugins/Fixtures.h"
#include <gnatsd/Descriptor.h>

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class ProgramTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProgramTest);
    CPPUNIT_TEST(theTableListsStandardAndGivenModules);
    CPPUNIT_TEST(everyWrongModuleEndsTheStartWithOneLine);
    CPPUNIT_TEST(aThrowInStartEndsTheStartWithOneLine);
    CPPUNIT_TEST(aSettingThatIsMissingIsNamed);
    CPPUNIT_TEST(severalProblemsAreAllReported);
    CPPUNIT_TEST_SUITE_END();

    static Outcome start(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"-a", "127.0.0.1", "-p", "-1"});
        return run(GNATSD_PROGRAM, arguments);
    }

    static std::vector<std::string> fatalLines(const std::string& output) {
        std::vector<std::string> lines;
        std::istringstream in(output);
        for (std::string line; std::getline(in, line);) {
            if (line.find("[FTL]") != std::string::npos) {
                lines.push_back(line);
            }
        }
        return lines;
    }

    /// Starts with `path` as a plug-in; the one fatal line must have file, found and wanted.
    static void assertRefused(const std::string& path, const std::vector<std::string>& settings,
                              const std::string& found) {
        std::vector<std::string> arguments = {"--plugin", path};
        for (const std::string& setting : settings) {
            arguments.insert(arguments.end(), {"--plugin_set", setting});
        }
        const Outcome outcome = start(arguments);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, 1, outcome.status);
        const auto lines = fatalLines(outcome.output);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, std::size_t{1}, lines.size());
        for (const std::string& part : {path, "found " + found, std::string("wanted ")}) {
            CPPUNIT_ASSERT_MESSAGE("'" + part + "' not in " + lines[0],
                                   lines[0].find(part) != std::string::npos);
        }
    }

    void theTableListsStandardAndGivenModules() {
        const Outcome outcome =
            run(GNATSD_PROGRAM, {"--plugins", "--plugin", testModule("allowlist")});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, 0, outcome.status);
        std::istringstream in(outcome.output);
        std::string line;
        std::getline(in, line);
        CPPUNIT_ASSERT_MESSAGE(line, line.starts_with("NAME"));
        std::getline(in, line);
        CPPUNIT_ASSERT_MESSAGE(line, line.starts_with("tcp "));
        CPPUNIT_ASSERT_MESSAGE(line, line.find(sdk::abiSignature()) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(line, line.ends_with("  on"));
        CPPUNIT_ASSERT(outcome.output.find(testModule("allowlist") + " ") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(outcome.output, outcome.output.ends_with("  on\n"));
    }

    void everyWrongModuleEndsTheStartWithOneLine() {
        const std::string text = folder_.file(host::moduleFileName("text"));
        writeFile(text, "this is no library at all, whatever its name may say\n");
        fs::permissions(text, fs::perms(0644));
        const std::string open = folder_.file(host::moduleFileName("allowlist"));
        fs::copy_file(testModule("allowlist"), open);
        fs::permissions(open, fs::perms(0777));

        assertRefused(folder_.file(host::moduleFileName("ghost")), {}, "no such file");
        assertRefused(text, {}, "no loadable library");
        assertRefused(open, {}, "mode 0777");
        assertRefused(testModule("nodescriptor"), {}, "a library without gnatsdPluginDescriptor");
        assertRefused(testModule("otherabi"), {}, "ABI gnatsd-sdk/0;poco/1.9.0");
        assertRefused(testModule("shortdescriptor"), {}, "a descriptor of another form");
        assertRefused(testModule("otherlevel"), {}, "run level 99");
        assertRefused(testModule("nomanifest"), {}, "a library without pocoBuildManifest");
        assertRefused(testModule("noclass"), {}, "an error in its constructor");
        assertRefused(testModule("throwsearly"), {}, "an error in its constructor");
    }

    void aThrowInStartEndsTheStartWithOneLine() {
        const std::string journal = "recauth.journal=" + folder_.file("journal");
        assertRefused(testModule("recauth"), {journal, "recauth.fail=configure"},
                      "an error in configure");
        assertRefused(testModule("recauth"), {journal, "recauth.fail=start"}, "an error in start");
        assertRefused(testModule("recauth"), {journal, "recauth.fail=odd start"},
                      "an error in start");
    }

    void aSettingThatIsMissingIsNamed() {
        assertRefused(testModule("allowlist"), {}, "an error in configure at setting 'allow'");
    }

    void severalProblemsAreAllReported() {
        const Outcome outcome =
            start({"--plugin", testModule("otherabi") + "," + testModule("nodescriptor")});

        CPPUNIT_ASSERT_EQUAL(1, outcome.status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, std::size_t{2},
                                     fatalLines(outcome.output).size());
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProgramTest);

}  // namespace gnatsd::tests
