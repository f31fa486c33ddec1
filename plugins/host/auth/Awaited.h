// Awaited: the checks that wait for an asynchronous authenticator, each under a number.
//
// Whoever takes a check out goes on with it: the first answer, or the host that gives it up. All
// others find nothing, so that answers given twice, too late or never do no harm.
//
// Threads: any; the lock is a leaf.
// Lifetime: shared by the chain and by the replies that plug-ins keep.

#pragma once

#include "kernel/Mutex.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gnatsd::host::auth {

class Check;

class Awaited {
public:
    explicit Awaited(std::size_t most) : most_(most) {}

    /// 0 when there is no room.
    std::uint64_t put(std::shared_ptr<Check> check) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        if (checks_.size() >= most_) {
            return 0;
        }
        checks_.emplace(++last_, std::move(check));
        return last_;
    }

    /// Null when it was taken already.
    std::shared_ptr<Check> take(std::uint64_t number) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        const auto found = checks_.find(number);
        if (found == checks_.end()) {
            return nullptr;
        }
        std::shared_ptr<Check> check = std::move(found->second);
        checks_.erase(found);
        return check;
    }

    std::shared_ptr<Check> look(std::uint64_t number) const GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        const auto found = checks_.find(number);
        return found == checks_.end() ? nullptr : found->second;
    }

    /// All that fit.
    template <class Fits>
    std::vector<std::shared_ptr<Check>> takeIf(Fits fits) GNATSD_EXCLUDES(mutex_) {
        std::vector<std::shared_ptr<Check>> taken;
        const kernel::MutexLock lock(mutex_);
        std::erase_if(checks_, [&](auto& one) {
            if (!fits(*one.second)) {
                return false;
            }
            taken.push_back(std::move(one.second));
            return true;
        });
        return taken;
    }

private:
    const std::size_t most_;
    mutable kernel::Mutex mutex_;
    std::uint64_t last_ GNATSD_GUARDED_BY(mutex_) = 0;
    std::unordered_map<std::uint64_t, std::shared_ptr<Check>> checks_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::host::auth
