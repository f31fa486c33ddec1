// ProtocolError, CloseReason: every -ERR text and every reason a connection ends for, once.
//
// Texts are wire format (CP-200 to CP-224, section 15): clients compare them.

#pragma once

#include <cstdint>
#include <string_view>

namespace gnatsd::kernel {

enum class CloseReason : std::uint8_t {
    none,
    clientClosed,
    authenticationTimeout,
    authenticationViolation,
    slowConsumerPendingBytes,
    slowConsumerWriteDeadline,
    writeError,
    readError,
    parseError,
    staleConnection,
    protocolViolation,
    badClientProtocolVersion,
    maxConnectionsExceeded,
    maxPayloadExceeded,
    maxControlLineExceeded,
    maxSubscriptionsExceeded,
    serverShutdown,
    messageHeaderViolation,
    noRespondersRequiresHeaders,
    tlsHandshakeFailure,
    authenticationExpired,
};

/// The text of logs and /connz (section 15). Example: "Slow Consumer (Pending Bytes)".
std::string_view text(CloseReason reason) noexcept;

/// Whether the last bytes are not written before the socket is closed (CP-240).
bool skipsFlush(CloseReason reason) noexcept;

enum class ProtocolError : std::uint8_t {
    unknownOperation,         // CP-200
    parserError,              // CP-201
    authorizationViolation,   // CP-202
    authenticationTimeout,    // CP-204
    authenticationExpired,    // CP-205
    maxPayload,               // CP-206
    maxControlLine,           // CP-207
    maxConnections,           // CP-208
    maxSubscriptions,         // CP-210
    invalidSubject,           // CP-211
    invalidPublishSubject,    // CP-212
    staleConnection,          // CP-219
    invalidClientProtocol,    // CP-221
    noRespondersNeedHeaders,  // CP-222
    secureConnection,         // CP-220
    throttled,                // CP-223
};

/// The whole line, quotes and CRLF included: "-ERR 'Stale Connection'\r\n".
std::string_view errLine(ProtocolError error) noexcept;

}  // namespace gnatsd::kernel
