// Connection: one HTTP connection to the service, kept open between calls.
//
// Threads: one, but for cut().
// Lifetime: shares the settings.

#pragma once

#include "plugins/callout/Answer.h"
#include "plugins/callout/Settings.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace gnatsd::callout {

class Connection {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t kMostBody = 65536;

    explicit Connection(std::shared_ptr<const Settings> settings)
        : settings_(std::move(settings)) {}
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Sends `body` and answers what came back. Throws Poco::Exception. No single step takes
    /// longer than until `deadline`; whoever wants all of them to end then calls cut().
    HttpAnswer post(const std::string& body, Clock::time_point deadline);

    /// From another thread: ends what is being sent or received. Does not block.
    void cut() noexcept;

private:
    void open(Clock::time_point deadline);
    void close() noexcept;
    bool isUsable();
    HttpAnswer exchange(const std::string& body, Clock::time_point deadline);
    HttpAnswer receive();
    void remember(const Poco::Net::StreamSocket& socket);

    const std::shared_ptr<const Settings> settings_;
    std::unique_ptr<Poco::Net::HTTPClientSession> session_;

    std::mutex mutex_;
    int descriptor_ = -1;  // a copy, so that it is never somebody else's; guarded by mutex_
};

}  // namespace gnatsd::callout
