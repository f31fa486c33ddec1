// ClientSession: a client's conversation from INFO to close, as a state machine.
//
// Threads: confined to the reactor that owns its connection.
// Lifetime: owned by the connection. Its Outbox may live longer, in subscriptions and results.

#pragma once

#include "kernel/Broker.h"
#include "kernel/ConnectOptions.h"
#include "kernel/Dispatcher.h"
#include "kernel/Link.h"
#include "kernel/Outbox.h"
#include "kernel/Parser.h"
#include "kernel/Protocol.h"
#include "kernel/SessionUser.h"
#include "kernel/SidTable.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class ClientSession final : public Protocol {
public:
    /// `peerIp` is what INFO calls client_ip; `outbox` names the connection (Outbox::identity).
    ClientSession(Broker& broker, Shard& shard, Link& link, Ref<Outbox> outbox, std::uint64_t id,
                  std::string_view peerIp, const TlsOffer& tls = {});
    ~ClientSession() override;

    void onOpen() override;
    void onSecured(std::shared_ptr<const PeerIdentity> peer) override;
    void onBytes(std::string_view bytes) override;
    std::span<char> directSpace() noexcept override;
    void onDirect(std::size_t size) noexcept override { parser_.filled(size); }
    void onExpired(const std::vector<Ref<Subscription>>& expired) override;
    Clock::time_point onTimer(Clock::time_point now) override;
    void onMoved(Shard& shard) override { shard_ = &shard; }
    void onChange() override;
    bool retire(CloseReason reason) override;
    void onHoldEnd() override;
    void onClosed(CloseReason reason) override;

    std::uint64_t id() const noexcept { return id_; }
    std::size_t subscriptions() const noexcept { return sids_.size(); }
    std::uint64_t inMessages() const noexcept { return inMessages_; }
    std::uint64_t inBytes() const noexcept { return inBytes_; }
    const ConnectOptions& options() const noexcept;

    /// Asks the AuthGate again when its rules changed since it answered (OPT-213). onChange() does.
    void recheck();

private:
    enum class State : std::uint8_t {
        opening,
        needsConnect,  // CP-110
        checking,      // the AuthGate was asked
        open,
        throttled,  // its user's publish_rate is used up: input waits
        closed,
    };

    void work(std::string_view bytes);
    void handle(Event event, const Op& op);
    void publish(const Message& message, Dispatcher& dispatcher);
    bool joinsRun(const Message& message) const noexcept;
    void finishRun(Run& run, Dispatcher& dispatcher);
    void deliverChecked(const Run& run, Dispatcher& dispatcher);
    bool admits(const Message& message, Dispatcher& dispatcher);
    bool mayAnswer(std::string_view subject);
    bool maySubscribe(std::string_view subject, std::string_view queue) const;
    void refusePublish(std::string_view subject);
    void refuseReply(std::string_view reply);
    void refuseSubscribe(std::string_view subject, std::string_view queue, std::string_view sid);
    void report(Violation::Kind kind, std::string_view subject, std::string_view queue);
    bool metered() const noexcept;
    void throttle();
    void noResponders(const Message& message);
    void subscribe(const Op& op);
    void unsubscribe(const Op& op);
    void forget(Subscription& subscription);
    void collectFar();
    void pong();
    void tellInfo();
    void connect(std::string_view json);
    void askGate();
    void check(void (ClientSession::*next)(const AuthAnswer&, std::uint32_t));
    void onAnswer(const AuthAnswer& answer, std::uint32_t version);
    void onRecheck(const AuthAnswer& answer, std::uint32_t version);
    bool enterAccount(std::string_view name);
    void setUser(const AuthAnswer& answer, std::uint32_t version);
    Clock::time_point expiry(Clock::time_point now) const;
    Clock::time_point onPingTimer(Clock::time_point now);
    void setRules(Subscription& subscription) const;
    void removeForbidden();
    void takeUnread();
    void refuse(std::string_view reason);
    void failed(const ParseFailure& failure);

    void send(std::string_view bytes);
    void ok() {
        if (verbose_) [[unlikely]] {
            send("+OK\r\n");
        }
    }
    void sendError(ProtocolError error);
    void sendError(const std::string& text);
    void fail(ProtocolError error, CloseReason reason);
    void end(CloseReason reason);

    std::string userText() const;
    std::string label() const;
    void log(Level level, std::string_view text) const;
    void traceOp(Event event, const Op& op) const;
    std::string tracedPayload(std::string_view payload) const;
    void traceSent(std::string_view bytes) const;

    Broker& broker_;
    Shard* shard_;
    Link& link_;
    const Ref<Outbox> outbox_;
    const std::uint64_t id_;
    const std::string peerIp_;
    const TlsOffer tls_;
    std::shared_ptr<const PeerIdentity> peer_;  // null: not secured
    Account* account_;
    Parser parser_;
    SidTable sids_;
    std::unique_ptr<ConnectOptions> options_;   // null: no CONNECT yet, the defaults hold
    std::unique_ptr<std::string> unread_;       // input that came while checking or throttled
    std::shared_ptr<SessionUser> user_;         // null: never asked; shared to be watched only
    const Permissions* permissions_ = nullptr;  // user_'s
    Clock::time_point started_;
    Clock::time_point lastInput_;
    Clock::time_point nextPing_;
    std::uint64_t inMessages_ = 0;
    std::uint64_t inBytes_ = 0;
    std::uint32_t pingsOut_ = 0;
    std::uint32_t infoSeen_ = 0;  // Broker::infoVersion() of the INFO that was sent last
    State state_ = State::opening;
    bool verbose_ = true;
    bool pedantic_ = true;
    bool echo_ = true;
    bool noResponders_ = false;
    bool single_ = true;       // messages do not join runs: verbose, pedantic or metered
    bool restricted_ = false;  // a publish has to be asked about: permissions or a publish rate
    bool greeted_ = false;     // has got its first PONG (CP-152)
    bool counted_ = false;     // holds a place in the Broker's count
};

}  // namespace gnatsd::kernel
