// Echo: a protocol that answers what it is told and writes its life into a Diary.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include "kernel/Protocol.h"
#include "tests/support/Where.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::reactor {

using namespace std::chrono_literals;
using kernel::Clock;
using kernel::CloseReason;

class NoLog final : public kernel::Log {
public:
    void write(kernel::Level, std::string_view) noexcept override {}
};

/// What happened on the reactor's thread, as words; a test waits for some.
class Diary {
public:
    void write(const std::string& entry) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        text_ += entry + ' ';
        changed_.notify_all();
    }

    /// Waits for what was written behind the last thing expected, which must be this.
    void expect(const std::string& text, tests::Where where = {}) GNATSD_EXCLUDES(mutex_) {
        const auto deadline = std::chrono::system_clock::now() + 10s;
        std::string got;
        {
            const kernel::MutexLock lock(mutex_);
            while (text_.size() < text.size() + 1 &&
                   changed_.wait_until(mutex_, deadline) == std::cv_status::no_timeout) {
            }
            got = text_.substr(0, text.size() + 1);
            text_.erase(0, got.size());
        }
        if (got != text + ' ') {
            where.fail("something else happened", "wanted: " + text + "\ngot: " + got);
        }
    }

    /// What "call" does, on the reactor's thread.
    std::function<void()> call;

private:
    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::string text_ GNATSD_GUARDED_BY(mutex_);
};

/// Echoes bytes, and does what some of them say.
class Echo final : public kernel::Protocol {
public:
    Echo(Diary& diary, kernel::Shard& shard, kernel::Link& link, kernel::Ref<kernel::Outbox> outbox)
        : diary_(diary), shard_(&shard), link_(link), outbox_(std::move(outbox)) {}

    void onOpen() override {
        diary_.write("open");
        send("hello ");
    }
    void onBytes(std::string_view bytes) override {
        if (bytes == "close") {
            send("bye");
            link_.close(CloseReason::protocolViolation);
        } else if (bytes == "hold") {
            link_.holdReading(50ms);
        } else if (bytes == "call") {
            diary_.call();
        } else if (bytes == "pause") {
            link_.pauseReading();
        } else if (bytes == "flood") {
            send(std::string(8'000'000, 'x'));
        } else {
            send(bytes);
        }
    }
    void onExpired(const std::vector<kernel::Ref<kernel::Subscription>>&) override {}
    Clock::time_point onTimer(Clock::time_point now) override {
        if (ticks_++ == 0) {
            return now + 1ms;
        }
        diary_.write("timer");
        return Clock::time_point::max();
    }
    void onMoved(kernel::Shard& shard) override { shard_ = &shard; }
    void onChange() override { diary_.write("change"); }
    bool retire(CloseReason reason) override {
        link_.close(reason);
        return true;
    }
    void onClosed(CloseReason reason) override {
        diary_.write("closed:" + std::string(text(reason)));
    }

private:
    void send(std::string_view bytes) {
        outbox_->near().append(bytes, shard_->pool);
        shard_->markDirty(*outbox_);
    }

    Diary& diary_;
    kernel::Shard* shard_;
    kernel::Link& link_;
    const kernel::Ref<kernel::Outbox> outbox_;
    int ticks_ = 0;
};

}  // namespace gnatsd::reactor
