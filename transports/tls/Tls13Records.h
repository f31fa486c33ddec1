// Tls13Records: the records of TLS 1.3 (RFC 8446, 5 and 6) with the keys of a handshake that
// OpenSSL has done. OpenSSL's object for a connection takes 14 KB for as long as it lives, this
// one 3.
//
// After the handshake a client may send data, alerts and key updates; the rest ends the connection.
//
// Threads: as RecordLayer. Cost: one copy less in each direction than through OpenSSL's buffers.

#pragma once

#include "transports/tls/RecordLayer.h"
#include "transports/tls/TrafficKey.h"

#include <cstdint>
#include <memory>

namespace gnatsd::tls {

class Tls13Records final : public RecordLayer {
public:
    /// Full records that one key may protect with AES-GCM (RFC 8446, 5.5), with some distance.
    static constexpr std::uint64_t kMostRecords = std::uint64_t{1} << 23U;
    /// Records without data in a row, which only make work.
    static constexpr unsigned kMostIdle = 32;

    struct Secrets {
        Secret read;
        Secret write;
    };

    /// `written`: records that were made with the first key already. Null: the suite is not known
    /// here, or the secrets are not there.
    static std::unique_ptr<Tls13Records> make(std::uint16_t suite, const Secrets& secrets,
                                              std::uint64_t written,
                                              std::uint64_t mostRecords = kMostRecords);

    Input open(Wire& wire, Target& target) noexcept override;
    bool seal(std::string_view bytes, Wire& wire) noexcept override;
    void close(Wire& wire) noexcept override;

private:
    explicit Tls13Records(std::uint64_t mostRecords) noexcept : mostRecords_(mostRecords) {}

    Input openOne(std::span<const char> header, std::span<char> body, Wire& wire, Target& target);
    Input onData(std::span<const char> data, Target& target) noexcept;
    Input onAlert(std::span<const char> alert) noexcept;
    Input onKeyUpdate(std::span<const char> message, Wire& wire) noexcept;
    bool put(unsigned char type, std::span<const char> bytes, Wire& wire) noexcept;
    bool updateWriteKey(Wire& wire) noexcept;
    Input refuse(unsigned char alert, Wire& wire) noexcept;

    const std::uint64_t mostRecords_;
    TrafficKey read_{TrafficKey::Use::open};
    TrafficKey write_{TrafficKey::Use::seal};
    unsigned idle_ = 0;
};

}  // namespace gnatsd::tls
