// Mailbox: what other threads want a reactor to do, in order.
//
// Threads: put from any, take on the reactor. The lock is a leaf.

#pragma once

#include "kernel/Mutex.h"
#include "kernel/Outbox.h"

#include <functional>
#include <utility>
#include <vector>

namespace gnatsd::reactor {

/// Either outboxes to flush or a task.
struct Mail {
    std::vector<kernel::Ref<kernel::Outbox>> outboxes;
    std::function<void()> task;
};

class Mailbox {
public:
    /// Answers whether the reactor must be woken: nothing was waiting.
    bool put(Mail mail) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        mails_.push_back(std::move(mail));
        return mails_.size() == 1;
    }

    /// Requires: out.empty().
    void takeAll(std::vector<Mail>& out) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        out.swap(mails_);
    }

private:
    kernel::Mutex mutex_;
    std::vector<Mail> mails_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::reactor
