// AnswerCache: answers of the service, for a short time. The oldest goes first.
//
// Threads: any; the lock is a leaf.

#pragma once

#include <gnatsd/Authenticator.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace gnatsd::callout {

class AnswerCache {
public:
    using Clock = std::chrono::steady_clock;

    /// A `ttl` of 0 turns it off.
    AnswerCache(std::chrono::milliseconds ttl, std::size_t most) : ttl_(ttl), most_(most) {}

    bool isOn() const noexcept { return ttl_.count() > 0; }

    std::optional<sdk::AuthResult> find(const std::string& key, Clock::time_point now) {
        const std::scoped_lock lock(mutex_);
        forgetOld(now);
        const auto found = answers_.find(key);
        if (found == answers_.end() || isOver(found->second)) {
            return std::nullopt;
        }
        return found->second;
    }

    void put(const std::string& key, const sdk::AuthResult& answer, Clock::time_point now) {
        if (!isOn()) {
            return;
        }
        const std::scoped_lock lock(mutex_);
        forgetOld(now);
        if (answers_.insert_or_assign(key, answer).second) {
            order_.emplace_back(now + ttl_, key);
        }
        while (order_.size() > most_) {
            forgetFirst();
        }
    }

private:
    /// An accept that ends before it would be forgotten; the service may know a later end by now.
    static bool isOver(const sdk::AuthResult& answer) {
        return answer.expires && *answer.expires <= std::chrono::system_clock::now();
    }
    void forgetOld(Clock::time_point now) {
        while (!order_.empty() && order_.front().first <= now) {
            forgetFirst();
        }
    }
    void forgetFirst() {
        answers_.erase(order_.front().second);
        order_.pop_front();
    }

    const std::chrono::milliseconds ttl_;
    const std::size_t most_;
    std::mutex mutex_;
    std::unordered_map<std::string, sdk::AuthResult> answers_;
    std::deque<std::pair<Clock::time_point, std::string>> order_;  // all of them, oldest first
};

}  // namespace gnatsd::callout
