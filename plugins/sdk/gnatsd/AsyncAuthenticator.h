// AsyncAuthenticator: an Authenticator that answers later, because it waits for somebody else.
// AuthReply: the way to answer: once, from any thread, whenever it is known.
//
// Both kinds of authenticator share one order of ranks.
//
// Threads: authenticate() from several worker threads at once; AuthReply from any thread.
// Lifetime: the request's views are valid during authenticate() only: copy what is needed later.
// An AuthReply may outlive the connection, the plug-in's registration and the host's interest; it
// then does nothing.

#pragma once

#include <gnatsd/Authenticator.h>

#include <memory>
#include <string_view>
#include <utility>

namespace gnatsd::sdk {

/// A handle to one open question; copies are the same question.
class AuthReply {
public:
    /// Implemented by the host.
    class Sink {
    public:
        Sink() = default;
        virtual ~Sink() = default;
        Sink(const Sink&) = delete;
        Sink& operator=(const Sink&) = delete;
        virtual void answer(AuthResult result) noexcept = 0;
        virtual bool isAwaited() const noexcept = 0;
    };

    explicit AuthReply(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}

    /// The first answer counts, all others are ignored, also those that come too late. Who never
    /// answers leaves the client to the server's authentication timeout.
    void operator()(AuthResult result) const noexcept { sink_->answer(std::move(result)); }

    /// False as soon as nobody waits any more: the client has left, or it was answered.
    bool isAwaited() const noexcept { return sink_->isAwaited(); }

private:
    std::shared_ptr<Sink> sink_;
};

class AsyncAuthenticator {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.AsyncAuthenticator/1";

    AsyncAuthenticator() = default;
    virtual ~AsyncAuthenticator() = default;
    AsyncAuthenticator(const AsyncAuthenticator&) = delete;
    AsyncAuthenticator& operator=(const AsyncAuthenticator&) = delete;

    /// Starts to find out and returns at once. May answer before it returns. An exception refuses
    /// the client.
    virtual void authenticate(const ConnectRequest& request, AuthReply reply) const = 0;
};

}  // namespace gnatsd::sdk
