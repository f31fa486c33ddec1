// DeliveryRules: what a connection's user may be sent, and what it may answer to.
//
// Threads: guarded by the mutex of the Outbox that owns it; permissions() is immutable.

#pragma once

#include "kernel/Permissions.h"
#include "kernel/ResponseGrants.h"

#include <memory>
#include <string_view>
#include <utility>

namespace gnatsd::kernel {

class DeliveryRules {
public:
    explicit DeliveryRules(std::shared_ptr<const Permissions> permissions)
        : permissions_(std::move(permissions)) {}

    const Permissions& permissions() const noexcept { return *permissions_; }

    /// Goes on with other permissions. Who may still answer may answer to what was asked before.
    void set(std::shared_ptr<const Permissions> permissions) {
        permissions_ = std::move(permissions);
        if (!permissions_->responses()) {
            grants_.reset();
        }
    }

    /// A message with this reply subject is delivered.
    void grant(std::string_view reply, ResponseGrants::Time now) {
        if (!permissions_->responses() || permissions_->mayPublish(reply)) {
            return;
        }
        if (!grants_) {
            grants_ = std::make_unique<ResponseGrants>();
        }
        grants_->grant(reply, *permissions_->responses(), now);
    }

    /// Uses up one answer; answers whether there was a right to it.
    bool takeGrant(std::string_view subject, ResponseGrants::Time now) {
        return grants_ && grants_->take(subject, now);
    }

private:
    std::shared_ptr<const Permissions> permissions_;
    std::unique_ptr<ResponseGrants> grants_;
};

}  // namespace gnatsd::kernel
