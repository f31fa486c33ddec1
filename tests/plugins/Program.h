// Program: the gnatsd executable, or another one, as a child process of a test, with its output
// caught.
//
// Threads: one. Lifetime: the destructor kills what still runs.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gnatsd::tests {

class Program {
public:
    static constexpr std::chrono::seconds kDeadline{20};

    /// Starts the executable that GNATSD_PROGRAM names, or another one; `variables` of the form
    /// NAME=VALUE are added to its environment. `input`: a descriptor that becomes its standard
    /// input; without one that is empty.
    explicit Program(const std::vector<std::string>& arguments,
                     const std::vector<std::string>& variables = {},
                     const std::string& executable = GNATSD_PROGRAM, int input = -1);
    ~Program();

    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;

    /// Reads until standard error holds `text`; false when the program ends or time is up before.
    bool waitFor(const std::string& text);

    /// The same until it holds `text` so many times.
    bool waitForCount(const std::string& text, std::size_t count);

    /// As waitFor(), on standard output.
    bool waitForOutput(const std::string& text);

    /// Waits for the end. Answers the exit status, or 128 + signal.
    int finish();

    /// What was read so far.
    const std::string& output() const { return texts_[0]; }
    const std::string& errors() const { return texts_[1]; }

private:
    bool waitForCount(const std::string& stream, const std::string& text, std::size_t count);
    bool readSome(std::chrono::steady_clock::time_point deadline);

    pid_t pid_ = -1;
    std::array<int, 2> ends_{-1, -1};  // of the pipes behind standard output and error
    std::array<std::string, 2> texts_;
};

}  // namespace gnatsd::tests
