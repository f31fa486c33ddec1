// The catalogue of -ERR texts (CP-200 to CP-222) and close reasons (CP-240).

#include "kernel/ProtocolError.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>

using gnatsd::kernel::CloseReason;
using gnatsd::kernel::errLine;
using gnatsd::kernel::ProtocolError;
using gnatsd::kernel::skipsFlush;
using gnatsd::kernel::text;

class ProtocolErrorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProtocolErrorTest);
    CPPUNIT_TEST(everyErrorHasItsLine);
    CPPUNIT_TEST(everyReasonHasItsText);
    CPPUNIT_TEST(onlyBrokenAndSlowConnectionsSkipTheFlush);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyErrorHasItsLine() {
        const std::pair<ProtocolError, std::string> lines[] = {
            {ProtocolError::unknownOperation, "Unknown Protocol Operation"},
            {ProtocolError::parserError, "Parser Error"},
            {ProtocolError::authorizationViolation, "Authorization Violation"},
            {ProtocolError::authenticationTimeout, "Authentication Timeout"},
            {ProtocolError::authenticationExpired, "User Authentication Expired"},
            {ProtocolError::maxPayload, "Maximum Payload Violation"},
            {ProtocolError::maxControlLine, "maximum control line exceeded"},
            {ProtocolError::maxConnections, "maximum connections exceeded"},
            {ProtocolError::maxSubscriptions, "maximum subscriptions exceeded"},
            {ProtocolError::invalidSubject, "Invalid Subject"},
            {ProtocolError::invalidPublishSubject, "Invalid Publish Subject"},
            {ProtocolError::staleConnection, "Stale Connection"},
            {ProtocolError::invalidClientProtocol, "invalid client protocol"},
            {ProtocolError::noRespondersNeedHeaders, "no responders requires headers support"},
        };

        for (const auto& [error, expected] : lines) {
            CPPUNIT_ASSERT_EQUAL("-ERR '" + expected + "'\r\n", std::string(errLine(error)));
        }
    }

    void everyReasonHasItsText() {
        const std::pair<CloseReason, std::string> texts[] = {
            {CloseReason::none, ""},
            {CloseReason::clientClosed, "Client Closed"},
            {CloseReason::authenticationTimeout, "Authentication Timeout"},
            {CloseReason::authenticationViolation, "Authentication Failure"},
            {CloseReason::authenticationExpired, "Authentication Expired"},
            {CloseReason::slowConsumerPendingBytes, "Slow Consumer (Pending Bytes)"},
            {CloseReason::slowConsumerWriteDeadline, "Slow Consumer (Write Deadline)"},
            {CloseReason::writeError, "Write Error"},
            {CloseReason::readError, "Read Error"},
            {CloseReason::parseError, "Parse Error"},
            {CloseReason::staleConnection, "Stale Connection"},
            {CloseReason::protocolViolation, "Protocol Violation"},
            {CloseReason::badClientProtocolVersion, "Bad Client Protocol Version"},
            {CloseReason::maxConnectionsExceeded, "Maximum Connections Exceeded"},
            {CloseReason::maxPayloadExceeded, "Maximum Message Payload Exceeded"},
            {CloseReason::maxControlLineExceeded, "Maximum Control Line Exceeded"},
            {CloseReason::maxSubscriptionsExceeded, "Maximum Subscriptions Exceeded"},
            {CloseReason::serverShutdown, "Server Shutdown"},
            {CloseReason::messageHeaderViolation, "Message Header Violation"},
            {CloseReason::noRespondersRequiresHeaders, "No Responders Requires Headers"},
        };

        for (const auto& [reason, expected] : texts) {
            CPPUNIT_ASSERT_EQUAL(expected, std::string(text(reason)));
        }
    }

    void onlyBrokenAndSlowConnectionsSkipTheFlush() {  // CP-240, CP-230
        CPPUNIT_ASSERT(skipsFlush(CloseReason::readError));
        CPPUNIT_ASSERT(skipsFlush(CloseReason::writeError));
        CPPUNIT_ASSERT(skipsFlush(CloseReason::slowConsumerPendingBytes));
        CPPUNIT_ASSERT(skipsFlush(CloseReason::slowConsumerWriteDeadline));

        for (const CloseReason reason :
             {CloseReason::clientClosed, CloseReason::authenticationTimeout,
              CloseReason::authenticationViolation, CloseReason::parseError,
              CloseReason::staleConnection, CloseReason::protocolViolation,
              CloseReason::badClientProtocolVersion, CloseReason::maxConnectionsExceeded,
              CloseReason::maxPayloadExceeded, CloseReason::maxControlLineExceeded,
              CloseReason::maxSubscriptionsExceeded, CloseReason::serverShutdown,
              CloseReason::messageHeaderViolation, CloseReason::noRespondersRequiresHeaders}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text(reason)), !skipsFlush(reason));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProtocolErrorTest);
