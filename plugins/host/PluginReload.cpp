#include "plugins/host/PluginReload.h"

#include "plugins/host/Barrier.h"
#include "plugins/host/HostError.h"
#include "plugins/host/PluginProblem.h"
#include "plugins/host/SameSettings.h"
#include "plugins/host/TrackedConfig.h"

#include <algorithm>
#include <utility>

namespace gnatsd::host {

namespace {

std::string needsRestart(const std::string& name, const std::string& file, const char* found) {
    return "Plug-in " + name + ": " + file + ": found " + found +
           ", wanted what the server was started with (this needs a restart)";
}

}  // namespace

PluginReload::PluginReload(PluginHost& host, const std::vector<PluginSpec>& specs) : host_(host) {
    for (const PluginSpec& spec : specs) {
        const auto running =
            std::find_if(host_.plugins_.begin(), host_.plugins_.end(),
                         [&](const PluginHost::Running& one) { return one.name == spec.name; });
        if (running == host_.plugins_.end()) {
            addOne(spec);
        } else {
            prepareOne(static_cast<std::size_t>(running - host_.plugins_.begin()), spec);
        }
    }
    findRemoved(specs);
    if (!problems_.empty()) {
        throw HostError(inLines(problems_));
    }
}

PluginReload::~PluginReload() = default;

void PluginReload::prepareOne(std::size_t index, const PluginSpec& spec) {
    PluginHost::Running& running = host_.plugins_[index];
    const Poco::AutoPtr<TrackedConfig> config = new TrackedConfig(spec.config);
    std::unique_ptr<sdk::Reconfiguration> change;
    if (const auto error = caught([&] { change = running.plugin->prepare(*config); })) {
        problems_.push_back(configProblem(running.name, running.file, "prepare", *error, *config));
        return;
    }
    if (change == nullptr) {
        if (!sameSettings(*running.config, *spec.config)) {
            problems_.push_back(needsRestart(running.name, running.file, "changed settings"));
        }
        return;
    }
    host_.warnUnread(running.name, *config);
    prepared_.push_back({index, std::move(change), spec.config});
}

void PluginReload::addOne(const PluginSpec& spec) {
    std::vector<PluginHost::Running> loaded;
    host_.loadOne(spec, loaded, problems_);
    for (PluginHost::Running& one : loaded) {
        if (one.runLevel != sdk::RunLevel::auth) {
            problems_.push_back(needsRestart(one.name, one.file, "a plug-in that does not run"));
            continue;
        }
        added_.push_back(std::move(one));
    }
}

void PluginReload::findRemoved(const std::vector<PluginSpec>& specs) {
    for (const PluginHost::Running& running : host_.plugins_) {
        if (std::any_of(specs.begin(), specs.end(),
                        [&](const PluginSpec& spec) { return spec.name == running.name; })) {
            continue;
        }
        if (running.runLevel == sdk::RunLevel::auth) {
            removed_.push_back(running.name);
        } else {
            problems_.push_back(needsRestart(running.name, running.file, "that it shall not run"));
        }
    }
}

void PluginReload::commit() {
    startAdded();
    for (Prepared& prepared : prepared_) {
        prepared.change->apply();
        host_.plugins_[prepared.index].config = std::move(prepared.config);
    }
    prepared_.clear();
    removeAndJoin();
}

void PluginReload::startAdded() {
    for (auto one = added_.begin(); one != added_.end(); ++one) {
        try {
            host_.startOne(*one);
        } catch (const HostError&) {
            while (one != added_.begin()) {
                host_.stopOne(*--one);
            }
            throw;
        }
    }
}

void PluginReload::removeAndJoin() noexcept {
    for (const std::string& name : removed_) {
        const auto running =
            std::find_if(host_.plugins_.begin(), host_.plugins_.end(),
                         [&](const PluginHost::Running& one) { return one.name == name; });
        host_.quiesceOne(*running);
        host_.stopOne(*running);
        host_.plugins_.erase(running);
    }
    for (PluginHost::Running& one : added_) {
        host_.openOne(one);
        host_.plugins_.push_back(std::move(one));
    }
    added_.clear();
    host_.sortByRunLevel();
}

}  // namespace gnatsd::host
