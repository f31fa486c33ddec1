// StatsSource: one page of the monitor. It is registered under the page's name: "routez" is
// served as /routez.
//
// Threads: page() from the monitor's threads, several at once.
// Lifetime: the query is valid during the call.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::sdk {

struct StatsQuery {
    /// Decoded names and values, in the order of the URL.
    std::vector<std::pair<std::string, std::string>> parameters;

    /// The first value of that name, or `otherwise`.
    std::string_view get(std::string_view name, std::string_view otherwise = {}) const {
        for (const auto& [key, value] : parameters) {
            if (key == name) {
                return value;
            }
        }
        return otherwise;
    }
};

struct StatsPage {
    int status = 200;
    std::string contentType = "application/json";
    std::string body;
};

class StatsSource {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.StatsSource/1";

    StatsSource() = default;
    virtual ~StatsSource() = default;
    StatsSource(const StatsSource&) = delete;
    StatsSource& operator=(const StatsSource&) = delete;

    virtual StatsPage page(const StatsQuery& query) const = 0;
};

}  // namespace gnatsd::sdk
