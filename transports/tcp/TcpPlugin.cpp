// The client port: listens, and gives every connection a ClientSession.
//
// Configuration: `listen.N.host` and `listen.N.port`, N from 0; port -1 picks a free one. `tls`:
// connections are secured by the StreamUpgrade that is there, or refused; `allow_non_tls`: clients
// may also stay plain.

#include "kernel/Broker.h"
#include "kernel/ClientSession.h"
#include "transports/reactor/Acceptor.h"
#include "transports/reactor/ClientPort.h"
#include "transports/reactor/PlainStream.h"
#include "transports/reactor/ReactorPool.h"
#include "transports/reactor/StreamUpgrade.h"
#include <gnatsd/Plugin.h>

#include <Poco/Exception.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd;

namespace {

struct Listen {
    std::string host;
    std::uint16_t port;  // 0: any free one

    bool operator==(const Listen&) const = default;
};

enum class Mode { plain, tls, either };

std::vector<Listen> readListen(const sdk::Config& config) {
    std::vector<Listen> addresses;
    for (int i = 0;; ++i) {
        const std::string key = "listen." + std::to_string(i);
        if (!config.has(key + ".host")) {
            break;
        }
        const int port = config.getInt(key + ".port");
        if (port < -1 || port > 65535) {
            throw Poco::InvalidArgumentException(key + ".port: " + std::to_string(port) +
                                                 " is no port; use 1 to 65535, or -1");
        }
        addresses.push_back(
            {config.getRawString(key + ".host"), static_cast<std::uint16_t>(port < 0 ? 0 : port)});
    }
    if (addresses.empty()) {
        throw Poco::NotFoundException("listen.0.host: there is no address to listen on");
    }
    return addresses;
}

Mode readMode(const sdk::Config& config) {
    if (!config.getBool("tls", false)) {
        return Mode::plain;
    }
    return config.getBool("allow_non_tls", false) ? Mode::either : Mode::tls;
}

class TcpPlugin final : public sdk::Plugin, private reactor::ClientPort {
public:
    void configure(const sdk::Config& config) override {
        listen_ = readListen(config);
        mode_ = readMode(config);
    }

    void start(sdk::PluginContext& context) override {
        registry_ = &context.registry();
        broker_ = context.registry().find<kernel::Broker>("").lock();
        pool_ = context.registry().find<reactor::ReactorPool>("").lock();
        try {
            for (const Listen& listen : listen_) {
                bind(listen);
            }
            // Not owned: the registration ends with stop(), this plug-in after it.
            registration_ = context.registry().provide<reactor::ClientPort>(
                "tcp", std::shared_ptr<reactor::ClientPort>(std::shared_ptr<void>(), this));
        } catch (...) {
            stop();
            throw;
        }
    }

    void open() override {
        for (const auto& acceptor : acceptors_) {
            acceptor->open();
        }
        for (const kernel::ClientAddress& address : broker_->clientAddresses()) {
            broker_->log().write(kernel::Level::info,
                                 "Listening for client connections on " +
                                     reactor::hostPort(address.host, address.port));
        }
        tellMode();
    }

    /// Addresses stay as they are; whether they are secured may change (OPT-212).
    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        if (readListen(config) != listen_) {
            return nullptr;
        }
        return sdk::whenApplied([this, mode = readMode(config)] {
            if (mode_.exchange(mode) != mode) {
                tellMode();
            }
        });
    }

    void quiesce() override { stopAccepting(); }

    void stop() override {
        registration_.revoke();
        acceptors_.clear();
        pool_.reset();
        broker_.reset();
    }

private:
    void stopAccepting() override { acceptors_.clear(); }

    // LOG-76
    void tellMode() {
        const Mode mode = mode_;
        if (mode != Mode::plain) {
            broker_->log().write(kernel::Level::info, mode == Mode::tls
                                                          ? "TLS required for client connections"
                                                          : "TLS available for client connections");
        }
    }

    void bind(const Listen& listen) {
        std::vector<reactor::ListenSocket> sockets;
        try {
            sockets = reactor::ListenSocket::bindAll(listen.host, listen.port);
        } catch (const Poco::IOException& error) {  // CLI-65
            throw Poco::IOException(
                "Error listening on port: " + reactor::hostPort(listen.host, listen.port) + ", \"" +
                error.message() + "\"");
        }
        broker_->addClientAddress({listen.host, sockets.front().port()});
        for (reactor::ListenSocket& socket : sockets) {
            acceptors_.push_back(std::make_unique<reactor::Acceptor>(
                pool_->at(0), std::move(socket),
                [this](reactor::Accepted accepted) { serve(std::move(accepted)); }));
        }
    }

    /// On the acceptor's reactor. The factory runs later, on the connection's, and must not need
    /// this plug-in: it holds what it uses.
    void serve(reactor::Accepted accepted) {
        const std::uint64_t id = broker_->nextConnectionId();
        const kernel::Limits& limits = broker_->limits();
        reactor::ConnectionSeed seed;
        seed.stream = std::make_unique<reactor::PlainStream>(accepted.fd);
        seed.identity =
            reactor::hostPort(accepted.ip, accepted.port) + " - cid:" + std::to_string(id);
        kernel::TlsOffer offer;
        if (!secure(seed, offer)) {
            return;
        }
        seed.maxPending = limits.maxPending;
        seed.writeDeadline = limits.writeDeadline;
        seed.protocol = [broker = broker_.get(), id, offer, ip = std::move(accepted.ip)](
                            kernel::Shard& shard, kernel::Link& link,
                            kernel::Ref<kernel::Outbox> outbox) {
            return std::make_unique<kernel::ClientSession>(*broker, shard, link, std::move(outbox),
                                                           id, ip, offer);
        };
        pool_->pick().adopt(std::move(seed));
    }

    /// False: it should be secured, and nobody can. Never plain instead.
    bool secure(reactor::ConnectionSeed& seed, kernel::TlsOffer& offer) {
        const Mode mode = mode_;
        if (mode == Mode::plain) {
            return true;
        }
        const auto upgrade = registry_->find<reactor::StreamUpgrade>("tls").lock();
        if (upgrade == nullptr) {
            broker_->log().write(kernel::Level::error,
                                 seed.identity + " - refused: TLS is required and not available");
            return false;
        }
        seed.security = upgrade->security();
        // Nobody can do without a certificate that says who it is.
        seed.mayStayPlain = mode == Mode::either && !seed.security->mapsUsers;
        offer.required = !seed.mayStayPlain;
        offer.available = seed.mayStayPlain;
        offer.verify = seed.security->verify;
        return true;
    }

    std::vector<Listen> listen_;
    std::atomic<Mode> mode_{Mode::plain};
    sdk::ServiceRegistry* registry_ = nullptr;
    std::shared_ptr<kernel::Broker> broker_;
    std::shared_ptr<reactor::ReactorPool> pool_;
    std::vector<std::unique_ptr<reactor::Acceptor>> acceptors_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(TcpPlugin, "tcp", GNATSD_VERSION, sdk::RunLevel::clients)
