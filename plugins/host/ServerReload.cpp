// The part of Server that goes over to other options while it serves.

#include "kernel/Text.h"
#include "plugins/host/ClientUrls.h"
#include "plugins/host/HostError.h"
#include "plugins/host/PluginReload.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/host/Server.h"
#include "plugins/host/SpareMemory.h"
#include "plugins/host/daemon/PidFile.h"
#include "plugins/host/options/Changes.h"
#include "plugins/host/options/PluginBlocks.h"

#include <Poco/Exception.h>

#include <string>
#include <utility>
#include <vector>

namespace gnatsd::host {

namespace {

using kernel::Level;

void refuseWhatCannotChange(const std::vector<OptionChange>& found) {
    std::string problems;
    for (const OptionChange& change : found) {
        if (!change.reloadable) {
            problems += problems.empty() ? change.text : "\n" + change.text;
        }
    }
    if (!problems.empty()) {
        throw HostError(problems);
    }
}

}  // namespace

void Server::reload(Options next, const std::function<void(const LogSettings&)>& switchLog) {
    const std::vector<OptionChange> found = changes(options_, next);
    refuseWhatCannotChange(found);
    const auto plugins = plugins_->prepareReload(pluginSpecs(next, options::pluginBlocks(next)));
    if (next.pidFile != options_.pidFile && !next.pidFile.empty()) {
        writePidFile(next.pidFile);
    }
    const bool otherLog = !(options_.log == next.log);
    if (otherLog) {
        switchLog(next.log);
    }
    try {
        auth_->whileReloading([&plugins] { plugins->commit(); });
    } catch (...) {
        if (otherLog) {
            switchLog(options_.log);
        }
        throw;
    }
    apply(std::move(next));
    for (const OptionChange& change : found) {
        log_.write(Level::info, kernel::escapeControls(change.text));
    }
    releaseSpareMemory();
}

void Server::apply(Options next) {
    options_ = std::move(next);
    log_.setDebug(options_.debug);
    log_.setTrace(options_.trace);
    auth_->configure(authSettings(options_));
    broker_->setLimits(options_.limits);
    advertise();
    pool_->announceChange();
    closeSurplus();
    try {
        portsFile_.moveTo(options_.portsFileDir, clientUrls(ports()));
    } catch (const Poco::Exception& error) {
        log_.write(Level::error, error.message());
    }
}

// OPT-216
void Server::closeSurplus() {
    const std::uint32_t most = options_.limits.maxConnections;
    const std::uint32_t clients = broker_->clients();
    if (most == 0 || clients <= most) {
        return;
    }
    pool_->retire(clients - most, kernel::CloseReason::maxConnectionsExceeded);
    log_.write(Level::info, "Closed " + std::to_string(clients - most) +
                                " connections to fall within max_connections");
}

}  // namespace gnatsd::host
