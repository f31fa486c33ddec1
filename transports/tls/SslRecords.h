// SslRecords: OpenSSL's own records, for TLS 1.2. It keeps what it has of a record to itself.
//
// Threads: as RecordLayer. Lifetime: owns the SSL.

#pragma once

#include "transports/tls/RecordLayer.h"

#include <openssl/ssl.h>

#include <memory>

namespace gnatsd::tls {

struct SslFree {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

class SslRecords final : public RecordLayer {
public:
    /// Requires: the handshake is done.
    explicit SslRecords(SslPtr ssl) noexcept : ssl_(std::move(ssl)) {}

    Input open(Wire& wire, Target& target) noexcept override;
    bool seal(std::string_view bytes, Wire& wire) noexcept override;
    void close(Wire& wire) noexcept override;

private:
    const SslPtr ssl_;
};

}  // namespace gnatsd::tls
