// SharedRules: the same rules object for the same key, as long as somebody uses it. The server
// compiles rules once per object, so all sessions of a user shall have the same.
//
// Threads: any; the lock is a leaf, but for the call of `make`.

#pragma once

#include <gnatsd/PermissionProvider.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace gnatsd::common {

class SharedRules {
public:
    using Rules = std::shared_ptr<const sdk::PermissionRules>;

    /// The rules in use under that key, else what `make` answers. Throws what `make` throws.
    template <class Make>
    Rules get(const std::string& key, const Make& make) {
        const std::lock_guard lock(mutex_);
        if (const auto known = made_.find(key); known != made_.end()) {
            if (Rules rules = known->second.lock()) {
                return rules;
            }
        }
        Rules rules = make();
        made_[key] = rules;
        if (made_.size() >= sweepAt_) {
            std::erase_if(made_, [](const auto& entry) { return entry.second.expired(); });
            sweepAt_ = std::max(kSweepFrom, 2 * made_.size());
        }
        return rules;
    }

private:
    static constexpr std::size_t kSweepFrom = 1024;

    std::mutex mutex_;
    std::unordered_map<std::string, std::weak_ptr<const sdk::PermissionRules>> made_;
    std::size_t sweepAt_ = kSweepFrom;
};

}  // namespace gnatsd::common
