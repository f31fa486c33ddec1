// ServiceRegistry: where plug-ins offer objects to the host and to each other, under an interface
// and a name. A typed front; the host implements the virtual functions behind it.
//
// An interface T is a class with a `static constexpr std::string_view kInterfaceId`, for example
// "gnatsd.Authenticator/1". Ids are compared as text, so they work across libraries.
//
// Threads: any. Watch callbacks run one at a time, in one order for all watchers, outside all
// locks of the registry; a callback may look services up but not provide, revoke or watch.
// Lifetime: ServiceRef keeps nothing alive; a locked pointer pins the service: hold it for a call.

#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::sdk {

enum class Change { added, removed };

/// One line of the registry's table; implemented by the host.
class ServiceEntry {
public:
    ServiceEntry() = default;
    virtual ~ServiceEntry() = default;
    ServiceEntry(const ServiceEntry&) = delete;
    ServiceEntry& operator=(const ServiceEntry&) = delete;

    /// Null once the service is revoked.
    virtual std::shared_ptr<void> pin() const noexcept = 0;
    virtual std::string_view name() const noexcept = 0;
    virtual int rank() const noexcept = 0;
};

template <class T>
class ServiceRef {
public:
    ServiceRef() = default;
    explicit ServiceRef(std::shared_ptr<const ServiceEntry> entry) : entry_(std::move(entry)) {}

    /// The service, or null when there is none or it was revoked.
    std::shared_ptr<T> lock() const {
        return entry_ ? std::static_pointer_cast<T>(entry_->pin()) : nullptr;
    }
    std::string_view name() const noexcept { return entry_ ? entry_->name() : std::string_view(); }
    int rank() const noexcept { return entry_ ? entry_->rank() : 0; }

    friend bool operator==(const ServiceRef&, const ServiceRef&) = default;

private:
    std::shared_ptr<const ServiceEntry> entry_;
};

/// Something that is taken back by revoke() or, at the latest, by the destructor.
class Handle {
public:
    /// Implemented by the host.
    class Undo {
    public:
        Undo() = default;
        virtual ~Undo() = default;
        Undo(const Undo&) = delete;
        Undo& operator=(const Undo&) = delete;
        virtual void undo() noexcept = 0;
    };

    Handle() = default;
    explicit Handle(std::unique_ptr<Undo> undo) : undo_(std::move(undo)) {}
    ~Handle() { revoke(); }
    Handle(Handle&&) noexcept = default;
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            revoke();
            undo_ = std::move(other.undo_);
        }
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    /// Of a service: takes it out of the registry, tells the watchers, then waits a bounded time
    /// until nobody pins it; late users are logged and keep their pointer. Of a watch: no call
    /// is running or will come when this returns. Does nothing the second time.
    void revoke() noexcept {
        if (const std::unique_ptr<Undo> undo = std::move(undo_)) {
            undo->undo();
        }
    }

private:
    std::unique_ptr<Undo> undo_;
};

using Registration = Handle;
using Watch = Handle;

class ServiceRegistry {
public:
    ServiceRegistry() = default;
    virtual ~ServiceRegistry() = default;
    ServiceRegistry(const ServiceRegistry&) = delete;
    ServiceRegistry& operator=(const ServiceRegistry&) = delete;

    /// Offers a service. Lower ranks come first. Throws Poco::ExistsException when T already has
    /// a service of that name, Poco::InvalidArgumentException for a null service.
    template <class T>
    [[nodiscard]] Registration provide(std::string_view name, std::shared_ptr<T> service,
                                       int rank = 0) {
        return provideService(T::kInterfaceId, name, std::move(service), rank);
    }

    /// Answers an empty reference when there is none.
    template <class T>
    ServiceRef<T> find(std::string_view name) const {
        return ServiceRef<T>(findService(T::kInterfaceId, name));
    }

    /// By rank, then by name.
    template <class T>
    std::vector<ServiceRef<T>> all() const {
        std::vector<ServiceRef<T>> services;
        for (auto& entry : allServices(T::kInterfaceId)) {
            services.emplace_back(std::move(entry));
        }
        return services;
    }

    /// `onChange` first hears about every service that is present, then about each change.
    template <class T>
    [[nodiscard]] Watch watch(std::function<void(Change, ServiceRef<T>)> onChange) {
        return watchServices(
            T::kInterfaceId,
            [call = std::move(onChange)](Change change, std::shared_ptr<const ServiceEntry> entry) {
                call(change, ServiceRef<T>(std::move(entry)));
            });
    }

protected:
    using Entry = std::shared_ptr<const ServiceEntry>;

    virtual Handle provideService(std::string_view interfaceId, std::string_view name,
                                  std::shared_ptr<void> service, int rank) = 0;
    virtual Entry findService(std::string_view interfaceId, std::string_view name) const = 0;
    virtual std::vector<Entry> allServices(std::string_view interfaceId) const = 0;
    virtual Handle watchServices(std::string_view interfaceId,
                                 std::function<void(Change, Entry)> onChange) = 0;
};

}  // namespace gnatsd::sdk
