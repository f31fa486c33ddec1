// Wire: the encrypted bytes of one call: what was read from the socket and OpenSSL has not taken
// yet, and what it has made and the socket has not got yet. One per thread, as no call is
// interrupted by another; so connections have no buffers of their own.
//
// OpenSSL sees it as a BIO that never waits: a read of nothing asks to be retried.
//
// Threads: confined to the thread that here() was called on.

#pragma once

#include <openssl/bio.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gnatsd::tls {

class Wire {
public:
    static constexpr std::size_t kRecord = 16384;  // plain bytes in a full one
    static constexpr std::size_t kInput = std::size_t{128} * 1024;
    static constexpr std::size_t kRecords = 8;  // in one write
    static constexpr std::size_t kOutput = kRecords * (kRecord + 512);

    /// Emptied. Cost: allocates at a thread's first call.
    static Wire& here();

    /// A BIO for one connection: reads and writes the Wire of the calling thread.
    static BIO* makeBio();

    /// Where to read to; then say how much that was.
    std::span<char> space() noexcept { return input_; }
    void filled(std::size_t size) noexcept { rest_ = {input_.data(), size}; }
    /// Instead: bytes that were read before. They must stay where they are meanwhile.
    void feed(std::string_view bytes) noexcept { rest_ = bytes; }
    std::string_view rest() const noexcept { return rest_; }

    std::string_view output() const noexcept { return {output_.data(), written_}; }

    /// For a record that is put together of pieces.
    std::span<char> record() noexcept { return record_; }

private:
    Wire() = default;

    static int onRead(BIO* bio, char* data, std::size_t size, std::size_t* done);
    static int onWrite(BIO* bio, const char* data, std::size_t size, std::size_t* done);
    static long onControl(BIO* bio, int command, long number, void* pointer);
    static int onCreate(BIO* bio);
    static Wire& ofThread();

    std::string_view rest_;
    std::size_t written_ = 0;
    std::array<char, kInput> input_{};
    std::array<char, kOutput> output_{};
    std::array<char, kRecord> record_{};
};

}  // namespace gnatsd::tls
