#include "plugins/host/PluginHost.h"

#include "plugins/host/Barrier.h"
#include "plugins/host/HostError.h"
#include "plugins/host/PluginProblem.h"
#include "plugins/host/PluginReload.h"
#include "plugins/host/StandardPlugins.h"
#include "plugins/host/TrackedConfig.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace gnatsd::host {

namespace {

class PluginLogger final : public sdk::Logger {
public:
    PluginLogger(std::string name, kernel::Log& log) : prefix_(std::move(name) + ": "), log_(log) {}

    bool wants(sdk::LogLevel level) const noexcept override {
        switch (level) {
            case sdk::LogLevel::debug:
                return log_.debugOn();
            case sdk::LogLevel::trace:
                return log_.traceOn();
            default:
                return true;
        }
    }

    void write(sdk::LogLevel level, std::string_view text) noexcept override {
        if (wants(level)) {
            log_.write(kernelLevel(level), prefix_ + oneLine(text));
        }
    }

private:
    static kernel::Level kernelLevel(sdk::LogLevel level) noexcept {
        switch (level) {
            case sdk::LogLevel::error:
                return kernel::Level::error;
            case sdk::LogLevel::warning:
                return kernel::Level::warning;
            case sdk::LogLevel::info:
                return kernel::Level::info;
            case sdk::LogLevel::debug:
                return kernel::Level::debug;
            case sdk::LogLevel::trace:
                return kernel::Level::trace;
        }
        return kernel::Level::error;
    }

    const std::string prefix_;
    kernel::Log& log_;
};

}  // namespace

class PluginHost::Context final : public sdk::PluginContext {
public:
    Context(const std::string& name, kernel::Log& log, RegistryImpl& registry)
        : logger_(name, log), registry_(registry.view(name)) {}

    sdk::Logger& logger() noexcept override { return logger_; }
    sdk::ServiceRegistry& registry() noexcept override { return *registry_; }

private:
    PluginLogger logger_;
    const std::unique_ptr<sdk::ServiceRegistry> registry_;
};

PluginHost::PluginHost(std::vector<PluginSpec> specs, kernel::Log& log)
    : specs_(std::move(specs)), log_(log), registry_(log), registryView_(registry_.view("host")) {}

PluginHost::~PluginHost() {
    quiesce();
    stop();
    destroy();
}

void PluginHost::load() {
    std::vector<std::string> problems;
    for (const PluginSpec& spec : specs_) {
        loadOne(spec, plugins_, problems);
    }
    specs_.clear();
    if (!problems.empty()) {
        destroy();
        throw HostError(inLines(problems));
    }
    sortByRunLevel();
}

void PluginHost::loadOne(const PluginSpec& spec, std::vector<Running>& loaded,
                         std::vector<std::string>& problems) {
    const PluginLoader loader(spec);
    const PluginLoader::Findings& found = loader.findings();
    if (!found.problem.empty()) {
        if (found.isMissing && !spec.required) {
            log_.write(kernel::Level::warning, found.line());
        } else {
            problems.push_back(found.line());
        }
        return;
    }
    std::unique_ptr<sdk::Plugin> plugin;
    if (const auto error = caught([&] { plugin = loader.create(); })) {
        problems.push_back(stepProblem(found.name, found.file, "its constructor", *error));
        return;
    }
    const Poco::AutoPtr<TrackedConfig> config = new TrackedConfig(spec.config);
    if (const auto error = caught([&] { plugin->configure(*config); })) {
        problems.push_back(configProblem(found.name, found.file, "configure", *error, *config));
        return;
    }
    warnUnread(found.name, *config);
    Running running{found.name,       found.file,
                    found.runLevel,   State::created,
                    spec.config,      std::make_unique<Context>(found.name, log_, registry_),
                    std::move(plugin)};
    loaded.push_back(std::move(running));
}

void PluginHost::warnUnread(const std::string& name, const TrackedConfig& config) {
    if (findStandardPlugin(name) != nullptr) {
        return;  // ours share blocks, whose keys the option table has checked
    }
    for (const std::string& key : config.unread()) {
        std::string line = config.place(key);
        line.append(line.empty() ? "" : ": ").append("Plug-in ").append(name);
        line.append(" does not know the setting '").append(oneLine(key)).append("'");
        log_.write(kernel::Level::warning, line);
    }
}

void PluginHost::sortByRunLevel() {
    std::stable_sort(plugins_.begin(), plugins_.end(),
                     [](const Running& a, const Running& b) { return a.runLevel < b.runLevel; });
}

void PluginHost::start() {
    for (Running& running : plugins_) {
        try {
            startOne(running);
        } catch (const HostError&) {
            stop();
            throw;
        }
    }
}

void PluginHost::startOne(Running& running) {
    const auto error = caught([&] { running.plugin->start(*running.context); });
    if (!error) {
        running.state = State::started;
        return;
    }
    registry_.revokeLeftovers(running.name);
    // Our own say which port and why in the words of the catalogue (CLI-65, LOG-89).
    throw HostError(findStandardPlugin(running.name) != nullptr
                        ? error->message
                        : stepProblem(running.name, running.file, "start", *error));
}

std::unique_ptr<PluginReload> PluginHost::prepareReload(const std::vector<PluginSpec>& specs) {
    return std::unique_ptr<PluginReload>(new PluginReload(*this, specs));
}

void PluginHost::open() noexcept {
    for (Running& running : plugins_) {
        openOne(running);
    }
}

void PluginHost::openOne(Running& running) noexcept {
    if (running.state == State::started) {
        running.state = State::open;
        callAndLog(running, "open", [&] { running.plugin->open(); });
    }
}

void PluginHost::quiesce() noexcept {
    std::for_each(plugins_.rbegin(), plugins_.rend(),
                  [this](Running& running) { quiesceOne(running); });
}

void PluginHost::quiesceOne(Running& running) noexcept {
    if (running.state == State::open) {
        running.state = State::started;
        callAndLog(running, "quiesce", [&] { running.plugin->quiesce(); });
    }
}

void PluginHost::stop() noexcept {
    std::for_each(plugins_.rbegin(), plugins_.rend(),
                  [this](Running& running) { stopOne(running); });
}

void PluginHost::stopOne(Running& running) noexcept {
    if (running.state == State::created) {
        return;
    }
    running.state = State::created;
    callAndLog(running, "stop", [&] { running.plugin->stop(); });
    registry_.revokeLeftovers(running.name);
}

void PluginHost::destroy() noexcept {
    while (!plugins_.empty()) {
        plugins_.pop_back();
    }
}

void PluginHost::callAndLog(const Running& running, const char* step,
                            const std::function<void()>& call) noexcept {
    if (const auto error = caught(call)) {
        log_.write(kernel::Level::error, stepProblem(running.name, running.file, step, *error));
    }
}

}  // namespace gnatsd::host
