// OverlaidConfig: a plug-in's block of the file with single settings from the command line over it.
//
// Threads: main only. The block itself is never changed.

#pragma once

#include "plugins/host/PluginSpec.h"

#include <map>
#include <string>
#include <utility>

namespace gnatsd::host {

/// The value of that key as it stands, if there is one; looks only once.
bool readRaw(const sdk::Config& config, const std::string& key, std::string& value);

class OverlaidConfig final : public sdk::Config {
public:
    explicit OverlaidConfig(ConfigPtr block) : block_(std::move(block)) {}

    /// "FILE:LINE:COLUMN" of that key or, if the file does not have it, of the nearest block around
    /// it; empty for a setting from the command line, and when there is no file.
    std::string place(const std::string& key) const;

protected:
    bool getRaw(const std::string& key, std::string& value) const override;
    void setRaw(const std::string& key, const std::string& value) override;
    void enumerate(const std::string& key, Keys& range) const override;

private:
    const ConfigPtr block_;
    std::map<std::string, std::string> over_;
};

}  // namespace gnatsd::host
