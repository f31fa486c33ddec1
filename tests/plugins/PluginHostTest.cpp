#include "plugins/host/HostError.h"
#include "plugins/host/PluginHost.h"
#include "tests/plugins/Fixtures.h"
#include <gnatsd/Authenticator.h>

#include <cppunit/extensions/HelperMacros.h>

#include <functional>
#include <string>
#include <vector>

namespace gnatsd::tests {

class PluginHostTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginHostTest);
    CPPUNIT_TEST(stepsFollowRunLevelsUpAndDown);
    CPPUNIT_TEST(theDestructorDoesWhatIsLeft);
    CPPUNIT_TEST(allProblemsAreReportedTogetherAndNothingStarts);
    CPPUNIT_TEST(aConfigurationErrorNamesPluginFileAndSetting);
    CPPUNIT_TEST(aThrowingConstructorIsReported);
    CPPUNIT_TEST(aFailedStartUndoesTheEarlierOnes);
    CPPUNIT_TEST(anExceptionOfAnyTypeInStartIsReported);
    CPPUNIT_TEST(exceptionsAfterTheStartAreLogged);
    CPPUNIT_TEST(whatAPluginLeavesBehindIsRevoked);
    CPPUNIT_TEST(anOptionalMissingModuleIsPassedOver);
    CPPUNIT_TEST(unknownSettingsAreLogged);
    CPPUNIT_TEST(thePluginsLogLinesCarryItsName);
    CPPUNIT_TEST_SUITE_END();

    host::PluginSpec recorder(const std::string& name, const std::string& fail = "") const {
        return specOf(name, testModule(name), {"journal", journal_, "fail", fail});
    }

    std::vector<host::PluginSpec> threeRecorders() const {
        return {recorder("recclients"), recorder("recauth"), recorder("recroutes")};
    }

    static std::string messageOf(const std::function<void()>& call) {
        try {
            call();
        } catch (const host::HostError& error) {
            return error.message();
        }
        return "nothing was thrown";
    }

    /// The journal since the last call, one blank between the lines.
    std::string journal() {
        std::string text = readFile(journal_);
        writeFile(journal_, "");
        for (char& c : text) {
            c = c == '\n' ? ',' : c;
        }
        return text;
    }

    void stepsFollowRunLevelsUpAndDown() {
        host::PluginHost host(threeRecorders(), log_);
        host.load();
        CPPUNIT_ASSERT_EQUAL(
            std::string("recclients configure,recauth configure,recroutes configure,"), journal());
        host.start();
        CPPUNIT_ASSERT_EQUAL(std::string("recauth start,recroutes start,recclients start,"),
                             journal());
        host.open();
        CPPUNIT_ASSERT_EQUAL(std::string("recauth open,recroutes open,recclients open,"),
                             journal());
        host.quiesce();
        CPPUNIT_ASSERT_EQUAL(std::string("recclients quiesce,recroutes quiesce,recauth quiesce,"),
                             journal());
        host.stop();
        CPPUNIT_ASSERT_EQUAL(std::string("recclients stop,recroutes stop,recauth stop,"),
                             journal());
        host.destroy();
        CPPUNIT_ASSERT_EQUAL(std::string("recclients destroy,recroutes destroy,recauth destroy,"),
                             journal());
    }

    void theDestructorDoesWhatIsLeft() {
        {
            host::PluginHost host({recorder("recauth")}, log_);
            host.load();
            host.start();
            host.open();
            journal();
        }
        CPPUNIT_ASSERT_EQUAL(std::string("recauth quiesce,recauth stop,recauth destroy,"),
                             journal());
    }

    void allProblemsAreReportedTogetherAndNothingStarts() {
        host::PluginHost host(
            {recorder("recauth"), recorder("recroutes", "configure"),
             specOf("ghost", "/nowhere/libghost.so"), specOf("otherabi", testModule("otherabi"))},
            log_);
        const std::string lines = messageOf([&] { host.load(); });

        CPPUNIT_ASSERT_EQUAL(
            std::size_t{0},
            lines.find("Plug-in recroutes: " + testModule("recroutes") + ": found"));
        CPPUNIT_ASSERT(lines.find("\nPlug-in ghost: /nowhere/libghost.so: found no such file") !=
                       std::string::npos);
        CPPUNIT_ASSERT(lines.find("\nPlug-in otherabi: ") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, std::count(lines.begin(), lines.end(), '\n'));
        CPPUNIT_ASSERT_EQUAL(std::string("recauth configure,recroutes configure,"
                                         "recroutes destroy,recauth destroy,"),
                             journal());
    }

    void aConfigurationErrorNamesPluginFileAndSetting() {
        host::PluginHost missing({specOf("recauth", testModule("recauth"))}, log_);
        CPPUNIT_ASSERT_EQUAL("Plug-in recauth: " + testModule("recauth") +
                                 ": found an error in configure at setting 'journal' (Not found: "
                                 "journal), wanted configure to succeed",
                             messageOf([&] { missing.load(); }));

        auto spec = recorder("recauth");
        spec.config->setString("number", "many");
        host::PluginHost wrong({spec}, log_);
        const std::string line = messageOf([&] { wrong.load(); });
        CPPUNIT_ASSERT_MESSAGE(line, line.find("at setting 'number' (") != std::string::npos);
    }

    void aThrowingConstructorIsReported() {
        host::PluginHost host({specOf("throwsearly", testModule("throwsearly"))}, log_);

        CPPUNIT_ASSERT_EQUAL("Plug-in throwsearly: " + testModule("throwsearly") +
                                 ": found an error in its constructor (an exception that is no "
                                 "std::exception), wanted its constructor to succeed",
                             messageOf([&] { host.load(); }));
    }

    void aFailedStartUndoesTheEarlierOnes() {
        host::PluginHost host(
            {recorder("recauth"), recorder("recroutes", "start"), recorder("recclients")}, log_);
        host.load();
        journal();

        CPPUNIT_ASSERT_EQUAL("Plug-in recroutes: " + testModule("recroutes") +
                                 ": found an error in start (Data error: told to fail\\nin two "
                                 "lines), wanted start to succeed",
                             messageOf([&] { host.start(); }));
        CPPUNIT_ASSERT_EQUAL(std::string("recauth start,recroutes start,recauth stop,"), journal());
        host.open();
        host.stop();
        CPPUNIT_ASSERT_EQUAL(std::string(), journal());
    }

    void anExceptionOfAnyTypeInStartIsReported() {
        host::PluginHost host({recorder("recauth", "odd start")}, log_);
        host.load();
        const std::string line = messageOf([&] { host.start(); });

        CPPUNIT_ASSERT_MESSAGE(line, line.find("found an error in start (an exception that is no "
                                               "std::exception)") != std::string::npos);
    }

    void exceptionsAfterTheStartAreLogged() {
        for (const std::string step : {"open", "quiesce", "stop"}) {
            host::PluginHost host({recorder("recauth", step), recorder("recroutes")}, log_);
            host.load();
            host.start();
            host.open();
            host.quiesce();
            host.stop();
            CPPUNIT_ASSERT_MESSAGE(step, log_.has("E Plug-in recauth: " + testModule("recauth") +
                                                  ": found an error in " + step));
            CPPUNIT_ASSERT_MESSAGE(step, journal().find("recroutes " + step) != std::string::npos);
        }
    }

    void whatAPluginLeavesBehindIsRevoked() {
        host::PluginHost host({recorder("recauth", "leave")}, log_);
        host.load();
        host.start();
        CPPUNIT_ASSERT(host.registry().find<sdk::Authenticator>("recauth").lock());

        host.stop();

        CPPUNIT_ASSERT(!host.registry().find<sdk::Authenticator>("recauth").lock());
        CPPUNIT_ASSERT(
            log_.has("Plug-in recauth left gnatsd.Authenticator/1 'recauth' in the registry"));
    }

    void anOptionalMissingModuleIsPassedOver() {
        auto ghost = specOf("ghost", "/nowhere/libghost.so");
        ghost.required = false;
        host::PluginHost host({ghost, recorder("recauth")}, log_);
        host.load();

        CPPUNIT_ASSERT(log_.has("W Plug-in ghost: /nowhere/libghost.so: found no such file"));
        CPPUNIT_ASSERT_EQUAL(std::string("recauth configure,"), journal());
    }

    void unknownSettingsAreLogged() {
        auto spec = recorder("recauth");
        spec.config->setString("jurnal", "x");
        spec.config->setString("deep.er", "x");
        host::PluginHost host({spec}, log_);
        host.load();

        CPPUNIT_ASSERT(log_.has("W Plug-in recauth does not know the setting 'jurnal'"));
        CPPUNIT_ASSERT(log_.has("W Plug-in recauth does not know the setting 'deep.er'"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, log_.lines().size());
    }

    void thePluginsLogLinesCarryItsName() {
        host::PluginHost host({recorder("recauth")}, log_);
        host.load();
        host.start();

        CPPUNIT_ASSERT(log_.has("I recauth: hello\\nworld"));
    }

    RecordingLog log_;
    TempFolder folder_;
    const std::string journal_ = folder_.file("journal");
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginHostTest);

}  // namespace gnatsd::tests
