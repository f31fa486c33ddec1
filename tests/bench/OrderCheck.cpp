#include "tests/bench/OrderCheck.h"

#include "tests/bench/FrameRing.h"

#include <bit>

namespace gnatsd::bench {

bool OrderCheck::refuse(std::uint64_t word, std::uint64_t expected) {
    if (problem_.empty()) {
        problem_ = "message " + std::to_string(sequenceOf(word)) + " of publisher " +
                   std::to_string(publisherOf(word)) + " came where " + std::to_string(expected) +
                   " was next";
    }
    return false;
}

bool OrderCheck::acceptSlowly(std::uint64_t word) noexcept {
    switch (kind_) {
        case Kind::countOnly:
            return true;
        case Kind::exact:
            return acceptExact(word);
        case Kind::increasing:
            return acceptIncreasing(word);
        case Kind::repeating:
            return acceptRepeating(word);
    }
    return false;
}

bool OrderCheck::acceptExact(std::uint64_t word) {
    const std::uint64_t publisher = publisherOf(word);
    bool isNew = false;
    while (next_.size() <= publisher) {
        next_.push_back(makeWord(next_.size(), 0));
        isNew = true;
    }
    isNew = isNew || next_[publisher] == makeWord(publisher, 0);
    const std::uint64_t expected = next_[publisher];
    next_[publisher] = word + 1;
    return word == expected || (isNew && startAnywhere_) || refuse(word, sequenceOf(expected));
}

bool OrderCheck::acceptIncreasing(std::uint64_t word) {
    const std::uint64_t publisher = publisherOf(word);
    const std::uint64_t sequence = sequenceOf(word);
    if (next_.size() <= publisher) {
        next_.resize(publisher + 1, 0);
        seen_.resize(publisher + 1);
    }
    std::vector<std::uint64_t>& bits = seen_[publisher];
    if (bits.size() <= sequence / 64) {
        bits.resize(sequence / 64 * 2 + 1024, 0);
    }
    if (sequence < next_[publisher]) {
        return refuse(word, next_[publisher]);
    }
    bits[sequence / 64] |= std::uint64_t{1} << sequence % 64;
    next_[publisher] = sequence + 1;
    return true;
}

bool OrderCheck::acceptRepeating(std::uint64_t word) {
    const std::uint64_t sequence = sequenceOf(word);
    const auto copiesOf = [this](std::uint64_t n) { return (*copies_)[n % copies_->size()]; };
    if (currentCopies_ == copiesOf(current_)) {
        currentCopies_ = 0;
        ++current_;
    }
    if (sequence != current_) {
        return refuse(word, current_);
    }
    ++currentCopies_;
    return true;
}

std::vector<std::string> checkShared(const std::vector<const OrderCheck*>& parts,
                                     const std::vector<std::uint64_t>& sent) {
    std::vector<std::string> problems;
    for (std::size_t publisher = 0; publisher < sent.size(); ++publisher) {
        std::uint64_t missing = 0;
        std::uint64_t repeated = 0;
        for (std::uint64_t base = 0; base < sent[publisher]; base += 64) {
            std::uint64_t once = 0;
            std::uint64_t twice = 0;
            for (const OrderCheck* part : parts) {
                if (publisher < part->seen().size() && base / 64 < part->seen()[publisher].size()) {
                    const std::uint64_t bits = part->seen()[publisher][base / 64];
                    twice |= once & bits;
                    once |= bits;
                }
            }
            const std::uint64_t left = sent[publisher] - base;
            const std::uint64_t wanted =
                left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
            missing += static_cast<std::uint64_t>(std::popcount(wanted & ~once));
            repeated += static_cast<std::uint64_t>(std::popcount(twice));
        }
        if (missing != 0 || repeated != 0) {
            problems.push_back("of publisher " + std::to_string(publisher) + ", " +
                               std::to_string(missing) + " messages came to no member and " +
                               std::to_string(repeated) + " to more than one");
        }
    }
    return problems;
}

}  // namespace gnatsd::bench
