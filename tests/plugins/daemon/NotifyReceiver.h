// NotifyReceiver: the service manager's side of Notify: a datagram socket, and what arrives there.
//
// Threads: one.

#pragma once

#include <chrono>
#include <string>

namespace gnatsd::tests {

class NotifyReceiver {
public:
    /// Binds a path, or with a leading @ an abstract name.
    explicit NotifyReceiver(const std::string& name);
    ~NotifyReceiver();
    NotifyReceiver(const NotifyReceiver&) = delete;
    NotifyReceiver& operator=(const NotifyReceiver&) = delete;

    /// The next message; empty when none comes in time.
    std::string next(std::chrono::milliseconds limit = std::chrono::seconds(10));

    /// The next message that holds `part`; empty when none comes in time.
    std::string nextWith(const std::string& part);

private:
    int fd_ = -1;
};

}  // namespace gnatsd::tests
