// LastWords: what is said when a plug-in crashes the process, or holds its main thread for too
// long: the step that was on. Then the process ends.
//
// Threads: main only. Lifetime: one at a time, as long as plug-ins run.

#pragma once

#include <chrono>
#include <string>

namespace gnatsd::plugintest {

class LastWords {
public:
    LastWords();
    ~LastWords();
    LastWords(const LastWords&) = delete;
    LastWords& operator=(const LastWords&) = delete;

    /// `step` is shown as it is. `limit`: how long it may take; 0: any time.
    void set(const std::string& step, std::chrono::milliseconds limit);
};

}  // namespace gnatsd::plugintest
