#include "plugins/host/HostError.h"
#include "plugins/host/OverlaidConfig.h"
#include "plugins/host/PluginReload.h"
#include "plugins/host/conf/ConfigView.h"
#include "plugins/host/conf/Value.h"
#include "tests/plugins/Fixtures.h"
#include <gnatsd/Authenticator.h>

#include <Poco/Util/MapConfiguration.h>
#include <cppunit/extensions/HelperMacros.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace conf = host::conf;

class PluginReloadTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginReloadTest);
    CPPUNIT_TEST(allArePreparedBeforeAnyIsSwitched);
    CPPUNIT_TEST(withoutCommitNothingHappens);
    CPPUNIT_TEST(allProblemsAreReportedAndNothingHappens);
    CPPUNIT_TEST(whoCannotChangeNeedsARestart);
    CPPUNIT_TEST(whoCannotChangeAndNeedNotIsLeftAlone);
    CPPUNIT_TEST(plugInsOfTheAuthLevelComeAndGo);
    CPPUNIT_TEST(othersNeedARestartToComeOrGo);
    CPPUNIT_TEST(whenANewOneDoesNotStartNothingHappens);
    CPPUNIT_TEST(theNextReloadComparesWithTheLastOne);
    CPPUNIT_TEST(problemsNameThePlaceInTheFile);
    CPPUNIT_TEST_SUITE_END();

    /// `value` is what the plug-in switches to; `mode` what prepare() does.
    host::PluginSpec spec(const std::string& name, const std::string& value,
                          const std::string& mode = "change", const std::string& fail = "") const {
        return specOf(name, testModule(name),
                      {"journal", journal_, "value", value, "mode", mode, "fail", fail});
    }

    std::string journal() {
        std::string text = readFile(journal_);
        writeFile(journal_, "");
        for (char& c : text) {
            c = c == '\n' ? ',' : c;
        }
        return text;
    }

    static std::string messageOf(const std::function<void()>& call) {
        try {
            call();
        } catch (const host::HostError& error) {
            return error.message();
        }
        return "nothing was thrown";
    }

    void run(std::vector<host::PluginSpec> specs) {
        host_ = std::make_unique<host::PluginHost>(std::move(specs), log_);
        host_->load();
        host_->start();
        host_->open();
        journal();
    }

    void allArePreparedBeforeAnyIsSwitched() {
        run({spec("recauth", "1"), spec("recroutes", "1")});
        const auto reload = host_->prepareReload({spec("recauth", "2"), spec("recroutes", "3")});
        CPPUNIT_ASSERT_EQUAL(std::string("recauth prepare,recroutes prepare,"), journal());

        reload->commit();
        CPPUNIT_ASSERT_EQUAL(std::string("recauth value 2,recroutes value 3,"), journal());
    }

    void withoutCommitNothingHappens() {
        run({spec("recauth", "1")});
        host_->prepareReload({spec("recauth", "2")}).reset();

        CPPUNIT_ASSERT_EQUAL(std::string("recauth prepare,"), journal());
    }

    void allProblemsAreReportedAndNothingHappens() {
        run({spec("recauth", "1"), spec("recroutes", "1"), spec("recclients", "1")});
        const std::string lines = messageOf([&] {
            host_->prepareReload({spec("recauth", "2", "throw"), spec("recroutes", "2"),
                                  spec("recclients", "2", "throw")});
        });

        CPPUNIT_ASSERT_EQUAL(
            "Plug-in recauth: " + testModule("recauth") +
                ": found an error in prepare at setting 'value' (Bad data format:"
                " not this value), wanted prepare to succeed\nPlug-in recclients: " +
                testModule("recclients") +
                ": found an error in prepare at setting 'value' (Bad data format:"
                " not this value), wanted prepare to succeed",
            lines);
        CPPUNIT_ASSERT_EQUAL(std::string("recauth prepare,recroutes prepare,recclients prepare,"),
                             journal());
    }

    void whoCannotChangeNeedsARestart() {
        run({spec("recauth", "1", "null"), spec("recroutes", "1")});

        CPPUNIT_ASSERT_EQUAL(
            "Plug-in recauth: " + testModule("recauth") +
                ": found changed settings, wanted what the server was started with (this needs a "
                "restart)",
            messageOf([&] {
                host_->prepareReload({spec("recauth", "2", "null"), spec("recroutes", "2")});
            }));
    }

    void whoCannotChangeAndNeedNotIsLeftAlone() {
        run({spec("recauth", "1", "null")});
        host_->prepareReload({spec("recauth", "1", "null")})->commit();

        CPPUNIT_ASSERT_EQUAL(std::string("recauth prepare,"), journal());
    }

    void plugInsOfTheAuthLevelComeAndGo() {
        run({spec("recroutes", "1")});
        host_->prepareReload({spec("recroutes", "1"), spec("recauth", "1", "change", "leave")})
            ->commit();
        CPPUNIT_ASSERT_EQUAL(std::string("recroutes prepare,recauth configure,recauth start,"
                                         "recroutes value 1,recauth open,"),
                             journal());
        CPPUNIT_ASSERT(host_->registry().find<sdk::Authenticator>("recauth").lock());

        host_->prepareReload({spec("recroutes", "1")})->commit();
        CPPUNIT_ASSERT_EQUAL(std::string("recroutes prepare,recroutes value 1,recauth quiesce,"
                                         "recauth stop,recauth destroy,"),
                             journal());
        CPPUNIT_ASSERT(!host_->registry().find<sdk::Authenticator>("recauth").lock());
    }

    void othersNeedARestartToComeOrGo() {
        run({spec("recclients", "1")});
        const std::string lines =
            messageOf([&] { host_->prepareReload({spec("recroutes", "1")}); });

        CPPUNIT_ASSERT_EQUAL(
            "Plug-in recroutes: " + testModule("recroutes") +
                ": found a plug-in that does not run, wanted what the server was started with "
                "(this needs a restart)\nPlug-in recclients: " +
                testModule("recclients") +
                ": found that it shall not run, wanted what the server was started with (this "
                "needs a restart)",
            lines);
        CPPUNIT_ASSERT_EQUAL(std::string("recroutes configure,recroutes destroy,"), journal());
    }

    void whenANewOneDoesNotStartNothingHappens() {
        run({spec("recroutes", "1")});
        const auto reload =
            host_->prepareReload({spec("recroutes", "2"), spec("recauth", "1", "change", "start")});
        journal();

        CPPUNIT_ASSERT(messageOf([&] { reload->commit(); }).find("found an error in start") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("recauth start,"), journal());
    }

    void theNextReloadComparesWithTheLastOne() {
        run({spec("recauth", "1", "if new")});
        host_->prepareReload({spec("recauth", "2", "if new")})->commit();
        CPPUNIT_ASSERT_EQUAL(std::string("recauth prepare,recauth value 2,"), journal());
        host_->prepareReload({spec("recauth", "2", "if new")})->commit();
        CPPUNIT_ASSERT_EQUAL(std::string("recauth prepare,"), journal());
    }

    void problemsNameThePlaceInTheFile() {
        const auto file = std::make_shared<const std::string>("a.conf");
        const auto entry = [&](const std::string& key, const std::string& value, int line) {
            return conf::Entry{key, conf::Value(value, {file, line, 3}), false};
        };
        run({spec("recauth", "1")});
        auto changed = spec("recauth", "2");
        const conf::Map map({entry("journal", journal_, 7), entry("value", "2", 8),
                             entry("mode", "throw", 9), entry("other", "", 10)});
        changed.config =
            new host::OverlaidConfig(new conf::ConfigView(conf::Value(map, {file, 6, 1})));
        const std::string line = messageOf([&] { host_->prepareReload({changed}); });
        CPPUNIT_ASSERT_MESSAGE(
            line, line.starts_with("a.conf:8:3: Plug-in recauth: " + testModule("recauth") +
                                   ": found an error in prepare at setting 'value' ("));

        changed.config->setString("value", "3");
        const std::string overlaid = messageOf([&] { host_->prepareReload({changed}); });
        CPPUNIT_ASSERT_MESSAGE(overlaid, overlaid.starts_with("Plug-in recauth: "));

        changed.config->setString("mode", "change");
        host_->prepareReload({changed});
        CPPUNIT_ASSERT(
            log_.has("W a.conf:10:3: Plug-in recauth does not know the setting 'other'"));
    }

    RecordingLog log_;
    TempFolder folder_;
    const std::string journal_ = folder_.file("journal");
    std::unique_ptr<host::PluginHost> host_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginReloadTest);

}  // namespace gnatsd::tests
