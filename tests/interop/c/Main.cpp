// The C library against the server named by GNATSD.
#include "tests/interop/c/Checks.h"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <nats/nats.h>

int main() {
    using namespace gnatsd::interop;
    Report report;
    try {
        Server server;
        checkPublishSubscribe(report, server);
        checkRequestReply(report, server);
        checkFlow(report, server);
        checkLimits(report, server);
        checkReconnect(report, server);
        checkTls(report);
    } catch (const std::exception& problem) {
        report.check("the server starts", [&problem] { throw Failure(problem.what()); });
    }
    nats_Close();
    return report.finish();
}
