// Where: the line of the test that called a helper, for its failure message. Used as the last
// parameter, with `= {}` as default.

#pragma once

#include <cppunit/Asserter.h>
#include <cppunit/Message.h>
#include <cppunit/SourceLine.h>

#include <string>

namespace gnatsd::tests {

class Where {
public:
    // std::source_location would do, but clang 14 has none with this standard library.
    constexpr Where(const char* file = __builtin_FILE(), int line = __builtin_LINE()) noexcept
        : file_(file), line_(line) {}

    [[noreturn]] void fail(const std::string& text, const std::string& detail = {}) const {
        CppUnit::Asserter::fail(CppUnit::Message(text, detail), CppUnit::SourceLine(file_, line_));
        __builtin_unreachable();
    }

private:
    const char* file_;
    int line_;
};

}  // namespace gnatsd::tests
