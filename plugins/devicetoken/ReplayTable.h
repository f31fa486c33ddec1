// ReplayTable: which tokens have been used and by whom, as long as they are valid.
//
// Whoever shows a token again over the connection that brought it is no replay: a client may send
// CONNECT more than once.
//
// Threads: any; the lock is a leaf.

#pragma once

#include "plugins/devicetoken/DeviceToken.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gnatsd::devicetoken {

class ReplayTable {
public:
    enum class Answer { first, again, full };

    /// Remembers a token until `until`, a Unix time; `full` when `most` are remembered and all
    /// still valid. Requires: the token is genuine, so that nobody without a secret can fill it.
    Answer note(const Mac& mac, std::string_view peer, std::chrono::seconds until,
                std::chrono::seconds now, std::size_t most);

    std::size_t size() const;

private:
    struct Hash {
        std::size_t operator()(const Mac& mac) const noexcept;
    };

    mutable std::mutex mutex_;
    std::unordered_map<Mac, std::string, Hash> peers_;  // who brought it
    std::multimap<std::chrono::seconds, Mac> byEnd_;
};

}  // namespace gnatsd::devicetoken
