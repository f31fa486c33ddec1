#include "tests/bench/FrameRing.h"

#include <algorithm>
#include <cstring>

namespace gnatsd::bench {

FrameRing::FrameRing(const std::vector<std::string>& subjects, std::size_t payloadSize,
                     std::uint64_t publisher, std::size_t writeSize)
    : publisher_(publisher), numbered_(payloadSize >= kWordSize) {
    const std::string tail = std::string(" ").append(std::to_string(payloadSize)).append("\r\n");
    const std::string payload(payloadSize, 'x');
    wordOffset_ = 4 + subjects.front().size() + tail.size();
    frameLength_ = wordOffset_ + payloadSize + 2;
    framesPerWrite_ = std::max<std::size_t>(1, writeSize / frameLength_);
    // Whole rounds over the subjects, so that the ring can start again at any of its ends.
    frames_ = subjects.size() * std::max<std::size_t>(1, framesPerWrite_ / subjects.size());
    framesPerWrite_ = std::min(framesPerWrite_, frames_);
    bytes_.reserve(frames_ * frameLength_);
    for (std::size_t i = 0; i < frames_; ++i) {
        bytes_.append("PUB ").append(subjects[i % subjects.size()]).append(tail);
        bytes_.append(payload).append("\r\n");
    }
}

std::string_view FrameRing::fill(std::uint64_t sequence, std::uint64_t& count) {
    const std::size_t first = sequence % frames_;
    count = std::min<std::uint64_t>({count, framesPerWrite_, frames_ - first});
    char* const begin = bytes_.data() + first * frameLength_;
    if (numbered_) {
        std::uint64_t word = makeWord(publisher_, sequence);
        char* at = begin + wordOffset_;
        for (std::uint64_t i = 0; i < count; ++i, ++word, at += frameLength_) {
            std::memcpy(at, &word, sizeof word);
        }
    }
    return {begin, count * frameLength_};
}

}  // namespace gnatsd::bench
