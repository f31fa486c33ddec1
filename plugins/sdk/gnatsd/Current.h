// Current: the settings that count now. A reload replaces them as a whole while checks go on with
// the ones they started with. For plug-ins; the host does not need it.
//
// Threads: any. The lock is a leaf and held for the copy of a pointer.

#pragma once

#include <memory>
#include <mutex>

namespace gnatsd::sdk {

template <class T>
class Current {
public:
    /// Null until something is set.
    std::shared_ptr<const T> get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }

    void set(std::shared_ptr<const T> next) {
        // What was current may be destroyed when `next` goes, which is after the lock.
        const std::lock_guard lock(mutex_);
        value_.swap(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
};

}  // namespace gnatsd::sdk
