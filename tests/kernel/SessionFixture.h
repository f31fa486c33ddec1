// ScriptedGate, Peer: sessions of one broker without sockets; time, answers and the threads that
// carry them are in the test's hand.
//
// Threads: confined.

#pragma once

#include "kernel/Broker.h"
#include "kernel/ClientSession.h"
#include "tests/kernel/FakeLink.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::kernel {

/// Knows users by name; answers at once, or when told.
class ScriptedGate final : public AuthGate {
public:
    bool required() const noexcept override { return isRequired; }
    std::uint32_t version() const noexcept override { return rules; }
    void check(AuthRequest request, std::function<void(AuthAnswer)> done) override {
        checks.push_back(request.connect.user);
        askers.push_back(request.asker);
        held.push_back(request.held);
        answer(request.connect.user, std::move(done));
    }
    void recheck(std::shared_ptr<const AuthTicket> ticket, std::weak_ptr<const void> asker,
                 std::function<void(AuthAnswer)> done) override {
        const std::string& user = static_cast<const Ticket&>(*ticket).user;
        rechecks.push_back(user);
        askers.push_back(std::move(asker));
        answer(user, std::move(done));
    }
    void violated(const Violation& violation) noexcept override {
        violations.push_back(std::string(violation.user) + " " + std::string(violation.subject) +
                             " " + std::string(violation.queue));
    }

    void know(const std::string& user, const PermissionRules& permissions,
              const SessionLimits& limits = {}) {
        AuthAnswer answer;
        answer.accepted = true;
        answer.user = user;
        answer.permissions = Permissions::compile(permissions).permissions;
        answer.limits = limits;
        answer.ticket = std::make_shared<Ticket>(user);
        users[user] = std::move(answer);
    }
    /// Gives the answers that wait.
    void answerAll() {
        for (const auto& [user, done] : std::exchange(waiting, {})) {
            done(answerOf(user));
        }
    }

    struct Ticket final : AuthTicket {
        explicit Ticket(std::string name) : user(std::move(name)) {}
        const std::string user;
    };

    bool isRequired = true;
    bool late = false;
    std::uint32_t rules = 0;
    std::map<std::string, AuthAnswer> users;
    std::vector<std::string> checks;
    std::vector<std::string> rechecks;
    std::vector<std::weak_ptr<const void>> askers;
    std::vector<std::shared_ptr<const AuthTicket>> held;
    std::vector<std::string> violations;
    std::vector<std::pair<std::string, std::function<void(AuthAnswer)>>> waiting;

private:
    AuthAnswer answerOf(const std::string& user) const {
        const auto known = users.find(user);
        return known == users.end() ? AuthAnswer() : known->second;
    }
    void answer(const std::string& user, std::function<void(AuthAnswer)> done) {
        if (late) {
            waiting.emplace_back(user, std::move(done));
        } else {
            done(answerOf(user));
        }
    }
};

/// A thread without a thread.
struct FakeThread {
    explicit FakeThread(unsigned index) : shard(index, target) {
        shard.now = Clock::time_point(std::chrono::seconds(1000));
    }
    void work() {
        while (target.runTasks() > 0) {
        }
        for (const Ref<Outbox>& outbox : target.takeAsked()) {
            if (outbox->link() != nullptr) {
                outbox->link()->flush();
            }
        }
        shard.flushAll();
    }

    FakeTarget target;
    Shard shard;
};

struct SessionWorld {
    explicit SessionWorld(const Limits& limits = {}) : broker(limits, ServerInfo{}, log, &gate) {}

    void pass(std::chrono::milliseconds time) {
        here.shard.now += time;
        there.shard.now += time;
    }

    TextLog log;
    ScriptedGate gate;
    Broker broker;
    FakeThread here{0};
    FakeThread there{1};
};

/// A client of that world, on one of its threads.
class Peer {
public:
    Peer(SessionWorld& world, FakeThread& thread, std::uint64_t id)
        : world_(world), thread_(thread), link_(thread.shard, world.broker.limits().maxPending) {
        session_ = std::make_unique<ClientSession>(world.broker, thread.shard, link_,
                                                   link_.outboxRef(), id, "1.2.3.4");
        link_.setProtocol(session_.get());
        session_->onOpen();
        take();
    }
    /// One that is already connected, not verbose.
    Peer(SessionWorld& world, FakeThread& thread, std::uint64_t id, const std::string& user,
         const std::string& more = {})
        : Peer(world, thread, id) {
        say("CONNECT {\"user\":\"" + user + "\",\"verbose\":false,\"pedantic\":false" + more +
            "}\r\n");
    }
    ~Peer() { leave(); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// Everything that has come since the last call.
    std::string take() {
        world_.here.work();
        world_.there.work();
        return link_.taken();
    }
    std::string say(std::string_view bytes) {
        session_->onBytes(bytes);
        return take();
    }
    void leave() {
        if (session_) {
            session_->onClosed(CloseReason::clientClosed);
            link_.outbox().close(thread_.shard.pool);
            session_.reset();
        }
    }

    ClientSession& session() noexcept { return *session_; }
    FakeLink& link() noexcept { return link_; }

private:
    SessionWorld& world_;
    FakeThread& thread_;
    FakeLink link_;
    std::unique_ptr<ClientSession> session_;
};

}  // namespace gnatsd::kernel
