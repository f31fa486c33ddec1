// RuleReader: reads one permission map of the configuration.
//
// Threads: main only, while the plug-in is configured.

#pragma once

#include <gnatsd/PermissionProvider.h>
#include <gnatsd/Plugin.h>

#include <memory>
#include <string>
#include <vector>

namespace gnatsd::auth::permissions {

class RuleReader {
public:
    /// `strict`: a side that a map does not mention allows nothing (OPT-166).
    RuleReader(const sdk::Config& config, bool strict) : config_(config), strict_(strict) {}

    /// The map at `key`, or null when there is none. Throws what is wrong with it. `whose` is for
    /// warnings: `user "bob"`.
    std::shared_ptr<const sdk::PermissionRules> read(const std::string& key,
                                                     const std::string& whose);

    /// One for each side that a map left open (OPT-87), in the order of reading.
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
    bool readSide(const std::string& key, bool queues, sdk::SubjectRules& rules) const;
    std::vector<std::string> readSubjects(const std::string& key, bool queues) const;
    bool readResponses(const std::string& key, std::optional<sdk::ResponseRule>& responses) const;
    void leftOpen(const std::string& whose, const char* side, sdk::SubjectRules& rules);

    bool isListed(const std::string& key) const;

    const sdk::Config& config_;
    const bool strict_;
    std::vector<std::string> warnings_;
};

/// `a.*.b`, `a.>`: no empty token, `>` at the end only, no blanks.
bool isPattern(std::string_view subject);

}  // namespace gnatsd::auth::permissions
