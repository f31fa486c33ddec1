#include "tests/bench/ServerProbe.h"

#include "tests/bench/Error.h"
#include "tests/bench/InstructionCounter.h"

#include <fstream>
#include <string>
#include <unistd.h>

namespace gnatsd::bench {

namespace {

std::chrono::nanoseconds readClock(clockid_t clock) {
    timespec now{};
    if (::clock_gettime(clock, &now) != 0) {
        throw ServerError(systemMessage("the server process is gone"));
    }
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

ServerProbe::ServerProbe(std::optional<pid_t> server, bool countInstructions) : server_(server) {
    if (!server_) {
        return;
    }
    if (const int error = ::clock_getcpuclockid(*server_, &serverClock_); error != 0) {
        throw ServerError(
            systemMessage("no CPU clock of process " + std::to_string(*server_), error));
    }
    if (countInstructions) {
        instructions_ = std::make_unique<InstructionCounter>(*server_);
    }
}

ServerProbe::~ServerProbe() = default;

std::chrono::nanoseconds ServerProbe::serverCpu() const {
    return readClock(serverClock_);
}

std::uint64_t ServerProbe::serverRss() const {
    std::ifstream file("/proc/" + std::to_string(*server_) + "/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    if (!(file >> total >> resident)) {
        throw ServerError("the server process " + std::to_string(*server_) + " is gone");
    }
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void ServerProbe::begin() {
    usage_ = Usage{};
    if (server_) {
        usage_.serverRssBefore = serverRss();
        serverAtBegin_ = serverCpu();
    }
    if (instructions_) {
        instructionsAtBegin_ = instructions_->read();
    }
    ownAtBegin_ = readClock(CLOCK_PROCESS_CPUTIME_ID);
    started_ = std::chrono::steady_clock::now();
}

Usage ServerProbe::end() {
    usage_.elapsed = std::chrono::steady_clock::now() - started_;
    usage_.ownCpu = readClock(CLOCK_PROCESS_CPUTIME_ID) - ownAtBegin_;
    if (server_) {
        usage_.serverCpu = serverCpu() - serverAtBegin_;
        usage_.serverRssAfter = serverRss();
    }
    if (instructions_) {
        usage_.serverInstructions = instructions_->read() - instructionsAtBegin_;
    }
    return usage_;
}

}  // namespace gnatsd::bench
