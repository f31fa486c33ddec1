// AuditListener: hears who was let in, who was not, and who tried what they may not.
//
// Threads: onEvent() on a thread of the host for all listeners, one event after the other. Events
// wait in a bounded queue; when listeners are too slow for it, events are lost, counted and logged.
// Lifetime: the event's views are valid during the call. They never hold a secret.

#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace gnatsd::sdk {

struct AuditEvent {
    enum class Kind : std::uint8_t {
        accepted,
        refused,
        publishDenied,
        subscribeDenied,
        replyDenied,
    };

    Kind kind = Kind::refused;
    std::chrono::system_clock::time_point time;
    std::uint64_t clientId = 0;             // "cid" in the log
    std::string_view address;               // IP:PORT, IPv6 in brackets
    std::string_view clientName;            // as the client calls itself
    std::string_view user;                  // of an accepted client, or as it claims to be
    std::string_view account;               // empty: the default account
    std::string_view method;                // the name of the authenticator that decided, or empty
    std::string_view reason;                // why refused
    std::chrono::microseconds duration{0};  // from CONNECT to the decision

    // Of a denied operation.
    std::string_view subject;
    std::string_view queue;
};

class AuditListener {
public:
    static constexpr std::string_view kInterfaceId = "gnatsd.AuditListener/1";

    AuditListener() = default;
    virtual ~AuditListener() = default;
    AuditListener(const AuditListener&) = delete;
    AuditListener& operator=(const AuditListener&) = delete;

    virtual void onEvent(const AuditEvent& event) = 0;
};

}  // namespace gnatsd::sdk
