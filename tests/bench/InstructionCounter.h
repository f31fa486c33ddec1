// InstructionCounter: user-space instructions of all threads of a process, those it starts later
// included; what `perf stat -e instructions:u -p PID` counts, with exact ends.
//
// Threads: one at a time.

#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace gnatsd::bench {

class InstructionCounter {
public:
    /// Throws ServerError when the machine or its settings do not allow counting.
    explicit InstructionCounter(pid_t process);
    ~InstructionCounter();
    InstructionCounter(const InstructionCounter&) = delete;
    InstructionCounter& operator=(const InstructionCounter&) = delete;

    /// False where the machine, often a virtual one, has no such counter.
    static bool available();

    std::uint64_t read() const;

private:
    std::vector<int> counters_;
};

}  // namespace gnatsd::bench
