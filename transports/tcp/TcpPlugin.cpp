// The client port: listens, and gives every connection a ClientSession.
//
// Configuration: `listen.N.host` and `listen.N.port`, N from 0; port -1 picks a free one. `tls`:
// connections are secured by the StreamUpgrade that is there, or refused; `allow_non_tls`: clients
// may also stay plain. An address with a `listen.N.name` is a listener of its own: its `tls` and
// `allow_non_tls` are in listen.N, INFO has its port.

#include "kernel/Broker.h"
#include "kernel/ClientSession.h"
#include "transports/reactor/Acceptor.h"
#include "transports/reactor/ClientPort.h"
#include "transports/reactor/PlainStream.h"
#include "transports/reactor/ReactorPool.h"
#include "transports/reactor/StreamUpgrade.h"
#include <gnatsd/Plugin.h>

#include <Poco/Exception.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace gnatsd;

namespace {

enum class Mode { plain, tls, either };

struct Listen {
    std::string name;  // empty: belongs to the client port itself
    std::string host;
    std::uint16_t port;  // 0: any free one
    Mode mode;

    /// A reload may change the mode only.
    bool isSamePlace(const Listen& other) const {
        return name == other.name && host == other.host && port == other.port;
    }
};

Mode readMode(const sdk::Config& config, const std::string& prefix) {
    if (!config.getBool(prefix + "tls", false)) {
        return Mode::plain;
    }
    return config.getBool(prefix + "allow_non_tls", false) ? Mode::either : Mode::tls;
}

const char* modeText(Mode mode) {
    switch (mode) {
        case Mode::tls:
            return "TLS required";
        case Mode::either:
            return "TLS available";
        case Mode::plain:
            break;
    }
    return "without TLS";
}

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
        const std::string name =
            config.has(key + ".name") ? config.getRawString(key + ".name") : std::string();
        addresses.push_back({name, config.getRawString(key + ".host"),
                             static_cast<std::uint16_t>(port < 0 ? 0 : port),
                             readMode(config, name.empty() ? "" : key + ".")});
    }
    if (addresses.empty()) {
        throw Poco::NotFoundException("listen.0.host: there is no address to listen on");
    }
    return addresses;
}

/// One configured address, which may be several sockets.
struct Listener {
    explicit Listener(Listen place) : listen(std::move(place)), mode(listen.mode) {}

    const Listen listen;
    std::atomic<Mode> mode;
    std::uint16_t port = 0;  // the real one
    std::vector<std::unique_ptr<reactor::Acceptor>> acceptors;
};

class TcpPlugin final : public sdk::Plugin, private reactor::ClientPort {
public:
    void configure(const sdk::Config& config) override {
        for (Listen& listen : readListen(config)) {
            listeners_.push_back(std::make_unique<Listener>(std::move(listen)));
        }
    }

