#include "plugins/host/PluginProblem.h"

#include "plugins/host/StandardPlugins.h"

namespace gnatsd::host {

namespace {

std::string found(const std::string& name, const std::string& file, const std::string& step,
                  const std::string& where, const Thrown& error) {
    return "Plug-in " + name + ": " + file + ": found an error in " + step + where + " (" +
           error.text + "), wanted " + step + " to succeed";
}

}  // namespace

std::string stepProblem(const std::string& name, const std::string& file, const std::string& step,
                        const Thrown& error) {
    return found(name, file, step, "", error);
}

std::string configProblem(const std::string& name, const std::string& file, const std::string& step,
                          const Thrown& error, const TrackedConfig& config) {
    const std::string& key = config.lastKey();
    const std::string where = key.empty() ? "" : " at setting '" + oneLine(key) + "'";
    const std::string place = key.empty() ? "" : config.place(key);
    if (place.empty()) {
        return found(name, file, step, where, error);
    }
    if (findStandardPlugin(name) != nullptr) {
        return place + ": " + error.message;  // AU-5
    }
    return place + ": " + found(name, file, step, where, error);
}

std::string inLines(const std::vector<std::string>& problems) {
    std::string lines;
    for (const std::string& problem : problems) {
        lines += lines.empty() ? problem : "\n" + problem;
    }
    return lines;
}

}  // namespace gnatsd::host
