// Authenticator: answers "who is this?" once per CONNECT.
//
// The host asks every Authenticator in rank order until one has an answer other than abstain; when
// all abstain, or one throws, the client is refused. As soon as one is registered, clients must
// authenticate. Who has to wait for somebody else's answer is an AsyncAuthenticator instead.
//
// Threads: authenticate() and cost() from several worker threads at once, never on a connection's
// thread. A call that does not come back holds its thread; after a while the host warns and asks
// this authenticator no more until one comes back.
// Lifetime: the request's views are valid during the call.

#pragma once

#include <gnatsd/Cost.h>
#include <gnatsd/PermissionProvider.h>
#include <gnatsd/UserLimits.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gnatsd::sdk {

struct ConnectRequest {
    std::string_view user;
    std::string_view password;
    std::string_view token;
    std::string_view nkey;
    std::string_view signature;  // of the nonce, as sent
    std::string_view jwt;
    std::string_view nonce;  // as sent in INFO

    std::string_view clientName;
    std::string_view clientLanguage;
    std::string_view clientVersion;

    std::string_view peerAddress;  // IP:PORT, IPv6 in brackets
    std::string_view transport;    // "tcp" or "tls"

    // Of a verified client certificate; empty without one.
    std::string_view tlsSubject;  // RFC 2253
    std::string_view tlsCommonName;
    std::span<const std::string> tlsNames;  // e-mail addresses, DNS names, URIs, in this order
    /// Nothing but the certificate says who the user is: a listed user that one of tlsNames, or
    /// the subject, names. The request has no other credentials then.
    bool tlsMaps = false;

    /// A reload asks again about a client that is connected, with what it said when it came. Who
    /// lets credentials count once or for a short time judges them as of then.
    bool isRecheck = false;
};

enum class Verdict {
    accept,
    reject,
    abstain,  // not for me to say: the next one is asked
    /// Nobody can say now, because a directory, a database or a service is away. The client is
    /// refused, and nobody else is asked: an outage must not let in by a later authenticator whom
    /// this one would have refused. It does not count as a failure of the client's.
    unavailable,
};

struct AuthResult {
    Verdict verdict = Verdict::reject;
    std::string user;                                    // the name the session goes by
    std::string account;                                 // empty: the default account
    std::string reason;                                  // for the log; the client is not told
    std::shared_ptr<const PermissionRules> permissions;  // null: ask the providers
    std::shared_ptr<const UserLimits> limits;            // null: none
    /// Of an accept: when the server ends the session, "User Authentication Expired". A recheck
    /// may give another end.
    std::optional<std::chrono::system_clock::time_point> expires;

    static AuthResult accept(std::string user,
                             std::shared_ptr<const PermissionRules> permissions = nullptr,
                             std::string account = {},
                             std::shared_ptr<const UserLimits> limits = nullptr) {
        AuthResult result;
        result.verdict = Verdict::accept;
        result.user = std::move(user);
        result.account = std::move(account);
        result.permissions = std::move(permissions);
        result.limits = std::move(limits);
        return result;
    }
    // No part of a secret belongs into a reason.
    static AuthResult reject(std::string reason = {}) {
        return refusal(Verdict::reject, std::move(reason));
    }
    /// The reasons are logged when nobody else has an answer either.
    static AuthResult abstain(std::string reason = {}) {
        return refusal(Verdict::abstain, std::move(reason));
    }
    static AuthResult unavailable(std::string reason) {
        return refusal(Verdict::unavailable, std::move(reason));
    }

private:
    static AuthResult refusal(Verdict verdict, std::string reason) {
        AuthResult result;
        result.verdict = verdict;
        result.reason = std::move(reason);
        return result;
    }
};

class Authenticator {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.Authenticator/1";

    Authenticator() = default;
    virtual ~Authenticator() = default;
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    virtual AuthResult authenticate(const ConnectRequest& request) const = 0;

    /// What authenticate() will take for this very request: the same authenticator may compare a
    /// plain password and hash another. Asked on a thread for fast checks, so fast itself.
    virtual Cost cost(const ConnectRequest& request) const {
        static_cast<void>(request);
        return Cost::slow;
    }
};

}  // namespace gnatsd::sdk
