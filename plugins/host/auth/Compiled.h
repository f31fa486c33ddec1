// Compiled: what an authenticator's rules and limits become, once for each object that it gives.
//
// An authenticator that keeps its users gives the same rules for each of their connections; they
// are compiled the first time, and found again by identity as long as they live.
//
// Threads: any. The lock is a leaf; two threads may compile the same thing, one result stays.

#pragma once

#include "kernel/Mutex.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>

namespace gnatsd::host::auth {

template <class Source, class Result>
class Compiled {
public:
    using Compile = std::function<std::shared_ptr<const Result>(const Source&)>;

    explicit Compiled(Compile compile) : compile_(std::move(compile)) {}

    /// Throws what compiling throws. Requires: not null.
    std::shared_ptr<const Result> of(const std::shared_ptr<const Source>& source)
        GNATSD_EXCLUDES(mutex_) {
        {
            const kernel::MutexLock lock(mutex_);
            const auto found = known_.find(source.get());
            // Another object may have got the address of one that is gone.
            if (found != known_.end() && found->second.source.lock() == source) {
                return found->second.result;
            }
        }
        std::shared_ptr<const Result> result = compile_(*source);
        const kernel::MutexLock lock(mutex_);
        if (known_.size() >= sweepAt_) {
            std::erase_if(known_, [](const auto& one) { return one.second.source.expired(); });
            sweepAt_ = 2 * known_.size() + kFew;
        }
        known_[source.get()] = {source, result};
        return result;
    }

    std::size_t size() const GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        return known_.size();
    }

private:
    static constexpr std::size_t kFew = 64;

    struct Known {
        std::weak_ptr<const Source> source;
        std::shared_ptr<const Result> result;
    };

    const Compile compile_;
    mutable kernel::Mutex mutex_;
    std::unordered_map<const Source*, Known> known_ GNATSD_GUARDED_BY(mutex_);
    std::size_t sweepAt_ GNATSD_GUARDED_BY(mutex_) = kFew;
};

}  // namespace gnatsd::host::auth
