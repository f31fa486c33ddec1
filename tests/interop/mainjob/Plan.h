// What the main job sends, as a function of a seed: the message number n of publisher p has always
// the same subject, size and content, so that each receiver can tell what it should have got.
// A message carries its identity in its first 16 bytes or, when it is shorter, in its reply
// subject. Threads: immutable after construction, any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::interop::mainjob {

inline constexpr std::uint32_t kPublishers = 4;
inline constexpr std::uint32_t kRegions = 4;
inline constexpr std::uint32_t kKinds = 10;
inline constexpr std::uint32_t kItems = 25;
inline constexpr std::uint32_t kSubjects = kRegions * kKinds * kItems;
inline constexpr std::size_t kLargest = 1024UL * 1024;

/// Who sent a message, and its number among that publisher's messages.
struct Identity {
    std::uint32_t publisher = 0;
    std::uint64_t sequence = 0;
};

struct Content {
    std::uint32_t subject = 0;
    std::size_t size = 0;
    std::size_t offset = 0;  // Of the bytes in the pool.
};

class Plan {
public:
    Plan(std::uint64_t seed, std::uint64_t messagesPerPublisher);

    std::uint64_t messagesPerPublisher() const { return messagesPerPublisher_; }
    const std::string& subject(std::uint32_t index) const { return subjects_[index]; }

    Content content(const Identity& identity) const;

    /// Writes the payload into the buffer, which has room for kLargest bytes, and returns the reply
    /// subject, empty when the payload carries the identity.
    std::string write(const Identity& identity, const Content& content, char* buffer) const;

    /// The identity that a received message claims; nothing when it has none or one not sent.
    std::optional<Identity> identify(std::string_view reply, std::string_view payload) const;

    /// Whether the payload is, byte for byte, what write() made.
    bool matches(const Identity& identity, const Content& content, std::string_view payload) const;

private:
    std::uint64_t seed_;
    std::uint64_t messagesPerPublisher_;
    std::vector<std::string> subjects_;
    std::string pool_;
};

}  // namespace gnatsd::interop::mainjob
