#include "plugins/host/HostError.h"
#include "plugins/host/PluginLoader.h"
#include "tests/plugins/Fixtures.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class PluginLoaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginLoaderTest);
    CPPUNIT_TEST(aGoodModuleIsDescribedAndMade);
    CPPUNIT_TEST(modulesOfBothCompilersLoad);
    CPPUNIT_TEST(aMissingFileIsNamed);
    CPPUNIT_TEST(aFolderIsNoModule);
    CPPUNIT_TEST(aTextFileIsNoLibrary);
    CPPUNIT_TEST(aFileThatOthersMayWriteIsNotOpened);
    CPPUNIT_TEST(aLibraryWithoutDescriptorIsRefused);
    CPPUNIT_TEST(anotherAbiIsRefusedBeforeItsCodeRuns);
    CPPUNIT_TEST(aShortDescriptorIsRefused);
    CPPUNIT_TEST(anUnknownRunLevelIsRefused);
    CPPUNIT_TEST(anotherPluginInTheFileIsRefused);
    CPPUNIT_TEST(aModuleWithoutManifestIsRefused);
    CPPUNIT_TEST(aManifestWithoutTheClassIsRefused);
    CPPUNIT_TEST(anUnknownBuiltinIsRefused);
    CPPUNIT_TEST_SUITE_END();

    static host::PluginLoader::Findings findings(const std::string& name, const std::string& path) {
        return host::PluginLoader(specOf(name, path)).findings();
    }

    /// The problem of the module of that name; also checks that the line names the file.
    static std::string problem(const std::string& name) {
        const auto found = findings(name, testModule(name));
        CPPUNIT_ASSERT(found.line().find(testModule(name)) != std::string::npos);
        CPPUNIT_ASSERT(found.line().find('\n') == std::string::npos);
        return found.problem;
    }

    static void assertHas(const std::string& text, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' not in '" + text + "'",
                               text.find(part) != std::string::npos);
    }

    void aGoodModuleIsDescribedAndMade() {
        const host::PluginLoader loader(specOf("allowlist", testModule("allowlist")));

        CPPUNIT_ASSERT_EQUAL(std::string(), loader.findings().problem);
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), loader.findings().version);
        CPPUNIT_ASSERT_EQUAL(std::string(sdk::abiSignature()), loader.findings().abi);
        CPPUNIT_ASSERT(loader.findings().runLevel == sdk::RunLevel::auth);
        CPPUNIT_ASSERT(loader.create() != nullptr);
    }

    void modulesOfBothCompilersLoad() {
        for (const std::string compiler : {"g++", "clang++"}) {
            const fs::path folder = fs::path(GNATSD_TEST_MODULES) / compiler;
            const host::PluginLoader loader(
                specOf("allowlist", (folder / host::moduleFileName("allowlist")).string()));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(compiler, std::string(), loader.findings().problem);
            const auto plugin = loader.create();
            const auto spec = specOf("allowlist", "", {"allow", "alice"});
            CPPUNIT_ASSERT_NO_THROW_MESSAGE(compiler, plugin->configure(*spec.config));
        }
    }

    void aMissingFileIsNamed() {
        const auto found = findings("ghost", folder_.file("libghost.so"));

        CPPUNIT_ASSERT(found.isMissing);
        CPPUNIT_ASSERT_EQUAL("Plug-in ghost: " + folder_.file("libghost.so") +
                                 ": found no such file, wanted a plug-in module (GNATSD_PLUGIN, "
                                 "built for " +
                                 sdk::abiSignature() + ")",
                             found.line());
    }

    void aFolderIsNoModule() {
        assertHas(findings("x", folder_.path().string()).problem, "found a folder, wanted a plug");
    }

    void aTextFileIsNoLibrary() {
        writeFile(folder_.file("libtext.so"), "not a library, but long enough to be looked at\n");
        fs::permissions(folder_.file("libtext.so"), fs::perms(0644));

        assertHas(findings("text", folder_.file("libtext.so")).problem,
                  "found no loadable library (");
    }

    void aFileThatOthersMayWriteIsNotOpened() {
        const std::string copy = folder_.file("liballowlist.so");
        fs::copy_file(testModule("allowlist"), copy);
        fs::permissions(copy, fs::perms(0666));

        CPPUNIT_ASSERT_EQUAL(
            std::string("found mode 0666, wanted a file that others may not write"),
            findings("allowlist", copy).problem);
        CPPUNIT_ASSERT_EQUAL(std::string(), findings("allowlist", copy).version);
        fs::permissions(copy, fs::perms(0644));
        CPPUNIT_ASSERT_EQUAL(std::string(), findings("allowlist", copy).problem);
    }

    void aLibraryWithoutDescriptorIsRefused() {
        assertHas(problem("nodescriptor"),
                  "found a library without gnatsdPluginDescriptor, wanted");
    }

    void anotherAbiIsRefusedBeforeItsCodeRuns() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("found ABI gnatsd-sdk/0;poco/1.9.0;libstdc++/cxx11=0;32-bit, wanted ABI ") +
                sdk::abiSignature(),
            problem("otherabi"));
    }

    void aShortDescriptorIsRefused() {
        assertHas(problem("shortdescriptor"), "found a descriptor of another form, wanted");
    }

    void anUnknownRunLevelIsRefused() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("found run level 99, wanted auth, monitor, routes or clients"),
            problem("otherlevel"));
    }

    void anotherPluginInTheFileIsRefused() {
        CPPUNIT_ASSERT_EQUAL(std::string("found plug-in 'allowlist' in it, wanted 'other'"),
                             findings("other", testModule("allowlist")).problem);
    }

    void aModuleWithoutManifestIsRefused() {
        assertHas(problem("nomanifest"), "found a library without pocoBuildManifest, wanted");
    }

    void aManifestWithoutTheClassIsRefused() {
        const host::PluginLoader loader(specOf("noclass", testModule("noclass")));

        CPPUNIT_ASSERT_EQUAL(std::string(), loader.findings().problem);
        try {
            loader.create();
            CPPUNIT_FAIL("a plug-in without its class was made");
        } catch (const host::HostError& error) {
            assertHas(error.message(), "found a library that does not make class NotThere, wanted");
        }
    }

    void anUnknownBuiltinIsRefused() {
        const auto found = findings("ghost", "");

        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "Plug-in ghost: built in: found no such plug-in in this program, wanted ghost"),
            found.line());
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginLoaderTest);

}  // namespace gnatsd::tests
