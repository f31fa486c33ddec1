// DispatchRig: sessions without sockets or threads, whose output is thrown away.
//
// Threads: one.

#pragma once

#include "kernel/Broker.h"
#include "kernel/ClientSession.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gnatsd::bench {

class NoLog final : public kernel::Log {
public:
    void write(kernel::Level, std::string_view) noexcept override {}
};

/// Keeps what is posted until it is worked off.
class NoThread final : public kernel::FlushTarget {
public:
    void flushSoon(std::vector<kernel::Ref<kernel::Outbox>>& outboxes) override {
        outboxes.clear();
    }
    void post(std::function<void()> task) override { tasks_.push_back(std::move(task)); }
    void work() {
        for (const auto& task : std::exchange(tasks_, {})) {
            task();
        }
    }

private:
    std::vector<std::function<void()>> tasks_;
};

/// A connection that takes everything at once.
class Sink final : public kernel::Link {
public:
    Sink(kernel::Broker& broker, kernel::Shard& shard, NoThread& thread)
        : shard_(shard),
          outbox_(kernel::Outbox::make(shard, *this, "bench", broker.limits().maxPending)),
          session_(std::make_unique<kernel::ClientSession>(
              broker, shard, *this, outbox_, broker.nextConnectionId(), "127.0.0.1")) {
        session_->onOpen();
        session_->onBytes("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true}\r\n");
        thread.work();
    }
    ~Sink() override {
        session_->onClosed(kernel::CloseReason::clientClosed);
        outbox_->close(shard_.pool);
    }

    kernel::Protocol& protocol() noexcept override { return *session_; }
    void flush() override {
        outbox_->near().learnSize();
        outbox_->near().clear(shard_.pool);
    }
    void close(kernel::CloseReason) override {}
    void pauseReading() override {}
    void resumeReading() override {}
    void holdReading(std::chrono::microseconds) override {}
    void hastenTimer() override {}
    void setWriteDeadline(std::chrono::milliseconds) override {}

private:
    kernel::Shard& shard_;
    const kernel::Ref<kernel::Outbox> outbox_;
    const std::unique_ptr<kernel::ClientSession> session_;
};

struct Rig {
    explicit Rig(kernel::AuthGate* gate = nullptr)
        : broker(kernel::Limits(), kernel::ServerInfo(), log, gate) {}

    Sink& add(const std::string& subscribe) {
        sinks.push_back(std::make_unique<Sink>(broker, shard, thread));
        sinks.back()->protocol().onBytes(subscribe);
        return *sinks.back();
    }

    NoLog log;
    NoThread thread;
    kernel::Broker broker;
    kernel::Shard shard{0, thread};
    std::vector<std::unique_ptr<Sink>> sinks;
};

/// PUBs on `bench.0` and so on, in turns.
inline std::string messages(std::size_t count, std::size_t payload, std::size_t subjects) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        bytes += "PUB bench." + std::to_string(i % subjects) + " " + std::to_string(payload) +
                 "\r\n" + std::string(payload, 'x') + "\r\n";
    }
    return bytes;
}

}  // namespace gnatsd::bench
