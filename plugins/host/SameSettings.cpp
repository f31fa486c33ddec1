#include "plugins/host/SameSettings.h"

#include <algorithm>
#include <string>

namespace gnatsd::host {

namespace {

using Keys = sdk::Config::Keys;

Keys childrenOf(const sdk::Config& config, const std::string& prefix) {
    Keys keys;
    config.keys(prefix, keys);
    std::sort(keys.begin(), keys.end());
    return keys;
}

bool sameBelow(const sdk::Config& before, const sdk::Config& after, const std::string& prefix) {
    const Keys keys = childrenOf(before, prefix);
    if (keys != childrenOf(after, prefix)) {
        return false;
    }
    return std::all_of(keys.begin(), keys.end(), [&](const std::string& child) {
        std::string key = prefix;
        key.append(prefix.empty() ? "" : ".").append(child);
        const bool isSet = before.has(key);
        return isSet == after.has(key) &&
               (!isSet || before.getRawString(key) == after.getRawString(key)) &&
               sameBelow(before, after, key);
    });
}

}  // namespace

bool sameSettings(const sdk::Config& before, const sdk::Config& after) {
    return sameBelow(before, after, "");
}

}  // namespace gnatsd::host
