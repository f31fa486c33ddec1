// Outage: says once in the log that something is away and once that it is back, however many
// clients are refused meanwhile.
//
// Threads: any; the lock is a leaf.
// Lifetime: the logger outlives it.

#pragma once

#include <gnatsd/PluginContext.h>

#include <mutex>
#include <string>

namespace gnatsd::common {

class Outage {
public:
    /// `what` begins the lines: "LDAP server ldaps://..."
    Outage(sdk::Logger& logger, std::string what) : logger_(&logger), what_(std::move(what)) {}

    /// Logs a warning when it is another outage than before. No secret belongs into it.
    void began(const std::string& why);

    /// Logs that it works again, if it did not.
    void ended();

private:
    sdk::Logger* logger_;  // never null
    const std::string what_;

    std::mutex mutex_;
    std::string why_;  // empty: all is well
};

}  // namespace gnatsd::common
