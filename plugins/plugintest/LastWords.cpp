#include "plugins/plugintest/LastWords.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <string_view>
#include <sys/time.h>
#include <unistd.h>

namespace gnatsd::plugintest {

namespace {

constexpr int kFailed = 1;
constexpr std::array kCrashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr std::string_view kCrashed = "Bail out! the plug-in crashed: ";
constexpr std::string_view kHangs = "Bail out! the plug-in does not come back: ";

// Plain memory: a handler may use nothing else.
std::array<char, 512> note;
std::atomic<std::size_t> noteSize{0};

// Threads of a plug-in may crash together: the first tells it, the others wait for the end.
std::atomic<bool> isTold{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void say(std::string_view cause) {
    // The answers do not matter: there is nobody left to tell.
    [[maybe_unused]] auto written = ::write(STDOUT_FILENO, cause.data(), cause.size());
    written = ::write(STDOUT_FILENO, note.data(), noteSize.load());
}

void onCrash(int signal) {
    while (isTold.exchange(true)) {
        ::pause();
    }
    say(kCrashed);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void onAlarm(int) {
    say(kHangs);
    ::_exit(kFailed);
}

void setAlarm(std::chrono::milliseconds limit) {
    itimerval timer{};
    timer.it_value.tv_sec = limit.count() / 1000;
    timer.it_value.tv_usec = limit.count() % 1000 * 1000;
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

LastWords::LastWords() {
    for (const int signal : kCrashes) {
        std::signal(signal, onCrash);
    }
    std::signal(SIGALRM, onAlarm);
}

LastWords::~LastWords() {
    setAlarm({});
    for (const int signal : kCrashes) {
        std::signal(signal, SIG_DFL);
    }
}

void LastWords::set(const std::string& step, std::chrono::milliseconds limit) {
    setAlarm({});
    const std::size_t size = std::min(step.size(), note.size() - 1);
    std::copy_n(step.begin(), size, note.begin());
    note[size] = '\n';
    noteSize = size + 1;
    setAlarm(limit);
}

}  // namespace gnatsd::plugintest
