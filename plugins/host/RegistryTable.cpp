#include "plugins/host/RegistryTable.h"

#include "plugins/host/Barrier.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace gnatsd::host {

namespace {

auto sortKey(const RegistryTable::Record& record) {
    return std::make_tuple(std::string_view(record->interfaceId()), record->rank(), record->name());
}

std::string label(const ServiceRecord& record) {
    return record.interfaceId() + " '" + std::string(record.name()) + "' of " + record.owner();
}

}  // namespace

void RegistryTable::add(const Record& record) {
    refuseInsideCallback("provide");
    std::uint64_t number = 0;
    {
        const kernel::MutexLock lock(mutex_);
        for (const Record& other : records_) {
            if (other->interfaceId() == record->interfaceId() && other->name() == record->name()) {
                throw Poco::ExistsException(label(*other), "it is registered already");
            }
        }
        records_.insert(std::upper_bound(records_.begin(), records_.end(), record,
                                         [](const Record& a, const Record& b) {
                                             return sortKey(a) < sortKey(b);
                                         }),
                        record);
        number = enqueue({sdk::Change::added, record, watchers_});
    }
    settle(number);
}

void RegistryTable::addWatcher(const WatcherPtr& watcher) {
    refuseInsideCallback("watch");
    std::uint64_t number = 0;
    {
        const kernel::MutexLock lock(mutex_);
        watchers_.push_back(watcher);
        for (const Record& record : records_) {
            number = enqueue({sdk::Change::added, record, {watcher}});
        }
    }
    settle(number);
}

bool RegistryTable::remove(const Record& record) noexcept {
    std::uint64_t number = 0;
    bool isInside = false;
    {
        const kernel::MutexLock lock(mutex_);
        if (std::erase(records_, record) == 0) {
            return false;
        }
        isInside = insideCallback();
        number = enqueue({sdk::Change::removed, record, watchers_});
    }
    record->revoke();
    settle(number);
    if (isInside) {
        log_.write(kernel::Level::error,
                   "Registry: " + label(*record) + " was revoked inside a watch callback");
        return true;
    }
    if (const long users = record->waitUnpinned(patience_); users > 0) {
        log_.write(kernel::Level::warning, "Registry: " + label(*record) +
                                               " was revoked but is still used by " +
                                               std::to_string(users));
    }
    return true;
}

bool RegistryTable::removeWatcher(const WatcherPtr& watcher) noexcept {
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    const kernel::MutexLock lock(mutex_);
    if (std::erase(watchers_, watcher) == 0) {
        return false;
    }
    watcher->active = false;
    while (calling_ == watcher && !insideCallback()) {
        if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
            log_.write(kernel::Level::warning, "Registry: a watch callback of " + watcher->owner +
                                                   " for " + watcher->interfaceId +
                                                   " does not return");
            break;
        }
    }
    return true;
}

RegistryTable::Record RegistryTable::find(std::string_view interfaceId,
                                          std::string_view name) const {
    const kernel::MutexLock lock(mutex_);
    for (const Record& record : records_) {
        if (record->interfaceId() == interfaceId && record->name() == name) {
            return record;
        }
    }
    return nullptr;
}

std::vector<RegistryTable::Record> RegistryTable::all(std::string_view interfaceId) const {
    std::vector<Record> found;
    const kernel::MutexLock lock(mutex_);
    std::copy_if(records_.begin(), records_.end(), std::back_inserter(found),
                 [&](const Record& record) { return record->interfaceId() == interfaceId; });
    return found;
}

std::vector<RegistryTable::Record> RegistryTable::recordsOf(const std::string& owner) const {
    std::vector<Record> found;
    const kernel::MutexLock lock(mutex_);
    std::copy_if(records_.begin(), records_.end(), std::back_inserter(found),
                 [&](const Record& record) { return record->owner() == owner; });
    return found;
}

std::vector<RegistryTable::WatcherPtr> RegistryTable::watchersOf(const std::string& owner) const {
    std::vector<WatcherPtr> found;
    const kernel::MutexLock lock(mutex_);
    std::copy_if(watchers_.begin(), watchers_.end(), std::back_inserter(found),
                 [&](const WatcherPtr& watcher) { return watcher->owner == owner; });
    return found;
}

void RegistryTable::refuseInsideCallback(const char* what) const {
    const kernel::MutexLock lock(mutex_);
    if (insideCallback()) {
        throw Poco::IllegalStateException(std::string("registry: ") + what +
                                          " inside a watch callback");
    }
}

bool RegistryTable::insideCallback() const {
    return delivering_ && deliverer_ == std::this_thread::get_id();
}

std::uint64_t RegistryTable::enqueue(Event event) {
    std::erase_if(event.watchers, [&](const WatcherPtr& watcher) {
        return watcher->interfaceId != event.record->interfaceId();
    });
    events_.push_back(std::move(event));
    return ++queued_;
}

void RegistryTable::settle(std::uint64_t number) {
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    for (;;) {
        Event event;
        {
            const kernel::MutexLock lock(mutex_);
            if (delivered_ >= number || insideCallback()) {
                return;
            }
            if (delivering_) {
                if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
                    return;
                }
                continue;
            }
            delivering_ = true;
            deliverer_ = std::this_thread::get_id();
            event = std::move(events_.front());
            events_.pop_front();
        }
        deliver(event);
        {
            const kernel::MutexLock lock(mutex_);
            delivering_ = false;
            ++delivered_;
            changed_.notify_all();
        }
    }
}

void RegistryTable::deliver(const Event& event) {
    for (const WatcherPtr& watcher : event.watchers) {
        {
            const kernel::MutexLock lock(mutex_);
            if (!watcher->active) {
                continue;
            }
            calling_ = watcher;
        }
        const auto error = caught([&] { watcher->onChange(event.change, event.record); });
        if (error) {
            log_.write(kernel::Level::error, "Registry: a watch callback of " + watcher->owner +
                                                 " threw: " + error->text);
        }
        const kernel::MutexLock lock(mutex_);
        calling_ = nullptr;
        changed_.notify_all();
    }
}

}  // namespace gnatsd::host
