// Run: consecutive messages of one publisher on one subject, delivered together.
//
// Each receiver gets all of them in one go: its subscription and outbox are touched once, its lock,
// if it is another reactor's, is taken once. What a receiver sees is the same as one by one.
//
// Lifetime: views into the publisher's input, within one onBytes().

#pragma once

#include "kernel/Bytes.h"
#include "kernel/Message.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gnatsd::kernel {

class Run {
public:
    static constexpr std::size_t kMost = 64;

    bool empty() const noexcept { return count_ == 0; }
    bool full() const noexcept { return count_ == kMost; }
    std::size_t count() const noexcept { return count_; }
    std::string_view subject() const noexcept { return subject_; }
    std::string_view tail(std::size_t i) const noexcept { return tails_[i]; }
    std::size_t payloadBytes() const noexcept { return payloadBytes_; }

    /// Whether the message goes on what is here, or nothing is here yet.
    bool takes(const Message& message) const noexcept {
        return count_ == 0 || (count_ < kMost && message.subject.size() == subject_.size() &&
                               sameBytes(message.subject.data(), subject_.data(), subject_.size()));
    }

    /// Requires: takes(message); a message without headers whose tail is not empty.
    void add(const Message& message) noexcept {
        if (count_ == 0) {
            subject_ = message.subject;
        }
        tails_[count_] = message.tail;
        payloads_[count_] = static_cast<std::uint32_t>(message.payload.size());
        ++count_;
        tailBytes_ += message.tail.size();
        payloadBytes_ += message.payload.size();
    }

    /// The i-th message as far as a delivery of a whole tail needs it.
    Message message(std::size_t i) const noexcept {
        Message message;
        message.subject = subject_;
        message.tail = tails_[i];
        message.payload = tails_[i].substr(tails_[i].size() - 2 - payloads_[i], payloads_[i]);
        return message;
    }

    /// The i-th message's reply subject; empty: none.
    std::string_view reply(std::size_t i) const noexcept { return replyIn(message(i)); }

    /// The same of what message() answers, where it is only part of the tail.
    static std::string_view replyIn(const Message& message) noexcept {
        const std::string_view line =
            message.tail.substr(0, message.tail.size() - message.payload.size() - 4);
        const std::size_t blank = line.find(' ');
        return blank == std::string_view::npos ? std::string_view() : line.substr(0, blank);
    }

    /// What all of them take in the outbox of a subscription with such a sid.
    std::size_t outputBytes(std::size_t sidBlank) const noexcept {
        return tailBytes_ + count_ * (4 + subject_.size() + 1 + sidBlank);
    }

    void clear() noexcept {
        count_ = 0;
        tailBytes_ = 0;
        payloadBytes_ = 0;
    }

private:
    std::string_view subject_;
    std::array<std::string_view, kMost> tails_;
    std::array<std::uint32_t, kMost> payloads_;
    std::size_t count_ = 0;
    std::size_t tailBytes_ = 0;
    std::size_t payloadBytes_ = 0;
};

}  // namespace gnatsd::kernel
