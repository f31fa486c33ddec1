#include "tests/bench/Requester.h"

#include "tests/bench/Error.h"
#include "tests/bench/FrameRing.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <unistd.h>

namespace gnatsd::bench {

namespace {

std::string labelOf(std::size_t number) {
    return "requester " + std::to_string(number);
}

}  // namespace

Requester::Requester(const Options& options, std::size_t number)
    : options_(options),
      label_(labelOf(number)),
      rate_(options.rate / static_cast<double>(options.pubs)),
      client_(options.server, "gnatsd-bench " + label_),
      inbox_(client_, label_, options.size),
      inboxPrefix_("_INBOX.bench" + std::to_string(::getpid()) + "." + std::to_string(number) +
                   ".") {
    client_.sendAll("SUB " + inboxPrefix_ + "* 1\r\n");
    client_.roundTrip();
    poller_.add(client_.fd(), EPOLLIN, 0);
    makeSlots(options.inflight);
}

void Requester::makeSlots(std::size_t count) {
    const std::string payload(options_.size, 'x');
    for (std::size_t i = 0; i < count; ++i) {
        Slot slot;
        slot.frame = "PUB " + options_.subject + " " + inboxPrefix_ + std::to_string(i) + " " +
                     std::to_string(options_.size) + "\r\n";
        slot.wordOffset = slot.frame.size();
        slot.frame += payload + "\r\n";
        slots_.push_back(std::move(slot));
        free_.push_back(count - 1 - i);
    }
}

void Requester::forget() {
    latency_ = Histogram();
    uncorrected_ = Histogram();
    answered_.store(0);
}

void Requester::sendDue(Schedule& schedule, std::uint64_t& left, Clock::time_point end) {
    out_.clear();
    const auto now = Clock::now();
    if (now >= end || stopped_.load()) {
        left = 0;
    }
    while (left != 0 && !free_.empty() && schedule.nextDue(now) <= now) {
        Slot& slot = slots_[free_.back()];
        free_.pop_back();
        --left;
        slot.due = schedule.take(now);
        slot.sent = now;
        slot.number = next_++;
        slot.busy = true;
        if (options_.size >= kWordSize) {
            std::memcpy(slot.frame.data() + slot.wordOffset, &slot.number, kWordSize);
        }
        out_ += slot.frame;
    }
    client_.sendAll(out_);
}

void Requester::onReply(const Frame& frame, Clock::time_point now) {
    std::size_t index = 0;
    const std::string_view suffix = frame.subject.starts_with(inboxPrefix_)
                                        ? frame.subject.substr(inboxPrefix_.size())
                                        : std::string_view();
    const char* const last = suffix.data() + suffix.size();
    const auto [end, error] = std::from_chars(suffix.data(), last, index);
    if (error != std::errc{} || end != last || index >= slots_.size() || !slots_[index].busy) {
        throw ServerError(label_ + ": a reply nobody waits for on " + std::string(frame.subject));
    }
    Slot& slot = slots_[index];
    std::uint64_t number = slot.number;
    if (options_.size >= kWordSize && frame.size == options_.size) {
        std::memcpy(&number, frame.payload, kWordSize);
    }
    if (frame.size != options_.size || number != slot.number) {
        throw ServerError(label_ + ": reply " + std::to_string(number) + " of " +
                          std::to_string(frame.size) + " B where " + std::to_string(slot.number) +
                          " was due");
    }
    slot.busy = false;
    free_.push_back(index);
    latency_.record(now - slot.due);
    uncorrected_.record(now - slot.sent);
    answered_.fetch_add(1, std::memory_order_relaxed);
}

void Requester::waitForReply(const Schedule& schedule, std::uint64_t left) {
    const auto now = Clock::now();
    const std::chrono::duration<double> patience(options_.timeout);
    std::chrono::nanoseconds wait = std::chrono::ceil<std::chrono::nanoseconds>(patience);
    const bool waitsForTime = left != 0 && !free_.empty();
    if (waitsForTime) {
        wait = std::clamp<std::chrono::nanoseconds>(schedule.nextDue(now) - now,
                                                    std::chrono::nanoseconds(0), wait);
    }
    const bool readable = !poller_.wait(wait).empty();
    if (!readable && free_.size() < slots_.size() && Clock::now() - lastReply_ > patience) {
        throw ServerError(label_ + ": " + std::to_string(slots_.size() - free_.size()) +
                          " requests were not answered");
    }
    while (readable && inbox_.read([this](const Frame& frame) { onReply(frame, Clock::now()); })) {
        lastReply_ = Clock::now();
        if (!free_.empty()) {
            break;
        }
    }
}

void Requester::run(std::uint64_t requests, double seconds) {
    const auto start = Clock::now();
    const std::chrono::duration<double> length(seconds);
    const auto end = seconds > 0 ? start + std::chrono::duration_cast<Clock::duration>(length)
                                 : Clock::time_point::max();
    Schedule schedule(start, rate_);
    lastReply_ = start;
    std::uint64_t left = seconds > 0 ? std::numeric_limits<std::uint64_t>::max() : requests;
    while (left != 0 || free_.size() < slots_.size()) {
        sendDue(schedule, left, end);
        if (left != 0 || free_.size() < slots_.size()) {
            waitForReply(schedule, left);
        }
    }
}

}  // namespace gnatsd::bench
