#include "tests/support/TestServer.h"

#include <Poco/Environment.h>

#include <stdexcept>
#include <utility>

namespace gnatsd::tests {

namespace {

host::Options optionsOf(ServerSetup setup) {
    host::Options options;
    options.executable = GNATSD_TEST_PROGRAM;  // beside which the modules are found
    options.listen = std::move(setup.listen);
    options.serverName = std::move(setup.serverName);
    options.limits = setup.limits;
    options.lameDuckDuration = setup.lameDuckDuration;
    options.lameDuckGracePeriod = setup.lameDuckGracePeriod;
    options.reactors = 1;
    if (!setup.onlyUser.empty()) {
        options.plugins.emplace_back(GNATSD_TEST_ALLOWLIST);
        options.pluginSettings.push_back({"allowlist", "allow", std::move(setup.onlyUser)});
    }
    if (!setup.users.empty()) {
        options.plugins.emplace_back(GNATSD_TEST_RULES);
        options.pluginSettings.push_back({"rules", "users", std::move(setup.users)});
    }
    return options;
}

}  // namespace

std::unique_ptr<host::Server> makeServer(host::Options& options, kernel::Log& log) {
    const std::string variant = Poco::Environment::get("GNATSD_TEST_VARIANT", "");
    reactor::PollerKind poller = reactor::PollerKind::best;
    reactor::Placement placement = reactor::Placement::packed;
    if (variant == "poll") {
        poller = reactor::PollerKind::poll;
    } else if (variant == "spread") {
        options.reactors = 3;
        placement = reactor::Placement::spread;
    } else if (variant == "wandering") {
        options.reactors = 3;
        placement = reactor::Placement::wandering;
    } else if (!variant.empty()) {
        throw std::invalid_argument("no such GNATSD_TEST_VARIANT: " + variant);
    }
    return std::make_unique<host::Server>(options, log, poller, placement);
}

TestServer::TestServer(ServerSetup setup) {
    log_.setDebug(setup.debug);
    log_.setTrace(setup.trace);
    host::Options options = optionsOf(std::move(setup));
    server_ = makeServer(options, log_);
    server_->start();
    port_ = server_->ports().front().port;
}

TestServer::~TestServer() = default;

}  // namespace gnatsd::tests
