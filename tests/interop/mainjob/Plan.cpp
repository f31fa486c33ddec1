#include "tests/interop/mainjob/Plan.h"

#include <charconv>
#include <cstring>

namespace gnatsd::interop::mainjob {
namespace {

constexpr std::string_view kReplyPrefix = "id.";
constexpr std::size_t kIdentitySize = 16;
constexpr std::size_t kOffsets = 2 * kLargest;

/// The finalizer of SplitMix64: a bijection whose output looks random.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31);
}

/// A size in [2^low, 2^(high+1)), each power of two as likely as the others.
std::size_t spread(std::uint64_t random, std::uint64_t low, std::uint64_t high) {
    const std::uint64_t base = std::uint64_t{1} << (low + random % (high - low + 1));
    return base + (random >> 32) % base;
}

/// Of 100,000 messages 94,900 are below 1 KiB (400 of them empty, 400 of one byte), 4,990 below
/// 16 KiB, 105 below 1 MiB and 5 of exactly 1 MiB.
std::size_t chooseSize(std::uint64_t random) {
    const std::uint64_t slot = random % 100'000;
    const std::uint64_t more = mix(random);
    if (slot < 400) {
        return 0;
    }
    if (slot < 800) {
        return 1;
    }
    if (slot < 94'900) {
        return spread(more, 1, 9);
    }
    if (slot < 99'890) {
        return spread(more, 10, 13);
    }
    return slot < 99'995 ? spread(more, 14, 19) : kLargest;
}

}  // namespace

Plan::Plan(std::uint64_t seed, std::uint64_t messagesPerPublisher)
    : seed_(seed), messagesPerPublisher_(messagesPerPublisher) {
    for (std::uint32_t i = 0; i < kSubjects; ++i) {
        subjects_.push_back("job." + std::to_string(i / (kKinds * kItems)) + "." +
                            std::to_string(i / kItems % kKinds) + "." + std::to_string(i % kItems));
    }
    pool_.resize(kOffsets + kLargest);
    for (std::size_t i = 0; i < pool_.size(); i += sizeof(std::uint64_t)) {
        const std::uint64_t word = mix(seed ^ i);
        std::memcpy(pool_.data() + i, &word, sizeof word);
    }
}

Content Plan::content(const Identity& identity) const {
    const std::uint64_t own = mix(seed_ ^ (identity.sequence * kPublishers + identity.publisher));
    Content content;
    content.subject = static_cast<std::uint32_t>(own % kSubjects);
    content.size = chooseSize(mix(own));
    content.offset = mix(own ^ seed_) % kOffsets;
    return content;
}

std::string Plan::write(const Identity& identity, const Content& content, char* buffer) const {
    std::memcpy(buffer, pool_.data() + content.offset, content.size);
    if (content.size >= kIdentitySize) {
        const std::uint64_t publisher = identity.publisher;
        std::memcpy(buffer, &publisher, sizeof publisher);
        std::memcpy(buffer + sizeof publisher, &identity.sequence, sizeof identity.sequence);
        return {};
    }
    std::string reply(kReplyPrefix);
    reply += std::to_string(identity.publisher);
    reply += '.';
    reply += std::to_string(identity.sequence);
    return reply;
}

std::optional<Identity> Plan::identify(std::string_view reply, std::string_view payload) const {
    std::uint64_t publisher = 0;
    std::uint64_t sequence = 0;
    if (reply.empty() && payload.size() >= kIdentitySize) {
        std::memcpy(&publisher, payload.data(), sizeof publisher);
        std::memcpy(&sequence, payload.data() + sizeof publisher, sizeof sequence);
    } else if (reply.starts_with(kReplyPrefix) && payload.size() < kIdentitySize) {
        const char* end = reply.data() + reply.size();
        const auto first = std::from_chars(reply.data() + kReplyPrefix.size(), end, publisher);
        if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') {
            return std::nullopt;
        }
        const auto second = std::from_chars(first.ptr + 1, end, sequence);
        if (second.ec != std::errc() || second.ptr != end) {
            return std::nullopt;
        }
    } else {
        return std::nullopt;
    }
    if (publisher >= kPublishers || sequence >= messagesPerPublisher_) {
        return std::nullopt;
    }
    return Identity{static_cast<std::uint32_t>(publisher), sequence};
}

bool Plan::matches(const Identity& identity, const Content& content,
                   std::string_view payload) const {
    if (payload.size() != content.size) {
        return false;
    }
    const std::size_t skip = content.size >= kIdentitySize ? kIdentitySize : 0;
    const std::optional<Identity> claimed =
        skip == 0 ? identity : identify(std::string_view(), payload);
    return claimed && claimed->publisher == identity.publisher &&
           claimed->sequence == identity.sequence &&
           std::memcmp(payload.data() + skip, pool_.data() + content.offset + skip,
                       content.size - skip) == 0;
}

}  // namespace gnatsd::interop::mainjob
