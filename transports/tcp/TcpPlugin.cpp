// The client port: listens, and gives every connection a ClientSession.
//
// Configuration: `listen.N.host` and `listen.N.port`, N from 0; port -1 picks a free one.

#include "kernel/Broker.h"
#include "kernel/ClientSession.h"
#include "transports/reactor/Acceptor.h"
#include "transports/reactor/ClientPort.h"
#include "transports/reactor/PlainStream.h"
#include "transports/reactor/ReactorPool.h"
#include <gnatsd/Plugin.h>

#include <Poco/Exception.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd;

namespace {

struct Listen {
    std::string host;
    std::uint16_t port;  // 0: any free one
};

class TcpPlugin final : public sdk::Plugin, private reactor::ClientPort {
public:
    void configure(const sdk::Config& config) override {
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
            listen_.push_back({config.getRawString(key + ".host"),
                               static_cast<std::uint16_t>(port < 0 ? 0 : port)});
        }
        if (listen_.empty()) {
            throw Poco::NotFoundException("listen.0.host: there is no address to listen on");
        }
    }

    void start(sdk::PluginContext& context) override {
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
        seed.maxPending = limits.maxPending;
        seed.writeDeadline = limits.writeDeadline;
        seed.protocol = [broker = broker_.get(), id, ip = std::move(accepted.ip)](
                            kernel::Shard& shard, kernel::Link& link,
                            kernel::Ref<kernel::Outbox> outbox) {
            return std::make_unique<kernel::ClientSession>(*broker, shard, link, std::move(outbox),
                                                           id, ip);
        };
        pool_->pick().adopt(std::move(seed));
    }

    std::vector<Listen> listen_;
    std::shared_ptr<kernel::Broker> broker_;
    std::shared_ptr<reactor::ReactorPool> pool_;
    std::vector<std::unique_ptr<reactor::Acceptor>> acceptors_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(TcpPlugin, "tcp", GNATSD_VERSION, sdk::RunLevel::clients)
