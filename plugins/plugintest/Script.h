// Script: what shall be done with a plug-in and what shall come of it, a step for each line.
//
// Threads: a value, made on main.

#pragma once

#include "kernel/AuthGate.h"
#include "plugins/plugintest/Secrets.h"
#include "plugins/plugintest/Words.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::plugintest {

/// What comes of a step: the first five and `late` of a client, ok and fails of settings.
enum class Result { accept, reject, abstain, unavailable, fails, late, ok, allowed, denied };

const char* resultName(Result result) noexcept;

struct Expectation {
    Result result = Result::ok;
    std::optional<std::string> user;
    std::optional<std::string> account;
    std::optional<std::string> reason;  // a part of it
    std::optional<std::uint32_t> publishRate;
    std::optional<std::chrono::nanoseconds> lasts;  // until the session ends, about
    std::optional<std::chrono::nanoseconds> within;
};

struct Step {
    enum class Verb { start, reload, connect, recheck, publish, subscribe, deliver, keep };

    std::size_t line = 0;
    std::string shown;  // without secrets
    Verb verb = Verb::keep;
    std::size_t times = 1;
    bool whileReloading = false;
    Expectation wanted;

    kernel::AuthRequest request;                                // connect
    std::vector<std::pair<std::string, std::string>> settings;  // start, reload
    std::string file;                                           // reload from it
    std::string subject;                                        // publish, subscribe, deliver
    std::string queue;
    std::string reply;

    /// Whether it can be right or wrong.
    bool isCheck() const noexcept { return verb != Verb::keep; }
};

struct Script {
    std::string name;
    std::vector<Step> steps;
    Secrets secrets;
};

/// Throws Poco::SyntaxException for the first wrong line: `FILE:LINE: found X, wanted Y`.
Script readScript(std::istream& in, const std::string& name, const Variables& variables);

}  // namespace gnatsd::plugintest
