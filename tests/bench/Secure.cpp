#include "tests/bench/Secure.h"

#include "tests/bench/Error.h"

#include <openssl/err.h>

#include <array>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace gnatsd::bench {

namespace {

/// One for all connections, made at the first.
SSL_CTX* sharedContext() {
    static SSL_CTX* const context = [] {
        SSL_CTX* made = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION);
        SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS);
        const auto trust = [](X509_STORE_CTX*, void*) { return 1; };
        SSL_CTX_set_cert_verify_callback(made, trust, nullptr);
        if (SSL_CTX_set_ciphersuites(made, "TLS_AES_128_GCM_SHA256") != 1 ||
            SSL_CTX_set1_groups_list(made, "X25519") != 1) {
            throw ServerError("OpenSSL knows neither AES-128-GCM nor X25519");
        }
        return made;
    }();
    return context;
}

[[noreturn]] void refuse(const std::string& what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    throw ServerError(what + ": " + text.data());
}

}  // namespace

Secure::Secure(int fd, Clock::time_point deadline) : fd_(fd), ssl_(SSL_new(sharedContext())) {
    SSL_set_bio(ssl_.get(), BIO_new_socket(fd, BIO_NOCLOSE), BIO_new(BIO_s_mem()));
    handshake(deadline);
}

Secure::~Secure() {
    if (SSL_is_init_finished(ssl_.get()) == 1 && flushed_ == sealed_.size()) {
        SSL_shutdown(ssl_.get());
        takeSealed();
        // Nobody waits for it.
        [[maybe_unused]] const ssize_t sent =
            ::send(fd_, sealed_.data(), sealed_.size(), MSG_NOSIGNAL);
    }
    ERR_clear_error();
}

void Secure::handshake(Clock::time_point deadline) {
    while (true) {
        const int done = SSL_connect(ssl_.get());
        const int error = SSL_get_error(ssl_.get(), done);
        if (done != 1 && error != SSL_ERROR_WANT_READ) {
            refuse("TLS handshake");
        }
        takeSealed();
        const bool flushed = flush();
        if (done == 1 && flushed) {
            return;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd entry{fd_, static_cast<short>(flushed ? POLLIN : POLLOUT), 0};
        if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) == 0) {
            throw ServerError("no TLS handshake in time");
        }
    }
}

/// Moves what OpenSSL has made behind the bytes that are to be sent.
void Secure::takeSealed() {
    BIO* const made = SSL_get_wbio(ssl_.get());
    const std::size_t size = BIO_ctrl_pending(made);
    const std::size_t old = sealed_.size();
    sealed_.resize(old + size);
    if (size != 0) {
        BIO_read(made, sealed_.data() + old, static_cast<int>(size));
    }
}

/// True when nothing is left.
bool Secure::flush() {
    while (flushed_ < sealed_.size()) {
        const ssize_t sent =
            ::send(fd_, sealed_.data() + flushed_, sealed_.size() - flushed_, MSG_NOSIGNAL);
        if (sent >= 0) {
            flushed_ += static_cast<std::size_t>(sent);
        } else if (errno == EAGAIN) {
            return false;
        } else if (errno != EINTR) {
            throw ServerError(systemMessage("send"));
        }
    }
    sealed_.clear();
    flushed_ = 0;
    return true;
}

std::size_t Secure::sendSome(std::string_view bytes) {
    if (bytes.empty()) {
        return 0;
    }
    if (plainSize_ == 0) {
        ERR_clear_error();
        if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) {
            refuse("TLS write");
        }
        takeSealed();
        plainSize_ = bytes.size();
    }
    return flush() ? std::exchange(plainSize_, 0) : 0;
}

Read Secure::receive(std::span<char> room, std::size_t& size) {
    size = 0;
    while (room.size() - size >= kRecord) {
        ERR_clear_error();
        const int got =
            SSL_read(ssl_.get(), room.data() + size, static_cast<int>(room.size() - size));
        if (got > 0) {
            size += static_cast<std::size_t>(got);
            continue;
        }
        if (size == 0 && SSL_get_error(ssl_.get(), got) != SSL_ERROR_WANT_READ) {
            ERR_clear_error();
            return Read::closed;
        }
        break;
    }
    return size == 0 ? Read::empty : Read::bytes;
}

}  // namespace gnatsd::bench
