// What the tests of the HTTP callout share.
//
// Threads: pure functions.

#pragma once

#include "tests/plugins/samples/HttpService.h"

#include <string>

namespace gnatsd::tests {

constexpr const char* kCalloutPassword = "Very-Secret-77";

/// A file with the plug-in; `more` are further settings of it, `rest` the rest of the file.
inline std::string calloutConfig(const std::string& url, const std::string& more = {},
                                 const std::string& rest = {}) {
    return "plugins {\n  load: [callout]\n  callout {\n    url: \"" + url + "\"\n" + more +
           "\n  }\n}\nauth_slow_down: false\n" + rest;
}

/// Everybody with the right password comes in, as whoever they say.
inline HttpService::Reply byPassword(const HttpService::Question& question) {
    if (question.text("password") != kCalloutPassword) {
        return {401, R"({"reason": "not on the list"})"};
    }
    return {};
}

}  // namespace gnatsd::tests
