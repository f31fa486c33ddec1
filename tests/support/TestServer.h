// TestServer: a whole server in this process, on a free port of 127.0.0.1, with its log captured.
//
// The environment variable GNATSD_TEST_VARIANT chooses how all of a run's servers are built:
// `poll` uses the portable poller; `spread` has three reactors and puts each connection on the next
// one, so that partners are on different threads; with `wandering` connections also change reactors
// all the time. Otherwise: one reactor and the best poller.
//
// Threads: those of the test. Lifetime: declare it before its clients, so that they leave first.

#pragma once

#include "kernel/Limits.h"
#include "plugins/host/ListenAddress.h"
#include "plugins/host/Server.h"
#include "tests/support/CapturedLog.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

struct ServerSetup {
    kernel::Limits limits;
    std::string serverName;
    std::vector<host::ListenAddress> listen{{"127.0.0.1", -1}};
    /// The only user who may connect (CP-110); empty: everybody.
    std::string onlyUser;
    /// Users and their rules, as RulesPlugin.cpp reads them; empty: everybody may do everything.
    std::string users;
    std::chrono::milliseconds lameDuckDuration{120'000};
    std::chrono::milliseconds lameDuckGracePeriod{10'000};
    bool debug = true;
    bool trace = false;
};

/// A server of the run's variant, not started yet. In its reload `options.reactors` must be those
/// that it has: the call sets them.
std::unique_ptr<host::Server> makeServer(host::Options& options, kernel::Log& log);

class TestServer {
public:
    explicit TestServer(ServerSetup setup = {});
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    std::uint16_t port() const { return port_; }
    host::Server& server() noexcept { return *server_; }
    CapturedLog& log() noexcept { return log_; }

    void stop() noexcept { server_->stop(); }

private:
    CapturedLog log_;
    std::unique_ptr<host::Server> server_;
    std::uint16_t port_ = 0;
};

/// Limits with one value changed: `limited([](Limits& l) { l.maxPayload = 10; })`.
template <class Change>
ServerSetup limited(Change change) {
    ServerSetup setup;
    change(setup.limits);
    return setup;
}

}  // namespace gnatsd::tests
