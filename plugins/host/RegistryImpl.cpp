#include "plugins/host/RegistryImpl.h"

#include "plugins/host/RegistryTable.h"

#include <Poco/Exception.h>

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::host {

namespace {

class UndoProvide final : public sdk::Handle::Undo {
public:
    UndoProvide(std::weak_ptr<RegistryTable> table, RegistryTable::Record record)
        : table_(std::move(table)), record_(std::move(record)) {}
    void undo() noexcept override {
        if (const auto table = table_.lock()) {
            table->remove(record_);
        }
    }

private:
    const std::weak_ptr<RegistryTable> table_;
    const RegistryTable::Record record_;
};

class UndoWatch final : public sdk::Handle::Undo {
public:
    UndoWatch(std::weak_ptr<RegistryTable> table, RegistryTable::WatcherPtr watcher)
        : table_(std::move(table)), watcher_(std::move(watcher)) {}
    void undo() noexcept override {
        if (const auto table = table_.lock()) {
            table->removeWatcher(watcher_);
        }
    }

private:
    const std::weak_ptr<RegistryTable> table_;
    const RegistryTable::WatcherPtr watcher_;
};

class View final : public sdk::ServiceRegistry {
public:
    View(std::shared_ptr<RegistryTable> table, std::string owner)
        : table_(std::move(table)), owner_(std::move(owner)) {}

protected:
    sdk::Handle provideService(std::string_view interfaceId, std::string_view name,
                               std::shared_ptr<void> service, int rank) override {
        if (!service) {
            throw Poco::InvalidArgumentException("registry: null service", std::string(name));
        }
        auto record = std::make_shared<ServiceRecord>(std::string(interfaceId), std::string(name),
                                                      rank, owner_, service);
        // The handle exists before the entry does, so nothing can be left behind on a throw.
        sdk::Handle handle(std::make_unique<UndoProvide>(table_, record));
        table_->add(record);
        return handle;
    }

    Entry findService(std::string_view interfaceId, std::string_view name) const override {
        return table_->find(interfaceId, name);
    }

    std::vector<Entry> allServices(std::string_view interfaceId) const override {
        const auto records = table_->all(interfaceId);
        return {records.begin(), records.end()};
    }

    sdk::Handle watchServices(std::string_view interfaceId,
                              std::function<void(sdk::Change, Entry)> onChange) override {
        auto watcher = std::make_shared<Watcher>();
        watcher->interfaceId = interfaceId;
        watcher->owner = owner_;
        watcher->onChange = std::move(onChange);
        sdk::Handle handle(std::make_unique<UndoWatch>(table_, watcher));
        table_->addWatcher(watcher);
        return handle;
    }

private:
    const std::shared_ptr<RegistryTable> table_;
    const std::string owner_;
};

}  // namespace

RegistryImpl::RegistryImpl(kernel::Log& log, std::chrono::milliseconds patience)
    : table_(std::make_shared<RegistryTable>(log, patience)) {}

RegistryImpl::~RegistryImpl() = default;

std::unique_ptr<sdk::ServiceRegistry> RegistryImpl::view(std::string owner) {
    return std::make_unique<View>(table_, std::move(owner));
}

std::size_t RegistryImpl::revokeLeftovers(const std::string& owner) {
    std::size_t count = 0;
    for (const auto& record : table_->recordsOf(owner)) {
        if (table_->remove(record)) {
            ++count;
            table_->log().write(kernel::Level::warning,
                                "Plug-in " + owner + " left " + record->interfaceId() + " '" +
                                    std::string(record->name()) + "' in the registry");
        }
    }
    for (const auto& watcher : table_->watchersOf(owner)) {
        if (table_->removeWatcher(watcher)) {
            ++count;
            table_->log().write(kernel::Level::warning,
                                "Plug-in " + owner + " left a watch for " + watcher->interfaceId);
        }
    }
    return count;
}

}  // namespace gnatsd::host
