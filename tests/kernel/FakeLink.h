// FakeLink, FakeTarget: what a session, an outbox or a dispatcher has around it, without sockets
// and threads: output ends up in a string, mail for a thread waits until it is worked off.
//
// Threads: confined, except FakeTarget's members of FlushTarget.

#pragma once

#include "kernel/FlushTarget.h"
#include "kernel/Link.h"
#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "kernel/Outbox.h"
#include "kernel/Protocol.h"
#include "kernel/Shard.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::kernel {

class FakeTarget final : public FlushTarget {
public:
    void flushSoon(std::vector<Ref<Outbox>>& outboxes) override GNATSD_EXCLUDES(mutex_) {
        const MutexLock lock(mutex_);
        for (Ref<Outbox>& outbox : outboxes) {
            asked_.push_back(std::move(outbox));
        }
        outboxes.clear();
    }
    void post(std::function<void()> task) override GNATSD_EXCLUDES(mutex_) {
        const MutexLock lock(mutex_);
        tasks_.push_back(std::move(task));
    }

    std::vector<Ref<Outbox>> takeAsked() GNATSD_EXCLUDES(mutex_) {
        const MutexLock lock(mutex_);
        return std::exchange(asked_, {});
    }
    /// Runs the tasks that wait; answers how many.
    std::size_t runTasks() GNATSD_EXCLUDES(mutex_) {
        std::vector<std::function<void()>> tasks;
        {
            const MutexLock lock(mutex_);
            tasks.swap(tasks_);
        }
        for (const auto& task : tasks) {
            task();
        }
        return tasks.size();
    }

private:
    Mutex mutex_;
    std::vector<Ref<Outbox>> asked_ GNATSD_GUARDED_BY(mutex_);
    std::vector<std::function<void()>> tasks_ GNATSD_GUARDED_BY(mutex_);
};

/// Everything queued, as text.
inline std::string textOf(const OutQueue& queue) {
    std::vector<OutSpan> spans(queue.chunks());
    spans.resize(queue.spans(spans.data(), spans.size()));
    std::string text;
    for (const OutSpan& span : spans) {
        text.append(span.data, span.size);
    }
    return text;
}

class FakeLink final : public Link {
public:
    FakeLink(Shard& shard, std::size_t maxPending, std::string identity = "1.2.3.4:5 - cid:1")
        : shard_(shard), outbox_(Outbox::make(shard, *this, std::move(identity), maxPending)) {}
    ~FakeLink() override { outbox_->close(shard_.pool); }

    Outbox& outbox() noexcept { return *outbox_; }
    Ref<Outbox> outboxRef() const { return outbox_; }
    void setProtocol(Protocol* protocol) noexcept { protocol_ = protocol; }

    // Link
    Protocol& protocol() noexcept override { return *protocol_; }
    void flush() override {
        ++flushes;
        std::vector<Ref<Subscription>> expired;
        outbox_->collect(expired);
        if (protocol_ != nullptr && !expired.empty()) {
            protocol_->onExpired(expired);
        }
        if (reads && outbox_->link() != nullptr) {
            output += textOf(outbox_->near());
            outbox_->near().clear(shard_.pool);
        }
        outbox_->near().settle(shard_.pool);
        outbox_->noteUnsent();
    }
    void close(CloseReason why) override {
        if (reason == CloseReason::none) {
            reason = why;
            if (skipsFlush(why)) {
                outbox_->close(shard_.pool);
            }
        }
    }
    void pauseReading() override { paused = true; }
    void resumeReading() override { paused = false; }
    void holdReading(std::chrono::microseconds pause) override {
        ++holds;
        hold = pause;
    }
    void hastenTimer() override { isTimerHastened = true; }
    void setWriteDeadline(std::chrono::milliseconds) override {}

    /// What has been flushed since the last call.
    std::string taken() { return std::exchange(output, {}); }

    std::string output;
    CloseReason reason = CloseReason::none;
    int flushes = 0;
    bool reads = true;  // the peer takes what is written
    bool paused = false;
    bool isTimerHastened = false;
    int holds = 0;
    std::chrono::microseconds hold{0};  // the last one

private:
    Shard& shard_;
    const Ref<Outbox> outbox_;
    Protocol* protocol_ = nullptr;
};

/// Keeps its lines, one after the other.
class TextLog final : public Log {
public:
    void write(Level, std::string_view line) noexcept override {
        text.append(line);
        text.push_back('\n');
    }

    std::string text;
};

}  // namespace gnatsd::kernel
