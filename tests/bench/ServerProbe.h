// ServerProbe: what the server process and this program used between begin() and end().
//
// CPU time comes from the CPU clock of the process (nanoseconds, user and system), memory from
// /proc. User instructions are counted only on request, never in a run whose times matter: on a
// virtual machine the counters slow down every context switch.
// Threads: one at a time. A probe without process id measures this program only.

#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <sys/types.h>

namespace gnatsd::bench {

class InstructionCounter;

struct Usage {
    std::chrono::duration<double> elapsed{0};
    std::chrono::duration<double> ownCpu{0};
    std::optional<std::chrono::duration<double>> serverCpu;
    std::optional<std::uint64_t> serverRssBefore;
    std::optional<std::uint64_t> serverRssAfter;
    std::optional<std::uint64_t> serverInstructions;
};

class ServerProbe {
public:
    /// Throws ServerError when there is no such process, or when its instructions cannot be
    /// counted.
    explicit ServerProbe(std::optional<pid_t> server, bool countInstructions = false);
    ~ServerProbe();

    void begin();
    Usage end();

private:
    std::chrono::nanoseconds serverCpu() const;
    std::uint64_t serverRss() const;

    std::optional<pid_t> server_;
    clockid_t serverClock_{};
    std::unique_ptr<InstructionCounter> instructions_;
    std::chrono::steady_clock::time_point started_;
    std::chrono::nanoseconds ownAtBegin_{0};
    std::chrono::nanoseconds serverAtBegin_{0};
    std::uint64_t instructionsAtBegin_ = 0;
    Usage usage_;
};

}  // namespace gnatsd::bench
