// Owning handles over the C library and the calls the checks use, with failures as exceptions.
// Threads: as the C library says: connections and subscriptions may be used from any thread.
// Lifetime: what a callback of a connection uses must outlive its Client, no more: the destructor
// returns after the library has made its last callback for the connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <nats/nats.h>
#include <string>
#include <string_view>

namespace gnatsd::interop {

/// Calls a C function of the library on the pointer: the deleter of the handles below.
template <auto destroy>
struct Destroy {
    template <typename T>
    void operator()(T* object) const noexcept {
        destroy(object);
    }
};

using Message = std::unique_ptr<natsMsg, Destroy<&natsMsg_Destroy>>;
using Subscription = std::unique_ptr<natsSubscription, Destroy<&natsSubscription_Destroy>>;
using Options = std::unique_ptr<natsOptions, Destroy<&natsOptions_Destroy>>;
using Connection = std::unique_ptr<natsConnection, Destroy<&natsConnection_Destroy>>;

inline constexpr std::chrono::milliseconds kPatience{10'000};

/// Throws Failure with the library's text unless status is NATS_OK.
void must(natsStatus status, std::string_view what);

/// Throws Failure unless the library answered with exactly this status.
void mustBe(natsStatus expected, natsStatus actual, std::string_view what);

std::string_view subjectOf(const Message& message);
std::string_view replyOf(const Message& message);
std::string_view dataOf(const Message& message);

/// A message to publish; reply may be empty.
Message makeMessage(const std::string& subject, const std::string& reply, std::string_view data);

/// The next message, or Failure after kPatience.
Message next(const Subscription& subscription);

/// Fails unless the next message has this subject and content.
void expectNext(const Subscription& subscription, std::string_view subject, std::string_view data);

class Client {
public:
    using Tweak = std::function<void(natsOptions*)>;

    /// Connects; tweak may set further options before.
    explicit Client(const std::string& url, const Tweak& tweak = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Waits until the connection is closed for good; returns the library's last error.
    std::string awaitClosed() const;

    natsConnection* get() const { return connection_.get(); }
    void publish(const std::string& subject, std::string_view data) const;
    void flush() const;
    Subscription subscribe(const std::string& subject) const;
    Subscription subscribe(const std::string& subject, const std::string& queue) const;
    Message request(const std::string& subject, std::string_view data) const;

private:
    struct Closed;

    std::shared_ptr<Closed> closed_;  // Shared with the library's callback.
    Connection connection_;
};

}  // namespace gnatsd::interop