    void start(sdk::PluginContext& context) override {
        registry_ = &context.registry();
        broker_ = context.registry().find<kernel::Broker>("").lock();
        pool_ = context.registry().find<reactor::ReactorPool>("").lock();
        try {
            for (const auto& listener : listeners_) {
                bind(*listener);
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
        for (const auto& listener : listeners_) {
            for (const auto& acceptor : listener->acceptors) {
                acceptor->open();
            }
        }
        for (const auto& listener : listeners_) {
            tellAddress(*listener);
        }
        tellMode(listeners_.front()->listen.name.empty() ? listeners_.front()->mode.load()
                                                         : Mode::plain);
    }

    /// Addresses stay as they are; whether they are secured may change (OPT-212).
    std::unique_ptr<sdk::Reconfiguration> prepare(const sdk::Config& config) override {
        const std::vector<Listen> next = readListen(config);
        if (!std::equal(next.begin(), next.end(), listeners_.begin(), listeners_.end(),
                        [](const Listen& listen, const auto& listener) {
                            return listen.isSamePlace(listener->listen);
                        })) {
            return nullptr;
        }
        return sdk::whenApplied([this, next] {
            for (std::size_t i = 0; i < next.size(); ++i) {
                change(*listeners_[i], next[i].mode, i == 0);
            }
        });
    }

    void quiesce() override { stopAccepting(); }

    void stop() override {
        registration_.revoke();
        stopAccepting();
        pool_.reset();
        broker_.reset();
    }

private:
    void stopAccepting() override {
        for (const auto& listener : listeners_) {
            listener->acceptors.clear();
        }
    }

    void change(Listener& listener, Mode mode, bool isFirst) {
        if (listener.mode.exchange(mode) == mode) {
            return;
        }
        if (!listener.listen.name.empty()) {
            tellAddress(listener);
        } else if (isFirst) {
            tellMode(mode);
        }
    }

    void tellAddress(const Listener& listener) {
        std::string line = "Listening for client connections on " +
                           reactor::hostPort(listener.listen.host, listener.port);
        if (!listener.listen.name.empty()) {
            line += " (" + listener.listen.name + ", " + modeText(listener.mode) + ")";
        }
        broker_->log().write(kernel::Level::info, line);
    }

    // LOG-76
    void tellMode(Mode mode) {
        if (mode != Mode::plain) {
            broker_->log().write(kernel::Level::info,
                                 std::string(modeText(mode)) + " for client connections");
        }
    }

    void bind(Listener& listener) {
        const Listen& listen = listener.listen;
        std::vector<reactor::ListenSocket> sockets;
        try {
            sockets = reactor::ListenSocket::bindAll(listen.host, listen.port);
        } catch (const Poco::IOException& error) {  // CLI-65
            throw Poco::IOException(
                "Error listening on port: " + reactor::hostPort(listen.host, listen.port) + ", \"" +
                error.message() + "\"");
        }
        listener.port = sockets.front().port();
        broker_->addClientAddress({listen.host, listener.port});
        for (reactor::ListenSocket& socket : sockets) {
            listener.acceptors.push_back(std::make_unique<reactor::Acceptor>(
                pool_->at(0), std::move(socket), [this, &listener](reactor::Accepted accepted) {
                    serve(listener, std::move(accepted));
                }));
        }
    }

    /// On the acceptor's reactor. The factory runs later, on the connection's, and must not need
    /// this plug-in: it holds what it uses.
    void serve(const Listener& listener, reactor::Accepted accepted) {
        const std::uint64_t id = broker_->nextConnectionId();
        const kernel::Limits& limits = broker_->limits();
        reactor::ConnectionSeed seed;
        seed.stream = std::make_unique<reactor::PlainStream>(accepted.fd);
        seed.identity =
            reactor::hostPort(accepted.ip, accepted.port) + " - cid:" + std::to_string(id);
        kernel::TlsOffer offer;
        if (!listener.listen.name.empty()) {
            offer.port = listener.port;
        }
        if (!secure(listener, seed, offer)) {
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
    bool secure(const Listener& listener, reactor::ConnectionSeed& seed, kernel::TlsOffer& offer) {
        const Mode mode = listener.mode;
        if (mode == Mode::plain) {
            return true;
        }
        const auto upgrade = registry_->find<reactor::StreamUpgrade>("tls").lock();
        seed.security = upgrade == nullptr ? nullptr : upgrade->security(listener.listen.name);
        if (seed.security == nullptr) {
            broker_->log().write(kernel::Level::error,
                                 seed.identity + " - refused: TLS is required and not available");
            return false;
        }
        // Nobody can do without a certificate that says who it is.
        seed.mayStayPlain = mode == Mode::either && !seed.security->mapsUsers;
        offer.required = !seed.mayStayPlain;
        offer.available = seed.mayStayPlain;
        offer.verify = seed.security->verify;
        return true;
    }

    std::vector<std::unique_ptr<Listener>> listeners_;
    sdk::ServiceRegistry* registry_ = nullptr;
    std::shared_ptr<kernel::Broker> broker_;
    std::shared_ptr<reactor::ReactorPool> pool_;
    sdk::Registration registration_;
};

}  // namespace

GNATSD_PLUGIN(TcpPlugin, "tcp", GNATSD_VERSION, sdk::RunLevel::clients)
