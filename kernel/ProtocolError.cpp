#include "kernel/ProtocolError.h"

namespace gnatsd::kernel {

std::string_view text(CloseReason reason) noexcept {
    switch (reason) {
        case CloseReason::none:
            return "";
        case CloseReason::clientClosed:
            return "Client Closed";
        case CloseReason::authenticationTimeout:
            return "Authentication Timeout";
        case CloseReason::authenticationViolation:
            return "Authentication Failure";
        case CloseReason::slowConsumerPendingBytes:
            return "Slow Consumer (Pending Bytes)";
        case CloseReason::slowConsumerWriteDeadline:
            return "Slow Consumer (Write Deadline)";
        case CloseReason::writeError:
            return "Write Error";
        case CloseReason::readError:
            return "Read Error";
        case CloseReason::parseError:
            return "Parse Error";
        case CloseReason::staleConnection:
            return "Stale Connection";
        case CloseReason::protocolViolation:
            return "Protocol Violation";
        case CloseReason::badClientProtocolVersion:
            return "Bad Client Protocol Version";
        case CloseReason::maxConnectionsExceeded:
            return "Maximum Connections Exceeded";
        case CloseReason::maxPayloadExceeded:
            return "Maximum Message Payload Exceeded";
        case CloseReason::maxControlLineExceeded:
            return "Maximum Control Line Exceeded";
        case CloseReason::maxSubscriptionsExceeded:
            return "Maximum Subscriptions Exceeded";
        case CloseReason::serverShutdown:
            return "Server Shutdown";
        case CloseReason::messageHeaderViolation:
            return "Message Header Violation";
        case CloseReason::noRespondersRequiresHeaders:
            return "No Responders Requires Headers";
        case CloseReason::tlsHandshakeFailure:
            return "TLS Handshake Failure";
        case CloseReason::authenticationExpired:
            return "Authentication Expired";
    }
    return "";
}

bool skipsFlush(CloseReason reason) noexcept {
    return reason == CloseReason::readError || reason == CloseReason::writeError ||
           reason == CloseReason::slowConsumerPendingBytes ||
           reason == CloseReason::slowConsumerWriteDeadline ||
           reason == CloseReason::tlsHandshakeFailure;
}

std::string_view errLine(ProtocolError error) noexcept {
    switch (error) {
        case ProtocolError::unknownOperation:
            return "-ERR 'Unknown Protocol Operation'\r\n";
        case ProtocolError::parserError:
            return "-ERR 'Parser Error'\r\n";
        case ProtocolError::authorizationViolation:
            return "-ERR 'Authorization Violation'\r\n";
        case ProtocolError::authenticationTimeout:
            return "-ERR 'Authentication Timeout'\r\n";
        case ProtocolError::authenticationExpired:
            return "-ERR 'User Authentication Expired'\r\n";
        case ProtocolError::maxPayload:
            return "-ERR 'Maximum Payload Violation'\r\n";
        case ProtocolError::maxControlLine:
            return "-ERR 'maximum control line exceeded'\r\n";
        case ProtocolError::maxConnections:
            return "-ERR 'maximum connections exceeded'\r\n";
        case ProtocolError::maxSubscriptions:
            return "-ERR 'maximum subscriptions exceeded'\r\n";
        case ProtocolError::invalidSubject:
            return "-ERR 'Invalid Subject'\r\n";
        case ProtocolError::invalidPublishSubject:
            return "-ERR 'Invalid Publish Subject'\r\n";
        case ProtocolError::staleConnection:
            return "-ERR 'Stale Connection'\r\n";
        case ProtocolError::invalidClientProtocol:
            return "-ERR 'invalid client protocol'\r\n";
        case ProtocolError::noRespondersNeedHeaders:
            return "-ERR 'no responders requires headers support'\r\n";
        case ProtocolError::secureConnection:
            return "-ERR 'Secure Connection - TLS Required'\r\n";
        case ProtocolError::throttled:
            return "-ERR 'Connection throttling is active. Please try again later.'\r\n";
    }
    return "";
}

}  // namespace gnatsd::kernel
