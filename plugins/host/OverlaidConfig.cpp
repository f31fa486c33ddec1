#include "plugins/host/OverlaidConfig.h"

#include "plugins/host/conf/ConfigView.h"

#include <algorithm>
#include <utility>

namespace gnatsd::host {

bool readRaw(const sdk::Config& config, const std::string& key, std::string& value) {
    static const std::string kMissing("\0missing\0", 9);  // no setting has zeros
    std::string found = config.getRawString(key, kMissing);
    if (found == kMissing) {
        return false;
    }
    value = std::move(found);
    return true;
}

std::string OverlaidConfig::place(const std::string& key) const {
    const auto* view = dynamic_cast<const conf::ConfigView*>(block_.get());
    if (view == nullptr || over_.contains(key)) {
        return {};
    }
    std::string at = key;
    auto place = view->place(at);
    while (!place && !at.empty()) {
        const std::string::size_type dot = at.rfind('.');
        at.resize(dot == std::string::npos ? 0 : dot);
        place = view->place(at);
    }
    return place && place->file ? place->text() : std::string();
}

bool OverlaidConfig::getRaw(const std::string& key, std::string& value) const {
    if (const auto set = over_.find(key); set != over_.end()) {
        value = set->second;
        return true;
    }
    return readRaw(*block_, key, value);
}

void OverlaidConfig::setRaw(const std::string& key, const std::string& value) {
    over_[key] = value;
}

void OverlaidConfig::enumerate(const std::string& key, Keys& range) const {
    block_->keys(key, range);
    const std::string prefix = key.empty() ? key : key + ".";
    for (const auto& [name, value] : over_) {
        if (name.starts_with(prefix)) {
            const std::string child =
                name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size());
            if (std::find(range.begin(), range.end(), child) == range.end()) {
                range.push_back(child);
            }
        }
    }
}

}  // namespace gnatsd::host
