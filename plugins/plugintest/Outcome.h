// Outcome: what came of a client's CONNECT, told apart by who decided it.
//
// Threads: a value.

#pragma once

#include "kernel/AuthGate.h"
#include "plugins/plugintest/Script.h"

#include <chrono>
#include <string>

namespace gnatsd::plugintest {

struct Outcome {
    Result result = Result::late;
    kernel::AuthAnswer answer;
    std::string reason;  // without what the chain adds
    std::chrono::nanoseconds took{0};

    /// For the report.
    std::string text() const;
};

/// Refusals of the host itself, because the plug-in threw or answered nonsense, are `fails`; its
/// limits (networks, connections at once) belong to the plug-in's answer and are `reject`.
Outcome outcomeOf(kernel::AuthAnswer answer, std::chrono::nanoseconds took);

/// Why it is not as wanted, or nothing.
std::string mismatch(const Expectation& wanted, const Outcome& found);

}  // namespace gnatsd::plugintest
