#include "plugins/host/Server.h"

#include "kernel/Text.h"
#include "plugins/host/ClientUrls.h"
#include "plugins/host/PidFile.h"
#include "plugins/host/PluginSpec.h"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/MapConfiguration.h>

#include <chrono>
#include <string>
#include <utility>

namespace gnatsd::host {

namespace {

using kernel::Level;

constexpr std::chrono::milliseconds kFlushGrace{1000};

}  // namespace

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
        announce(info);
        checkPorts();
        create(std::move(info));
        pool_->start();
        plugins_->start();
        plugins_->open();
        writeFiles();
    } catch (...) {
        stop();
        throw;
    }
    log_.write(Level::debug, "Server id is " + broker_->info().serverId);  // LOG-77
    log_.write(Level::info, "Server is ready");                            // LOG-78
}

void Server::create(kernel::ServerInfo info) {
    plugins_ = std::make_unique<PluginHost>(pluginSpecs(options_, configBlocks()), log_);
    plugins_->load();
    auth_ = std::make_unique<AuthChain>(plugins_->registry(), log_);

    broker_ = std::make_shared<kernel::Broker>(options_.limits, std::move(info), log_, auth_.get());
    pool_ = std::make_shared<reactor::ReactorPool>(options_.reactors, poller_, log_, placement_);
    registrations_.push_back(plugins_->registry().provide<kernel::Broker>("", broker_));
    registrations_.push_back(plugins_->registry().provide<reactor::ReactorPool>("", pool_));
}

// LOG-70, LOG-71
void Server::announce(const kernel::ServerInfo& info) {
    log_.write(Level::info, "Starting nats-server version " + std::string(kernel::kVersion));
    log_.write(Level::info, "  Name:     " + kernel::escape(info.serverName));
    log_.write(Level::info, "  ID:       " + info.serverId);
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

ConfigBlocks Server::configBlocks() const {
    Poco::AutoPtr<Poco::Util::MapConfiguration> client(new Poco::Util::MapConfiguration);
    int number = 0;
    for (const ListenAddress& address : effectiveListen(options_)) {
        const std::string key = "listen." + std::to_string(number++);
        client->setString(key + ".host", address.host);
        client->setInt(key + ".port", address.port);
    }
    return {{"client", client}};
}

void Server::writeFiles() {
    if (!options_.pidFile.empty()) {
        writePidFile(options_.pidFile);
    }
    try {
        portsFile_.write(clientUrls(ports()));
    } catch (const Poco::Exception& error) {
        log_.write(Level::error, error.message());
    }
}

void Server::stop() noexcept {
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
