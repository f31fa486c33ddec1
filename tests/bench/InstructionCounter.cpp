#include "tests/bench/InstructionCounter.h"

#include "tests/bench/Error.h"

#include <filesystem>
#include <linux/perf_event.h>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

namespace gnatsd::bench {

namespace {

int openCounter(pid_t thread) {
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.inherit = 1;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    return static_cast<int>(
        ::syscall(SYS_perf_event_open, &attributes, thread, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

}  // namespace

InstructionCounter::InstructionCounter(pid_t process) {
    const std::filesystem::path threads = "/proc/" + std::to_string(process) + "/task";
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(threads, error)) {
        const int fd = openCounter(static_cast<pid_t>(std::stoi(entry.path().filename())));
        if (fd >= 0) {
            counters_.push_back(fd);
        }
    }
    if (counters_.empty()) {
        throw ServerError(systemMessage("cannot count the instructions of process " +
                                        std::to_string(process) +
                                        " (see /proc/sys/kernel/perf_event_paranoid)"));
    }
}

bool InstructionCounter::available() {
    const int fd = openCounter(0);
    if (fd >= 0) {
        ::close(fd);
    }
    return fd >= 0;
}

InstructionCounter::~InstructionCounter() {
    for (const int fd : counters_) {
        ::close(fd);
    }
}

std::uint64_t InstructionCounter::read() const {
    std::uint64_t sum = 0;
    for (const int fd : counters_) {
        std::uint64_t value = 0;
        if (::read(fd, &value, sizeof value) == sizeof value) {
            sum += value;
        }
    }
    return sum;
}

}  // namespace gnatsd::bench
