#include "plugins/host/options/CheckConfiguration.h"

#include "kernel/Log.h"
#include "plugins/host/HostError.h"
#include "plugins/host/PluginHost.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/host/options/PluginBlocks.h"

#include <sstream>

namespace gnatsd::host {

namespace {

/// Keeps what plug-ins find wrong with their settings but can live with.
class WarningLog final : public kernel::Log {
public:
    void write(kernel::Level level, std::string_view text) noexcept override {
        if (level == kernel::Level::warning || level == kernel::Level::error) {
            lines_.emplace_back(text);
        }
    }

    const std::vector<std::string>& lines() const { return lines_; }

private:
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> checkConfiguration(const Options& options) {
    WarningLog log;
    std::vector<std::string> problems;
    try {
        PluginHost plugins(pluginSpecs(options, options::pluginBlocks(options)), log);
        plugins.load();
        plugins.destroy();
    } catch (const HostError& error) {
        std::istringstream lines(error.message());
        for (std::string line; std::getline(lines, line);) {
            problems.push_back(line);
        }
    }
    problems.insert(problems.end(), log.lines().begin(), log.lines().end());
    return problems;
}

}  // namespace gnatsd::host
