// MkpasswdRun: mkpasswd as a child process, with a pipe or a terminal as its input.
//
// Threads: one. Lifetime: the destructor kills what still runs.

#pragma once

#include "tests/plugins/Program.h"

#include <optional>
#include <string>
#include <vector>

namespace gnatsd::tests {

class MkpasswdRun {
public:
    struct Terminal {};

    /// Its input is a pipe with that text.
    explicit MkpasswdRun(const std::vector<std::string>& flags, const std::string& input = {});
    MkpasswdRun(const std::vector<std::string>& flags, Terminal terminal);
    ~MkpasswdRun();
    MkpasswdRun(const MkpasswdRun&) = delete;
    MkpasswdRun& operator=(const MkpasswdRun&) = delete;

    /// Reads until standard output holds `text`; false when the program ends or time is up before.
    bool waitFor(const std::string& text) { return program_->waitForOutput(text); }

    /// On the terminal's keyboard.
    void type(const std::string& text) const;
    bool echoIsOn() const;
    /// What the terminal has shown of what was typed.
    std::string echoed() const;

    void signal(int number) const { program_->signal(number); }

    /// Waits for the end. Answers the exit status, or 128 + signal.
    int finish() { return program_->finish(); }

    const std::string& output() const { return program_->output(); }
    const std::string& errors() const { return program_->errors(); }

private:
    int keyboard_ = -1;
    int terminal_ = -1;
    std::optional<Program> program_;
};

}  // namespace gnatsd::tests
