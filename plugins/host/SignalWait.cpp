#include "plugins/host/SignalWait.h"

#include <array>
#include <csignal>
#include <pthread.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace gnatsd::host {

namespace {

// The names that LOG-84 prints.
constexpr std::array<std::pair<int, const char*>, 5> kSignals{{{SIGINT, "interrupt"},
                                                               {SIGTERM, "terminated"},
                                                               {SIGHUP, "hangup"},
                                                               {SIGUSR1, "user defined signal 1"},
                                                               {SIGUSR2, "user defined signal 2"}}};

sigset_t ourSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const auto& signal : kSignals) {
        sigaddset(&set, signal.first);
    }
    return set;
}

std::string quotedName(int number) {
    for (const auto& signal : kSignals) {
        if (signal.first == number) {
            return std::string("\"") + signal.second + "\"";
        }
    }
    return std::to_string(number);
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

void SignalWait::waitForStop(kernel::Log& log) {
    const sigset_t set = ourSignals();
    while (true) {
        int number = 0;
        if (sigwait(&set, &number) != 0) {
            continue;
        }
        if (number == SIGINT || number == SIGTERM) {
            log.write(kernel::Level::debug, "Trapped " + quotedName(number) + " signal");
            return;
        }
        log.write(kernel::Level::warning,
                  "Ignored " + quotedName(number) + " signal, it is not supported");
    }
}

void SignalWait::exitOnTerm() {
    setHandler(SIGTERM, exitAtOnce);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace gnatsd::host
