#include "plugins/host/daemon/SignalWait.h"

#include <array>
#include <csignal>
#include <pthread.h>
#include <string>
#include <sys/time.h>
#include <unistd.h>

namespace gnatsd::host {

namespace {

struct Trapped {
    int number;
    Event event;
    const char* name;  // as LOG-84 prints it; null for what is not worth a line
};

// In the order in which they count when several have come: a storm of reloads keeps the program
// neither from ending nor from its watchdog.
constexpr std::array<Trapped, 6> kSignals{{{SIGINT, Event::interrupt, "interrupt"},
                                           {SIGTERM, Event::terminate, "terminated"},
                                           {SIGALRM, Event::wake, nullptr},
                                           {SIGUSR2, Event::lameDuck, "user defined signal 2"},
                                           {SIGUSR1, Event::reopenLog, "user defined signal 1"},
                                           {SIGHUP, Event::reload, "hangup"}}};

sigset_t ourSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const Trapped& signal : kSignals) {
        sigaddset(&set, signal.number);
    }
    return set;
}

/// Those to wait for: the first of those that are pending, or all.
sigset_t wanted() {
    sigset_t pending;
    sigpending(&pending);
    for (const Trapped& signal : kSignals) {
        if (sigismember(&pending, signal.number) == 1) {
            sigset_t one;
            sigemptyset(&one);
            sigaddset(&one, signal.number);
            return one;
        }
    }
    return ourSignals();
}

const Trapped* next() {
    const sigset_t set = wanted();
    int number = 0;
    if (sigwait(&set, &number) != 0) {
        return nullptr;
    }
    for (const Trapped& signal : kSignals) {
        if (signal.number == number) {
            return &signal;
        }
    }
    return nullptr;
}

void setHandler(int number, void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

void exitAtOnce(int) {
    ::_exit(1);
}

}  // namespace

SignalWait::SignalWait() {
    const sigset_t set = ourSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    setHandler(SIGPIPE, SIG_IGN);
}

Event SignalWait::wait(kernel::Log& log) {
    const Trapped* signal = nullptr;
    while (signal == nullptr) {
        signal = next();
    }
    if (signal->name != nullptr) {
        log.write(kernel::Level::debug, std::string("Trapped \"") + signal->name + "\" signal");
    }
    return signal->event;
}

void SignalWait::wake() noexcept {
    ::kill(::getpid(), SIGALRM);
}

void SignalWait::setTick(std::chrono::microseconds interval) {
    constexpr std::chrono::microseconds::rep kPerSecond = 1'000'000;
    timeval each = {};
    each.tv_sec = static_cast<decltype(each.tv_sec)>(interval.count() / kPerSecond);
    each.tv_usec = static_cast<decltype(each.tv_usec)>(interval.count() % kPerSecond);
    const itimerval timer = {each, each};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

void SignalWait::exitOnStop() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM}) {
        setHandler(number, exitAtOnce);
        sigaddset(&set, number);
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace gnatsd::host
