#include "tests/interop/support/Report.h"

#include <cstdlib>
#include <exception>
#include <iostream>

namespace gnatsd::interop {

void expect(bool holds, const std::string& text) {
    if (!holds) {
        throw Failure(text);
    }
}

void Report::check(const std::string& name, const std::function<void()>& body) {
    try {
        body();
        ++passed_;
        std::cout << "ok      " << name << std::endl;
    } catch (const std::exception& problem) {
        ++failed_;
        std::cout << "FAILED  " << name << ": " << problem.what() << std::endl;
    }
}

int Report::finish() const {
    std::cout << passed_ << " passed, " << failed_ << " failed" << std::endl;
    return failed_ == 0 && passed_ > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace gnatsd::interop
