// Authenticator: answers "who is this?" once per CONNECT.
//
// The host asks every Authenticator in rank order until one accepts or rejects; when all abstain,
// or one throws, the client is refused. As soon as one is registered, clients must authenticate.
//
// Threads: authenticate() from several worker threads at once, never on a connection's thread, so
// it may compute for a while or ask another machine.
// Lifetime: the request's views are valid during the call.

#pragma once

#include <gnatsd/PermissionProvider.h>

#include <memory>
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
    std::string_view tlsSubject;
    std::string_view tlsCommonName;
};

enum class Verdict { accept, reject, abstain };

struct AuthResult {
    Verdict verdict = Verdict::reject;
    std::string user;                                    // the name the session goes by
    std::string account;                                 // empty: the default account
    std::string reason;                                  // for the log; the client is not told
    std::shared_ptr<const PermissionRules> permissions;  // null: ask the providers

    static AuthResult accept(std::string user,
                             std::shared_ptr<const PermissionRules> permissions = nullptr,
                             std::string account = {}) {
        return {Verdict::accept, std::move(user), std::move(account), {}, std::move(permissions)};
    }
    static AuthResult reject(std::string reason = {}) {
        return {Verdict::reject, {}, {}, std::move(reason), nullptr};
    }
    static AuthResult abstain() { return {Verdict::abstain, {}, {}, {}, nullptr}; }
};

class Authenticator {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.Authenticator/1";

    Authenticator() = default;
    virtual ~Authenticator() = default;
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    virtual AuthResult authenticate(const ConnectRequest& request) const = 0;
};

}  // namespace gnatsd::sdk
