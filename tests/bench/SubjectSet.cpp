#include "tests/bench/SubjectSet.h"

#include <algorithm>
#include <random>
#include <unordered_set>
#include <utility>

namespace gnatsd::bench {

namespace {

constexpr std::uint32_t kFan = 1000;
constexpr std::uint32_t kAll = kFan * kFan * kFan;
constexpr std::uint32_t kPairs = kFan * kFan;

struct Tokens {
    std::uint32_t first;
    std::uint32_t middle;
    std::uint32_t last;
};

Tokens tokensOf(std::uint32_t number) {
    return {number / kPairs, number / kFan % kFan, number % kFan};
}

std::string threeDigits(std::uint32_t number) {
    return {static_cast<char>('0' + number / 100), static_cast<char>('0' + number / 10 % 10),
            static_cast<char>('0' + number % 10)};
}

}  // namespace

// One table for all shapes: pairs (first, last), then (first, middle), then first alone.
std::uint32_t SubjectSet::keyOf(std::uint32_t number, Shape shape) {
    const Tokens tokens = tokensOf(number);
    switch (shape) {
        case Shape::middle:
            return tokens.first * kFan + tokens.last;
        case Shape::last:
            return kPairs + tokens.first * kFan + tokens.middle;
        case Shape::rest:
            break;
    }
    return 2 * kPairs + tokens.first;
}

SubjectSet::SubjectSet(std::string prefix, std::size_t count, double wildcardShare,
                       std::uint64_t seed)
    : prefix_(std::move(prefix)), wildcardsOn_(2 * kPairs + kFan, 0) {
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::uint32_t> anyNumber(0, kAll - 1);
    const auto wildcards = static_cast<std::size_t>(static_cast<double>(count) * wildcardShare);
    std::unordered_set<std::uint32_t> taken;
    taken.reserve(count);
    while (literals_.size() < count - wildcards) {
        const std::uint32_t number = anyNumber(random);
        if (taken.insert(number).second) {
            literals_.push_back(number);
        }
    }
    while (wildcards_.size() < wildcards) {
        const std::uint32_t number = anyNumber(random);
        // A > matches a thousandth of all: a few of them are enough.
        const std::size_t turn = wildcards_.size();
        const Shape shape = turn < 3 ? Shape::rest : turn % 2 == 0 ? Shape::middle : Shape::last;
        std::uint8_t& here = wildcardsOn_[keyOf(number, shape)];
        if (here == 0) {
            here = 1;
            wildcards_.push_back({number, shape});
        }
    }
}

std::string SubjectSet::literal(std::size_t index) const {
    const Tokens tokens = tokensOf(literals_[index]);
    return prefix_ + "." + threeDigits(tokens.first) + "." + threeDigits(tokens.middle) + "." +
           threeDigits(tokens.last);
}

std::string SubjectSet::subscription(std::size_t index) const {
    if (index < literals_.size()) {
        return literal(index);
    }
    const Wildcard& wildcard = wildcards_[index - literals_.size()];
    const Tokens tokens = tokensOf(wildcard.number);
    const std::string first = prefix_ + "." + threeDigits(tokens.first);
    switch (wildcard.shape) {
        case Shape::middle:
            return first + ".*." + threeDigits(tokens.last);
        case Shape::last:
            return first + "." + threeDigits(tokens.middle) + ".*";
        case Shape::rest:
            break;
    }
    return first + ".>";
}

std::uint8_t SubjectSet::matches(std::size_t literalIndex) const {
    unsigned sum = 1;
    for (const Shape shape : {Shape::middle, Shape::last, Shape::rest}) {
        sum += wildcardsOn_[keyOf(literals_[literalIndex], shape)];
    }
    return static_cast<std::uint8_t>(sum);
}

double SubjectSet::meanLength() const {
    double sum = 0;
    for (std::size_t i = literals_.size(); i < size(); ++i) {
        sum += static_cast<double>(subscription(i).size());
    }
    const double literalLength = static_cast<double>(prefix_.size()) + 12;
    sum += literalLength * static_cast<double>(literals_.size());
    return size() == 0 ? 0 : sum / static_cast<double>(size());
}

}  // namespace gnatsd::bench
