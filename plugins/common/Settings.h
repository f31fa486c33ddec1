// Settings: reads single settings of a plug-in; what is wrong is refused with its place in the
// file.
//
// Threads: main only, in configure() and prepare().

#pragma once

#include <gnatsd/Plugin.h>

#include <Poco/Dynamic/Var.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::common {

/// The value as it stands, or `otherwise`.
std::string readText(const sdk::Config& config, const std::string& key,
                     const std::string& otherwise = {});

/// Refuses what is missing or empty.
std::string requireText(const sdk::Config& config, const std::string& key);

/// True or false; false when it is missing.
bool readFlag(const sdk::Config& config, const std::string& key);

/// `500ms`, `2s`, `1h30m`; a number alone means seconds, and is refused if it could be `5m` without
/// quotes, which the configuration's language takes for 5000000 (CFG-42).
std::chrono::milliseconds readDuration(const sdk::Config& config, const std::string& key,
                                       std::chrono::milliseconds otherwise);

/// A whole number from `least` to `most`.
std::int64_t readCount(const sdk::Config& config, const std::string& key, std::int64_t otherwise,
                       std::int64_t least, std::int64_t most);

/// A list, or a single value as a list of one.
std::vector<std::string> readList(const sdk::Config& config, const std::string& key);

/// That key with all below it as JSON: objects, arrays and texts. Null when there is no such key.
Poco::Dynamic::Var toJson(const sdk::Config& config, const std::string& key);

}  // namespace gnatsd::common
