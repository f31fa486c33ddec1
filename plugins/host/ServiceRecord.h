// ServiceRecord: one service in the registry, and the means to wait until nobody uses it.
//
// What users pin is not the service's own pointer but a keeper in front of it, so the plug-in's
// own reference does not count as a user.
//
// Threads: pin() from any, without a lock; revoke() once, by whoever took the record out.
// Lifetime: shared by the table and by references; the service goes with its last user.

#pragma once

#include "kernel/Mutex.h"
#include <gnatsd/ServiceRegistry.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::host {

class ServiceRecord final : public sdk::ServiceEntry {
public:
    ServiceRecord(std::string interfaceId, std::string name, int rank, std::string owner,
                  const std::shared_ptr<void>& service);

    std::shared_ptr<void> pin() const noexcept override;
    std::string_view name() const noexcept override { return name_; }
    int rank() const noexcept override { return rank_; }

    const std::string& interfaceId() const noexcept { return interfaceId_; }
    const std::string& owner() const noexcept { return owner_; }

    /// From now on pin() answers null. Requires: called once.
    void revoke() noexcept;

    /// Waits until no pin is left; answers how many there still are after `patience`.
    /// Requires: revoke() was called.
    long waitUnpinned(std::chrono::milliseconds patience);

private:
    // Shared with the keeper, whose end it announces.
    struct Gone {
        kernel::Mutex mutex;
        std::condition_variable_any changed;
        bool gone GNATSD_GUARDED_BY(mutex) = false;
    };
    struct Keeper;

    const std::string interfaceId_;
    const std::string name_;
    const int rank_;
    const std::string owner_;
    const std::shared_ptr<Gone> gone_;
    std::shared_ptr<void> strong_;  // touched by the constructor and revoke() only
    const std::weak_ptr<void> weak_;
    std::atomic<bool> revoked_{false};
};

}  // namespace gnatsd::host
