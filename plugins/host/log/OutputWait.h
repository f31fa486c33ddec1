// OutputWait: waiting for an output that may be stuck, until somebody calls it off.
//
// Threads: cancel() from any; the rest on the thread that writes.

#pragma once

#include <atomic>
#include <chrono>

namespace gnatsd::host {

class OutputWait {
public:
    using Milliseconds = std::chrono::milliseconds;

    /// A cancel() is noticed after this time at the latest.
    static constexpr Milliseconds kTick{50};

    OutputWait() = default;
    OutputWait(const OutputWait&) = delete;
    OutputWait& operator=(const OutputWait&) = delete;

    /// From now on nothing waits any more.
    void cancel() noexcept { cancelled_ = true; }
    bool cancelled() const noexcept { return cancelled_; }

    /// Waits that long. False when it was cancelled.
    bool pause(Milliseconds time) const noexcept;

    /// Waits for one of the events of poll(), for at most `limit`. False when none has come.
    bool ready(int fd, short events, Milliseconds limit = Milliseconds::max()) const noexcept;

private:
    std::atomic<bool> cancelled_{false};
};

}  // namespace gnatsd::host
