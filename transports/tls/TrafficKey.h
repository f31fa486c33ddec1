// TrafficKey: one direction of a TLS 1.3 connection (RFC 8446, 5.2, 5.3, 7.1 to 7.3): its secret,
// the key and nonces that follow from it, and the number of the next record.
//
// Threads: confined to its connection. Secrets are wiped when it goes.

#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace gnatsd::tls {

/// A secret of a connection, as long as the digest of its suite; empty until it is known.
struct Secret {
    std::array<unsigned char, 48> bytes{};
    std::size_t size = 0;

    Secret() = default;
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    ~Secret();
};

class TrafficKey {
public:
    enum class Use { seal, open };

    static constexpr std::size_t kHeader = 5;
    static constexpr std::size_t kTag = 16;

    /// What a header says of the bytes behind it. Requires: it is whole.
    static std::size_t bodySize(std::span<const char> header) noexcept {
        return std::size_t{static_cast<unsigned char>(header[3])} << 8U |
               static_cast<unsigned char>(header[4]);
    }

    explicit TrafficKey(Use use) noexcept : use_(use) {}

    /// False: the suite is none of ours, or not of this secret; or there is no memory.
    /// `suite`: the two bytes that name it in the handshake.
    bool begin(std::uint16_t suite, const Secret& secret, std::uint64_t records) noexcept;
    /// Goes over to the secret that follows. False: cannot be used any more.
    bool update() noexcept;

    /// How many records it has been used for.
    std::uint64_t records() const noexcept { return records_; }

    /// A record of `type` with those bytes, header and tag included; 0: it failed.
    /// Requires: room for kHeader, the bytes, one more, and kTag.
    std::size_t seal(unsigned char type, std::span<const char> bytes, char* out) noexcept;

    /// What is between header and tag, its type and padding included, to `out`, which may be where
    /// it is. False: it is not what the peer has sent; nothing of `out` may be used.
    bool open(std::span<const char> header, std::span<char> body, char* out) noexcept;

private:
    struct Suite;
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
    };
    static const Suite* find(std::uint16_t id) noexcept;

    bool derive(const Secret& secret, std::string_view label,
                std::span<unsigned char> out) noexcept;
    bool setKey() noexcept;
    bool nextNonce() noexcept;

    const Use use_;
    const Suite* suite_ = nullptr;
    std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
    std::uint64_t records_ = 0;
    std::array<unsigned char, 12> iv_{};
    Secret secret_;
};

}  // namespace gnatsd::tls
