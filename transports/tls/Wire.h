// Wire: the encrypted bytes of one call: what was read from the socket and is not decrypted yet,
// and what was made and the socket has not got yet. One per thread, as no call is interrupted by
// another; so connections have no buffers of their own.
//
// OpenSSL sees it as a BIO that never waits: a read of nothing asks to be retried.
//
// Threads: confined to the thread that here() was called on.

#pragma once

#include <openssl/bio.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace gnatsd::tls {

class Wire {
public:
    static constexpr std::size_t kRecord = 16384;  // plain bytes in a full one
    static constexpr std::size_t kInput = std::size_t{128} * 1024;
    static constexpr std::size_t kRecords = 8;  // in one write
    // Peers may ask for records of 512 bytes (RFC 6066, 4), each with up to 64 more around it.
    static constexpr std::size_t kOutput = kRecords * (kRecord + kRecord / 512 * 64);

    /// Emptied. Cost: allocates at a thread's first call.
    static Wire& here();

    /// A BIO for one connection: reads and writes the Wire of the calling thread.
    static BIO* makeBio();

    /// Bytes that were read before. Requires: nothing is there yet; they fit.
    void put(std::string_view bytes) noexcept;
    /// Where to read to, behind what is there; then say how much that was.
    std::span<char> space() noexcept { return std::span(input_).subspan(rest_.size()); }
    void filled(std::size_t size) noexcept { rest_ = {input_.data(), rest_.size() + size}; }
    /// What nobody has taken yet, from its first byte on. It may be written over when it is taken.
    std::span<char> rest() const noexcept { return rest_; }
    void taken(std::size_t size) noexcept { rest_ = rest_.subspan(size); }
    /// Leaves the first bytes of it alone.
    void cut(std::size_t size) noexcept { rest_ = rest_.first(size); }

    std::string_view output() const noexcept { return {output_.data(), written_}; }
    /// Where more output goes; then say how much that was.
    std::span<char> tail() noexcept { return std::span(output_).subspan(written_); }
    void wrote(std::size_t size) noexcept { written_ += size; }

    /// For a record that is put together of pieces.
    std::span<char> record() noexcept { return record_; }

private:
    Wire() = default;

    static int onRead(BIO* bio, char* data, std::size_t size, std::size_t* done);
    static int onWrite(BIO* bio, const char* data, std::size_t size, std::size_t* done);
    static long onControl(BIO* bio, int command, long number, void* pointer);
    static int onCreate(BIO* bio);
    static Wire& ofThread();

    std::span<char> rest_;
    std::size_t written_ = 0;
    std::array<char, kInput> input_{};
    std::array<char, kOutput> output_{};
    std::array<char, kRecord> record_{};
};

}  // namespace gnatsd::tls
