// RegistryTable: services, watchers and the queue of events between them; the part of the registry
// that handles keep alive. Only RegistryImpl includes this.
//
// Threads, Lifetime: see RegistryImpl.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "plugins/host/ServiceRecord.h"
#include <gnatsd/ServiceRegistry.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gnatsd::host {

/// One registered callback. `active` is guarded by the table's mutex.
struct Watcher {
    std::string interfaceId;
    std::string owner;
    std::function<void(sdk::Change, std::shared_ptr<const sdk::ServiceEntry>)> onChange;
    bool active = true;
};

class RegistryTable {
public:
    using Record = std::shared_ptr<ServiceRecord>;
    using WatcherPtr = std::shared_ptr<Watcher>;

    RegistryTable(kernel::Log& log, std::chrono::milliseconds patience)
        : log_(log), patience_(patience) {}

    /// Throws Poco::ExistsException, Poco::InvalidArgumentException, Poco::IllegalStateException.
    void add(const Record& record) GNATSD_EXCLUDES(mutex_);
    void addWatcher(const WatcherPtr& watcher) GNATSD_EXCLUDES(mutex_);

    /// True when this call took it out.
    bool remove(const Record& record) noexcept GNATSD_EXCLUDES(mutex_);
    bool removeWatcher(const WatcherPtr& watcher) noexcept GNATSD_EXCLUDES(mutex_);

    Record find(std::string_view interfaceId, std::string_view name) const GNATSD_EXCLUDES(mutex_);
    std::vector<Record> all(std::string_view interfaceId) const GNATSD_EXCLUDES(mutex_);

    std::vector<Record> recordsOf(const std::string& owner) const GNATSD_EXCLUDES(mutex_);
    std::vector<WatcherPtr> watchersOf(const std::string& owner) const GNATSD_EXCLUDES(mutex_);

    kernel::Log& log() noexcept { return log_; }

private:
    struct Event {
        sdk::Change change;
        Record record;
        std::vector<WatcherPtr> watchers;
    };

    void refuseInsideCallback(const char* what) const GNATSD_EXCLUDES(mutex_);
    bool insideCallback() const GNATSD_REQUIRES(mutex_);
    std::uint64_t enqueue(Event event) GNATSD_REQUIRES(mutex_);

    /// Delivers, or waits for whoever delivers, until the event of that number is through.
    /// Waits no longer than the patience, and not at all inside a callback.
    void settle(std::uint64_t number) GNATSD_EXCLUDES(mutex_);
    void deliver(const Event& event) GNATSD_EXCLUDES(mutex_);

    kernel::Log& log_;
    const std::chrono::milliseconds patience_;

    mutable kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<Record> records_ GNATSD_GUARDED_BY(mutex_);  // by interface, rank, name
    std::vector<WatcherPtr> watchers_ GNATSD_GUARDED_BY(mutex_);
    std::deque<Event> events_ GNATSD_GUARDED_BY(mutex_);
    std::uint64_t queued_ GNATSD_GUARDED_BY(mutex_) = 0;
    std::uint64_t delivered_ GNATSD_GUARDED_BY(mutex_) = 0;
    bool delivering_ GNATSD_GUARDED_BY(mutex_) = false;
    std::thread::id deliverer_ GNATSD_GUARDED_BY(mutex_);
    WatcherPtr calling_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::host
