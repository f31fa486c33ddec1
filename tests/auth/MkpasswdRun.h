// MkpasswdRun: mkpasswd as a child process, with a pipe or a terminal as its input.
//
// Threads: one. Lifetime: the destructor kills what still runs.

#pragma once

#include <array>
#include <string>
#include <sys/types.h>
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
    bool waitFor(const std::string& text);

    /// On the terminal's keyboard.
    void type(const std::string& text) const;
    bool echoIsOn() const;
    /// What the terminal has shown of what was typed.
    std::string echoed() const;

    void signal(int number) const;

    /// Waits for the end. Answers the exit status, or 128 + signal.
    int finish();

    const std::string& output() const { return texts_[0]; }
    const std::string& errors() const { return texts_[1]; }

private:
    void start(const std::vector<std::string>& flags, int input);
    bool readSome();

    pid_t pid_ = -1;
    int keyboard_ = -1;
    int terminal_ = -1;
    std::array<int, 2> ends_{-1, -1};  // of the pipes behind standard output and error
    std::array<std::string, 2> texts_;
};

}  // namespace gnatsd::tests
