// TrackedConfig: a plug-in's settings, seen through a window that remembers which were asked for.
// It lets the host name the key at which configure() or prepare() failed and the settings that
// nobody read.
//
// Threads: main only, during configure() and prepare().

#pragma once

#include "plugins/host/PluginSpec.h"

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

namespace gnatsd::host {

class TrackedConfig final : public sdk::Config {
public:
    explicit TrackedConfig(ConfigPtr settings) : settings_(std::move(settings)) {}

    /// The key that was read last; empty before the first.
    const std::string& lastKey() const noexcept { return lastKey_; }

    /// As OverlaidConfig::place(); empty for other settings.
    std::string place(const std::string& key) const;

    /// Keys with a value that were neither read nor listed.
    std::vector<std::string> unread() const;

protected:
    bool getRaw(const std::string& key, std::string& value) const override;
    void setRaw(const std::string& key, const std::string& value) override;
    void enumerate(const std::string& key, Keys& range) const override;

private:
    void collectUnread(const std::string& prefix, std::vector<std::string>& found) const;

    ConfigPtr settings_;
    mutable std::string lastKey_;
    // Hashes: a file may have 100,000 users, and a warning may be missed for once.
    mutable std::unordered_set<std::size_t> read_;
};

}  // namespace gnatsd::host
