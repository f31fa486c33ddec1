// RecordLayer: turns the records of a connection into bytes and back, after its handshake.
//
// Threads: confined to the reactor of the connection; each call works on the Wire of its thread.

#pragma once

#include "transports/tls/Wire.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace gnatsd::tls {

/// Where decrypted bytes go.
struct Target {
    std::span<char> first;
    std::span<char> second;
    std::size_t size = 0;

    std::size_t room() const noexcept { return first.size() + second.size(); }
    std::span<char>& next() noexcept { return first.empty() ? second : first; }
    void took(std::size_t count) noexcept {
        next() = next().subspan(count);
        size += count;
    }
};

class RecordLayer {
public:
    enum class Input { goesOn, ended, failed };

    RecordLayer() = default;
    virtual ~RecordLayer() = default;
    RecordLayer(const RecordLayer&) = delete;
    RecordLayer& operator=(const RecordLayer&) = delete;

    /// Decrypts what is whole in the input of `wire`, which may make output: answers, alerts. What
    /// is left there is to come again with more. Requires: room for all of it.
    virtual Input open(Wire& wire, Target& target) noexcept = 0;

    /// Makes a record. False: there can be no more. Requires: at most Wire::kRecord bytes, at most
    /// Wire::kRecords times on one wire.
    virtual bool seal(std::string_view bytes, Wire& wire) noexcept = 0;

    /// Says that nothing more comes from here.
    virtual void close(Wire& wire) noexcept = 0;
};

}  // namespace gnatsd::tls
