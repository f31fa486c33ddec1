// The checks of the C library by topic; each adds its results to the report and leaves the server
// running. Threads: one.
#pragma once

#include "tests/interop/support/Nats.h"
#include "tests/interop/support/Report.h"
#include "tests/interop/support/Server.h"

namespace gnatsd::interop {

void checkPublishSubscribe(Report& report, const Server& server);
void checkRequestReply(Report& report, const Server& server);
void checkFlow(Report& report, const Server& server);
void checkLimits(Report& report, const Server& server);

/// Kills the server and starts it again; `title` goes before the names of the checks, `tweak` sets
/// what a connection needs.
void checkReconnect(Report& report, Server& server, const std::string& title = {},
                    const Client::Tweak& tweak = {});

/// On servers of its own, with certificates made for them.
void checkTls(Report& report);

}  // namespace gnatsd::interop
