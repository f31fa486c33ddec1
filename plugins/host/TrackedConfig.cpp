#include "plugins/host/TrackedConfig.h"

#include "plugins/host/OverlaidConfig.h"

#include <functional>
#include <utility>

namespace gnatsd::host {

namespace {

std::string joined(const std::string& prefix, const std::string& child) {
    std::string key = prefix;
    if (!key.empty()) {
        key += '.';
    }
    key += child;
    return key;
}

std::size_t hashOf(const std::string& key) noexcept {
    return std::hash<std::string>()(key);
}

}  // namespace

std::string TrackedConfig::place(const std::string& key) const {
    const auto* overlaid = dynamic_cast<const OverlaidConfig*>(settings_.get());
    return overlaid == nullptr ? std::string() : overlaid->place(key);
}

std::vector<std::string> TrackedConfig::unread() const {
    std::vector<std::string> found;
    collectUnread("", found);
    return found;
}

bool TrackedConfig::getRaw(const std::string& key, std::string& value) const {
    lastKey_ = key;
    read_.insert(hashOf(key));
    return readRaw(*settings_, key, value);
}

void TrackedConfig::setRaw(const std::string& key, const std::string& value) {
    settings_->setString(key, value);
}

void TrackedConfig::enumerate(const std::string& key, Keys& range) const {
    settings_->keys(key, range);
    // Whoever lists a block looks at everything in it.
    for (const std::string& child : range) {
        read_.insert(hashOf(joined(key, child)));
    }
}

void TrackedConfig::collectUnread(const std::string& prefix,
                                  std::vector<std::string>& found) const {
    Keys children;
    settings_->keys(prefix, children);
    for (const std::string& child : children) {
        const std::string key = joined(prefix, child);
        if (read_.contains(hashOf(key))) {
            continue;
        }
        if (settings_->has(key)) {
            found.push_back(key);
        }
        collectUnread(key, found);
    }
}

}  // namespace gnatsd::host
