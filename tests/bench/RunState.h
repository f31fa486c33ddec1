// RunState: what the threads of one run tell the thread that waits for them: progress and problems.
//
// Threads: any.

#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace gnatsd::bench {

class RunState {
public:
    /// Something that wait() may be waiting for has happened.
    void ring();

    /// Records what went wrong and rings; the run ends soon after.
    void fail(std::string problem);

    bool failed() const;
    std::vector<std::string> problems() const;

    /// Blocks until `done` answers true, something failed, or the time is over; answers done().
    bool wait(std::chrono::nanoseconds timeout, const std::function<bool()>& done);

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> problems_;
};

}  // namespace gnatsd::bench
