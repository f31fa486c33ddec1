#include "tests/fuzz/SessionRig.h"

#include "tests/fuzz/Require.h"

#include <algorithm>
#include <utility>

namespace gnatsd::fuzz {

using namespace kernel;

namespace {

constexpr std::size_t kDrip = 7;

ServerInfo info() {
    ServerInfo result;
    result.serverId = "NFUZZ";
    return result;
}

}  // namespace

void StrictLog::write(Level, std::string_view text) noexcept {
    const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    require(clean, "a control byte in a log line (LOG-52)", std::string(text));
}

void LateGate::check(AuthRequest request, std::function<void(AuthAnswer)> done) {
    questions_.push_back({request.connect.user != "bad", std::move(done)});
}

void LateGate::answer() {
    for (Question& question : std::exchange(questions_, {})) {
        AuthAnswer answer;
        answer.accepted = question.accepted;
        question.done(std::move(answer));
    }
}

void Mailbox::flushSoon(std::vector<Ref<Outbox>>& outboxes) {
    for (Ref<Outbox>& outbox : outboxes) {
        tasks_.emplace_back([outbox = std::move(outbox)] {
            if (Link* link = outbox->link(); link != nullptr) {
                link->flush();
            }
        });
    }
    outboxes.clear();
}

void Mailbox::post(std::function<void()> task) {
    tasks_.push_back(std::move(task));
}

bool Mailbox::run() {
    if (tasks_.empty()) {
        return false;
    }
    const std::deque<std::function<void()>> tasks = std::exchange(tasks_, {});
    for (const auto& task : tasks) {
        task();
    }
    return true;
}

MemoryLink::MemoryLink(Broker& broker, Shard& shard, Appetite appetite)
    : shard_(shard), appetite_(appetite) {
    const std::uint64_t id = broker.nextConnectionId();
    outbox_ = Outbox::make(shard, *this, "127.0.0.1:1 - cid:" + std::to_string(id),
                           broker.limits().maxPending);
    session_ = std::make_unique<ClientSession>(broker, shard, *this, outbox_, id, "127.0.0.1");
    session_->onOpen();
}

MemoryLink::~MemoryLink() {
    require(!alive(), "a session was left behind");
}

void MemoryLink::flush() {
    if (!alive()) {
        return;
    }
    std::vector<Ref<Subscription>> expired;
    outbox_->collect(expired);
    session_->onExpired(expired);
    if (outbox_->overflowed()) {
        close(CloseReason::slowConsumerPendingBytes);
    }
    require(outbox_->near().bytes() <= 2 * outbox_->maxPending(), "more pending than allowed");
    switch (appetite_) {
        case Appetite::all:
            take(outbox_->near().bytes());
            break;
        case Appetite::drip:
            take(std::min(kDrip, outbox_->near().bytes()));
            break;
        case Appetite::none:
            break;
    }
    outbox_->near().settle(shard_.pool);
    outbox_->noteUnsent();
}

void MemoryLink::take(std::size_t limit) {
    OutQueue& queue = outbox_->near();
    while (limit > 0) {
        OutSpan spans[2];
        const std::size_t count = queue.spans(spans, 2);
        require(count > 0, "bytes() promises more than spans() shows");
        const std::size_t size = std::min(limit, spans[0].size);
        output_.append(spans[0].data, size);
        queue.consume(size, shard_.pool);
        limit -= size;
    }
}

void MemoryLink::close(CloseReason reason) {
    if (reason_ == CloseReason::none) {
        reason_ = reason;
    }
}

void MemoryLink::read(std::string_view bytes, bool direct) {
    if (paused_) {
        waiting_.append(bytes);
        return;
    }
    deliver(bytes, direct);
}

bool MemoryLink::readWaiting() {
    if (paused_ || waiting_.empty()) {
        return false;
    }
    deliver(std::exchange(waiting_, {}), false);
    return true;
}

void MemoryLink::deliver(std::string_view bytes, bool direct) {
    if (!alive() || reason_ != CloseReason::none) {
        return;
    }
    if (direct) {
        const std::span<char> space = session_->directSpace();
        const std::size_t part = std::min(space.size(), bytes.size());
        std::copy_n(bytes.begin(), part, space.begin());
        session_->onDirect(part);
        bytes.remove_prefix(part);
    }
    session_->onBytes(bytes);
    shard_.flushAll();
}

void MemoryLink::passTime(Clock::time_point now) {
    if (alive() && reason_ == CloseReason::none) {
        require(session_->onTimer(now) > now, "a timer that is due at once again");
    }
}

bool MemoryLink::finish() {
    if (!alive() || reason_ == CloseReason::none) {
        return false;
    }
    if (!skipsFlush(reason_)) {
        flush();
    }
    session_->onClosed(reason_);
    outbox_->close(shard_.pool);
    session_.reset();
    return true;
}

SessionRig::SessionRig(const RigSetup& setup)
    : broker_(std::make_unique<Broker>(setup.limits, info(), log_, setup.gate ? &gate_ : nullptr)) {
    log_.setDebug(setup.chatty);
    log_.setTrace(setup.chatty);
    for (unsigned i = 0; i < (setup.twoShards ? kSessions : 1); ++i) {
        shards_.push_back(std::make_unique<Shard>(i, mailboxes_[i]));
        shards_.back()->now = Clock::time_point(std::chrono::hours(1));
    }
    for (std::size_t i = 0; i < kSessions; ++i) {
        Shard& shard = *shards_[std::min(i, shards_.size() - 1)];
        links_.push_back(
            std::make_unique<MemoryLink>(*broker_, shard, i == 0 ? Appetite::all : setup.second));
    }
    settle();
}

SessionRig::~SessionRig() = default;

void SessionRig::read(std::size_t session, std::string_view bytes, bool direct) {
    links_[session]->read(bytes, direct);
    settle();
}

void SessionRig::answerGate() {
    gate_.answer();
    settle();
}

void SessionRig::passTime(std::chrono::milliseconds time) {
    for (const auto& shard : shards_) {
        shard->now += time;
    }
    for (const auto& link : links_) {
        link->passTime(shards_.front()->now);
    }
    settle();
}

/// Lets everything happen that what happened asks for.
void SessionRig::settle() {
    bool busy = true;
    for (int round = 0; busy; ++round) {
        require(round < 10000, "the rig does not come to rest");
        busy = false;
        for (const auto& shard : shards_) {
            shard->flushAll();
        }
        for (Mailbox& mailbox : mailboxes_) {
            busy |= mailbox.run();
        }
        for (const auto& link : links_) {
            busy |= link->finish();
            busy |= link->readWaiting();
        }
    }
}

namespace {

/// Two runs are compared, and a nonce is never the same.
std::string withoutNonce(std::string output) {
    constexpr std::string_view kKey = "\"nonce\":\"";
    if (const std::size_t at = output.find(kKey); at != std::string::npos) {
        const std::size_t begin = at + kKey.size();
        output.erase(begin, output.find('"', begin) - begin);
    }
    return output;
}

}  // namespace

std::array<std::string, SessionRig::kSessions> SessionRig::finish() {
    std::array<std::string, kSessions> outcome;
    for (const auto& link : links_) {
        link->close(CloseReason::clientClosed);
    }
    settle();
    answerGate();
    for (std::size_t i = 0; i < kSessions; ++i) {
        require(!links_[i]->alive(), "closed, and still there");
        outcome[i] =
            withoutNonce(links_[i]->output()) + "closed: " + std::string(text(links_[i]->reason()));
    }
    require(broker_->clients() == 0, "clients are still counted");
    require(broker_->globalAccount().sublist().size() == 0, "subscriptions are left");
    return outcome;
}

}  // namespace gnatsd::fuzz
