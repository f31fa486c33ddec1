// Question: what the service is told about a client, as JSON; and a key under which its answer is
// remembered, from which nobody learns the secrets.
//
// Threads: a value; makeKey() from any thread.

#pragma once

#include <gnatsd/Authenticator.h>

#include <array>
#include <string>
#include <utility>

namespace gnatsd::callout {

/// Wiped when it goes.
class Body {
public:
    explicit Body(std::string text) : text_(std::move(text)) {}
    ~Body();
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// Whether there is anything that a service could judge.
bool hasCredentials(const sdk::ConnectRequest& request) noexcept;

/// Everything but the port of the client goes into the key: the answer may depend on all of it.
class Keys {
public:
    using Key = std::string;

    /// With a secret of its own. Throws Poco::RuntimeException when the system has no randomness.
    Keys();
    ~Keys();
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

    Key of(const sdk::ConnectRequest& request) const;

private:
    std::array<unsigned char, 32> secret_{};
};

/// The JSON object that is sent; empty values are left out.
std::string questionOf(const sdk::ConnectRequest& request);

}  // namespace gnatsd::callout
