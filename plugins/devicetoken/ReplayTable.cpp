#include "plugins/devicetoken/ReplayTable.h"

#include <cstring>

namespace gnatsd::devicetoken {

ReplayTable::Answer ReplayTable::note(const Mac& mac, std::string_view peer,
                                      std::chrono::seconds until, std::chrono::seconds now,
                                      std::size_t most) {
    const std::lock_guard lock(mutex_);
    while (!byEnd_.empty() && byEnd_.begin()->first < now) {
        peers_.erase(byEnd_.begin()->second);
        byEnd_.erase(byEnd_.begin());
    }
    if (const auto known = peers_.find(mac); known != peers_.end()) {
        return known->second == peer ? Answer::first : Answer::again;
    }
    if (peers_.size() >= most) {
        return Answer::full;
    }
    peers_.emplace(mac, peer);
    byEnd_.emplace(until, mac);
    return Answer::first;
}

std::size_t ReplayTable::size() const {
    const std::lock_guard lock(mutex_);
    return peers_.size();
}

/// A MAC is as random as a hash could make it.
std::size_t ReplayTable::Hash::operator()(const Mac& mac) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, mac.data(), sizeof value);
    return value;
}

}  // namespace gnatsd::devicetoken
