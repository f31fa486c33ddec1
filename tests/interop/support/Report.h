// What a test program prints: one line per check, "ok" or "FAILED" with the reason, and the count.
// Threads: one; results of other threads are brought to the thread that checks.
#pragma once

#include <cstddef>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>

namespace gnatsd::interop {

/// Thrown by an expectation that does not hold; ends the check it is in.
class Failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Throws Failure with the text unless holds.
void expect(bool holds, const std::string& text);

template <typename Expected, typename Actual>
void expectEqual(const Expected& expected, const Actual& actual, const std::string& what) {
    if (!(expected == actual)) {
        std::ostringstream text;
        text << what << ": expected <" << expected << ">, got <" << actual << ">";
        throw Failure(text.str());
    }
}

class Report {
public:
    /// Runs one check; any exception fails it.
    void check(const std::string& name, const std::function<void()>& body);

    /// Prints "N passed, N failed"; returns the exit status.
    int finish() const;

private:
    std::size_t passed_ = 0;
    std::size_t failed_ = 0;
};

}  // namespace gnatsd::interop
