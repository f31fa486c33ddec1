// RegistryImpl: the table behind sdk::ServiceRegistry. Everyone who uses it gets a view that
// carries an owner's name, so that the host can take back what a plug-in forgot.
//
// Threads: any. One lock guards table and event queue; no callback runs while it is held. Events
// wait in one queue; whoever comes first delivers, one event at a time, so all watchers hear them
// in the same order.
// Lifetime: handles and references may outlive it; they then do nothing.

#pragma once

#include "kernel/Log.h"
#include <gnatsd/ServiceRegistry.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace gnatsd::host {

class RegistryTable;

class RegistryImpl {
public:
    /// `patience`: how long revoking waits for late users and for a running callback.
    explicit RegistryImpl(kernel::Log& log,
                          std::chrono::milliseconds patience = std::chrono::seconds(5));
    ~RegistryImpl();
    RegistryImpl(const RegistryImpl&) = delete;
    RegistryImpl& operator=(const RegistryImpl&) = delete;

    /// A view whose services and watches belong to `owner`.
    std::unique_ptr<sdk::ServiceRegistry> view(std::string owner);

    /// Revokes every service and watch that `owner` still has; logs each as the owner's mistake.
    /// Answers how many there were.
    std::size_t revokeLeftovers(const std::string& owner);

private:
    const std::shared_ptr<RegistryTable> table_;
};

}  // namespace gnatsd::host
