#include "plugins/host/Server.h"

#include "kernel/Text.h"
#include "plugins/host/ClientUrls.h"
#include "plugins/host/PluginSpec.h"
#include "plugins/host/SpareMemory.h"
#include "plugins/host/daemon/PidFile.h"
#include "plugins/host/options/PluginBlocks.h"
#include "transports/reactor/ClientPort.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace gnatsd::host {

namespace {

using kernel::Level;

constexpr std::chrono::milliseconds kFlushGrace{1000};

}  // namespace

auth::Settings authSettings(const Options& options) {
    auth::Settings settings;
    settings.authTimeout = options.limits.authTimeout;
    settings.cache = std::chrono::ceil<std::chrono::seconds>(options.authCache);
    settings.slowDown = options.authSlowDown;
    settings.logAccepts = options.authLogAccepts;
    return settings;
}

Server::Server(Options options, kernel::Log& log, reactor::PollerKind poller,
               reactor::Placement placement)
    : options_(std::move(options)),
      log_(log),
      poller_(poller),
      placement_(placement),
      portsFile_(options_.portsFileDir, options_.executable) {}

Server::~Server() {
    stop();
}

void Server::start() {
    try {
        kernel::ServerInfo info;
        info.serverId = kernel::newServerId();
        info.serverName = options_.serverName.empty() ? info.serverId : options_.serverName;
        info.headers = !options_.noHeaderSupport;
        announce(info);
        checkPorts();
        create(std::move(info));
        advertise();
        pool_->start();
        plugins_->start();
        plugins_->open();
        writePid();
        writePorts();
    } catch (...) {
        stop();
        throw;
    }
    log_.write(Level::debug, "Server id is " + broker_->info().serverId);  // LOG-77
    log_.write(Level::info, "Server is ready");                            // LOG-78
    releaseSpareMemory();
}

void Server::create(kernel::ServerInfo info) {
    plugins_ =
        std::make_unique<PluginHost>(pluginSpecs(options_, options::pluginBlocks(options_)), log_);
    plugins_->load();
    auth_ = std::make_unique<AuthChain>(plugins_->registry(), log_, authSettings(options_));

    broker_ = std::make_shared<kernel::Broker>(options_.limits, std::move(info), log_, auth_.get());
    pool_ = std::make_shared<reactor::ReactorPool>(options_.reactors, poller_, log_, placement_);
    if (options_.noSublistCache) {
        pool_->disableMatchCaches();
    }
    registrations_.push_back(plugins_->registry().provide<kernel::Broker>("", broker_));
    registrations_.push_back(plugins_->registry().provide<reactor::ReactorPool>("", pool_));
}

// LOG-70, LOG-71
void Server::announce(const kernel::ServerInfo& info) {
    log_.write(Level::info, "Starting nats-server version " + std::string(kernel::kVersion));
    log_.write(Level::info, "  Name:     " + kernel::escape(info.serverName));
    log_.write(Level::info, "  ID:       " + info.serverId);
    for (const std::string& notice : options_.notices) {
        log_.write(Level::warning, kernel::escapeControls(notice));
    }
    if (!options_.configFile.empty()) {  // LOG-73
        log_.write(Level::info,
                   "Using configuration file: " + kernel::escapeControls(options_.configFile));
    }
}

// CLI-65: a port that cannot be one is refused in the words of a port that cannot be had.
void Server::checkPorts() const {
    for (const ListenAddress& address : effectiveListen(options_)) {
        if (address.port != -1 && (address.port < 1 || address.port > 65535)) {
            throw Poco::InvalidArgumentException("Error listening on port: " + address.text() +
                                                 ", \"listen tcp: address " +
                                                 std::to_string(address.port) + ": invalid port\"");
        }
    }
}

void Server::writePid() {
    if (!options_.pidFile.empty()) {
        writePidFile(options_.pidFile);
    }
}

void Server::writePorts() {
    try {
        portsFile_.write(clientUrls(ports()));
    } catch (const Poco::Exception& error) {
        log_.write(Level::error, error.message());
    }
}

// OPT-141
void Server::advertise() {
    std::optional<kernel::ClientAddress> address;
    // The option was checked; it has one address.
    if (const auto named = ListenAddress::parseList(options_.clientAdvertise);
        named && !options_.clientAdvertise.empty()) {
        address = kernel::ClientAddress{
            named->front().host, static_cast<std::uint16_t>(std::max(named->front().port, 0))};
    }
    broker_->setAdvertised(std::move(address));
    broker_->setAnonymous(options_.settings.find("no_auth_user") != nullptr);  // OPT-155
}

void Server::enterLameDuck(std::function<void()> done) {
    if (lameDuck_ != nullptr) {
        return;
    }
    log_.write(Level::info, "Entering lame duck mode, stop accepting new clients");  // LOG-87
    for (const auto& port : plugins_->registry().all<reactor::ClientPort>()) {
        if (const auto pinned = port.lock()) {
            pinned->stopAccepting();
        }
    }
    lameDuck_ = std::make_unique<LameDuck>(
        *broker_, *pool_, log_,
        LameDuck::Timing{options_.lameDuckDuration, options_.lameDuckGracePeriod}, std::move(done));
}

void Server::stop() noexcept {
    lameDuck_.reset();
    portsFile_.remove();
    if (plugins_ == nullptr) {
        return;
    }
    plugins_->quiesce();
    if (pool_ != nullptr) {
        pool_->stop(kFlushGrace);
    }
    if (auth_ != nullptr) {
        auth_->stop();
    }
    plugins_->stop();
    registrations_.clear();
    pool_.reset();
    broker_.reset();
    plugins_->destroy();
    auth_.reset();
    plugins_.reset();
}

}  // namespace gnatsd::host
