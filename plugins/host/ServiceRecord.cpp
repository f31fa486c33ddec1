#include "plugins/host/ServiceRecord.h"

#include <utility>

namespace gnatsd::host {

struct ServiceRecord::Keeper {
    Keeper(std::shared_ptr<void> keptService, std::shared_ptr<Gone> announced)
        : service(std::move(keptService)), gone(std::move(announced)) {}
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    ~Keeper() {
        // First the service, then the news: who waits may destroy what the service refers to.
        service.reset();
        const kernel::MutexLock lock(gone->mutex);
        gone->gone = true;
        gone->changed.notify_all();
    }

    std::shared_ptr<void> service;
    const std::shared_ptr<Gone> gone;
};

ServiceRecord::ServiceRecord(std::string interfaceId, std::string name, int rank, std::string owner,
                             const std::shared_ptr<void>& service)
    : interfaceId_(std::move(interfaceId)),
      name_(std::move(name)),
      rank_(rank),
      owner_(std::move(owner)),
      gone_(std::make_shared<Gone>()),
      strong_(std::make_shared<Keeper>(service, gone_), service.get()),
      weak_(strong_) {}

std::shared_ptr<void> ServiceRecord::pin() const noexcept {
    return revoked_ ? nullptr : weak_.lock();
}

void ServiceRecord::revoke() noexcept {
    revoked_ = true;
    strong_.reset();
}

long ServiceRecord::waitUnpinned(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const kernel::MutexLock lock(gone_->mutex);
    while (!gone_->gone) {
        if (gone_->changed.wait_until(gone_->mutex, deadline) == std::cv_status::timeout) {
            return gone_->gone ? 0 : weak_.use_count();
        }
    }
    return 0;
}

}  // namespace gnatsd::host
