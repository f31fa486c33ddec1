// Secure: the TLS side of a client's connection: TLS 1.3 with AES-128-GCM and X25519 and nothing
// else, so that every server does the same work; without resumption, and without a look at who
// signed the certificate, because a load is no test of trust.
//
// Threads: one at a time. Lifetime: the socket belongs to the caller and outlives it.
// Errors: ServerError. Cost: one system call for as much as it is given to send.

#pragma once

#include "tests/bench/Client.h"

#include <openssl/ssl.h>

#include <memory>

namespace gnatsd::bench {

class Secure {
public:
    /// Bytes in the largest record.
    static constexpr std::size_t kRecord = 16384;

    /// Does the handshake on a non-blocking socket.
    Secure(int fd, Clock::time_point deadline);
    ~Secure();
    Secure(const Secure&) = delete;
    Secure& operator=(const Secure&) = delete;

    /// The size of `bytes` once all is sent, or 0 when the socket is full.
    /// Requires: after a 0 the same bytes again.
    std::size_t sendSome(std::string_view bytes);

    /// Decrypts what has arrived, as long as a whole record has room: none is kept in between, so
    /// that the poller tells of all there is. Requires: room for kRecord bytes.
    Read receive(std::span<char> room, std::size_t& size);

private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };

    void handshake(Clock::time_point deadline);
    void takeSealed();
    bool flush();

    const int fd_;
    const std::unique_ptr<SSL, Free> ssl_;
    std::string sealed_;  // encrypted and not sent yet, from `flushed_` on
    std::size_t flushed_ = 0;
    std::size_t plainSize_ = 0;  // of what sendSome() has encrypted and not sent whole
};

}  // namespace gnatsd::bench
