// Client: whoever was let in last, and what it may do from then on, as its session would judge it.
//
// Threads: main only.

#pragma once

#include "kernel/AuthGate.h"
#include "kernel/ResponseGrants.h"

#include <memory>
#include <string_view>

namespace gnatsd::plugintest {

class Client {
public:
    void enter(kernel::AuthAnswer answer);
    void leave() { enter({}); }

    bool isIn() const noexcept { return answer_.ticket != nullptr; }
    const kernel::AuthAnswer& answer() const noexcept { return answer_; }

    // Requires: isIn().
    /// Uses up what a delivery has granted, if nothing else allows it (AU-41).
    bool publishes(std::string_view subject);
    bool subscribes(std::string_view subject, std::string_view queue) const;
    /// Whether a message comes through, whatever it subscribes to (AU-39). One with a reply subject
    /// may grant an answer.
    bool receives(std::string_view subject, std::string_view queue, std::string_view reply);

private:
    kernel::AuthAnswer answer_;
    std::unique_ptr<kernel::ResponseGrants> grants_;  // null: nothing was delivered
};

}  // namespace gnatsd::plugintest
