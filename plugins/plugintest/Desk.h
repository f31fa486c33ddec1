// Desk: asks a question several times, some at once, and gives the answers out one by one.
//
// Threads: run() on any, one at a time; answers come from any.
// Lifetime: answers may come after its end.

#pragma once

#include "kernel/AuthGate.h"
#include "plugins/plugintest/Outcome.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace gnatsd::plugintest {

class Desk {
public:
    using Done = std::function<void(kernel::AuthAnswer)>;
    /// Whoever waits for the answer lets `asker` go when it waits no more.
    using Begin = std::function<void(std::weak_ptr<const void> asker, Done done)>;

    struct Plan {
        std::size_t times = 1;
        std::size_t atOnce = 1;
        std::chrono::nanoseconds timeout{0};  // for each
    };

    Desk();

    /// After an answer that is late nothing more is asked.
    void run(const Plan& plan, const Begin& begin, const std::function<void(Outcome)>& take);

    /// Waits so long for questions that were given up. Answers how many have not come back.
    std::size_t unreturned(std::chrono::milliseconds patience) const;

private:
    class Board;
    class Question;

    const std::shared_ptr<Board> board_;  // shared with open questions
};

}  // namespace gnatsd::plugintest
