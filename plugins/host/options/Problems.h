// Problems: what is wrong with a configuration, collected so that all of it is shown (OPT-6).
//
// Errors end the start. Warnings are shown before it and make a check fail (OPT-7). Notices are for
// the log and fail nothing. No text ever holds a secret: whoever reports chooses the words.
//
// Threads: a plain value.

#pragma once

#include "plugins/host/conf/Value.h"

#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::host::options {

/// The place of a value that a flag gave.
conf::Place flagPlace(std::string_view flag);

bool isFlag(const conf::Place& place);

class Problems {
public:
    void error(std::string text) { errors_.push_back(std::move(text)); }
    void error(const conf::Place& place, const std::string& text);

    /// `FILE:LINE:COL: invalid use of field "NAME": REASON` (OPT-7).
    void warning(const conf::Place& place, std::string_view field, const std::string& reason);

    void notice(std::string text) { notices_.push_back(std::move(text)); }
    void notice(const conf::Place& place, const std::string& text);

    const std::vector<std::string>& errors() const noexcept { return errors_; }
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }
    const std::vector<std::string>& notices() const noexcept { return notices_; }

private:
    std::vector<std::string> errors_;
    std::vector<std::string> warnings_;
    std::vector<std::string> notices_;
};

}  // namespace gnatsd::host::options
