// FrameRing: PUB operations built once and sent over and over; only the 8 bytes at the front of a
// payload change, where publisher and sequence number tell the receiver what may come next.
//
// All operations have the same length, so that patching one costs one store.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::bench {

/// Payloads shorter than this carry no number and are only counted.
constexpr std::size_t kWordSize = 8;

/// Publisher and sequence number in one word.
constexpr unsigned kPublisherShift = 48;
constexpr std::uint64_t makeWord(std::uint64_t publisher, std::uint64_t sequence) {
    return publisher << kPublisherShift | sequence;
}
constexpr std::uint64_t publisherOf(std::uint64_t word) {
    return word >> kPublisherShift;
}
constexpr std::uint64_t sequenceOf(std::uint64_t word) {
    return word & ((std::uint64_t{1} << kPublisherShift) - 1);
}

class FrameRing {
public:
    /// Requires: subjects of one length. `writeSize`: how many bytes one fill() may give; at least
    /// one operation. Message n goes to subject n modulo their number.
    FrameRing(const std::vector<std::string>& subjects, std::size_t payloadSize,
              std::uint64_t publisher, std::size_t writeSize);

    /// Operations for the messages from `sequence` on, up to `count`; sets `count` to how many.
    /// The view holds until the next fill().
    std::string_view fill(std::uint64_t sequence, std::uint64_t& count);

    std::size_t framesPerWrite() const { return framesPerWrite_; }
    std::size_t frameLength() const { return frameLength_; }

private:
    std::string bytes_;
    std::size_t frameLength_ = 0;
    std::size_t wordOffset_ = 0;
    std::size_t frames_ = 0;
    std::size_t framesPerWrite_ = 1;
    std::uint64_t publisher_;
    bool numbered_;
};

}  // namespace gnatsd::bench
