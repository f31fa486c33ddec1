// A plug-in that writes each of its steps into the file that the setting "journal" names, and
// throws in the step that the setting "fail" names. Built several times under different names.

#include <gnatsd/Authenticator.h>
#include <gnatsd/Plugin.h>

#include <Poco/Exception.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>

using namespace gnatsd::sdk;

// The same visible name in every module, on purpose: with global symbol scope all modules would
// run the first one's function.
extern "C" GNATSD_PLUGIN_EXPORT const char* nameOfThisModule() {
    return RECORDER_NAME;
}

namespace {

class NoOne final : public Authenticator {
public:
    AuthResult authenticate(const ConnectRequest&) const override { return AuthResult::reject(); }
};

class Recorder final : public Plugin {
public:
    ~Recorder() override { note("destroy"); }
    void configure(const Config& config) override {
        journal_ = config.getString("journal");
        fail_ = config.getString("fail", "");
        config.getInt("number", 0);
        config.getString("mode", "");
        value_ = config.getString("value", "");
        step("configure");
    }
    void start(PluginContext& context) override {
        logger_ = &context.logger();
        logger_->info("hello\nworld");
        if (fail_ == "leave") {
            registration_ =
                context.registry().provide<Authenticator>(RECORDER_NAME, std::make_shared<NoOne>());
        }
        step("start");
    }
    void open() override { step("open"); }
    // What the setting "mode" says: it can change, it can if the setting "value" did, it cannot, or
    // it refuses that setting.
    std::unique_ptr<Reconfiguration> prepare(const Config& config) override {
        note("prepare");
        const std::string mode = config.getString("mode", "");
        if (mode == "throw") {
            refuseSetting(config, "value", "not this value");
        }
        std::string value = config.getString("value", "");
        if (mode != "change" && (mode != "if new" || value == value_)) {
            return nullptr;
        }
        return whenApplied([this, value = std::move(value)]() mutable {
            value_ = std::move(value);
            note(("value " + value_).c_str());
        });
    }
    void quiesce() override { step("quiesce"); }
    void stop() override { step("stop"); }

private:
    void note(const char* what) {
        if (!journal_.empty()) {
            std::ofstream(journal_, std::ios::app) << nameOfThisModule() << ' ' << what << '\n';
        }
    }
    void step(const char* what) {
        note(what);
        if (fail_ == what) {
            throw Poco::DataException("told to fail\nin two lines");
        }
        if (fail_ == std::string("odd ") + what) {
            throw 42;
        }
    }

    std::string journal_;
    std::string fail_;
    std::string value_;
    Logger* logger_ = nullptr;
    Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(Recorder, RECORDER_NAME, "0.0.1", RECORDER_LEVEL)
