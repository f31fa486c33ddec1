// Require: what a fuzz target claims. A false claim aborts, so that libFuzzer keeps the input.

#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace gnatsd::fuzz {

inline void require(bool claim, const char* what, const std::string& detail = {}) {
    if (!claim) {
        std::fprintf(stderr, "%s\n%s\n", what, detail.c_str());
        std::abort();
    }
}

}  // namespace gnatsd::fuzz
