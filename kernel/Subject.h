// Subject: rules for the names of subjects and patterns (CP-130 to CP-136). Pure functions.
//
// A token is what stands between dots; any byte but SP, TAB, CR and LF may be in it. A wildcard
// is a token of exactly one byte: `*` (one token) or `>` (one or more tokens, last only).
// Cost: O(length), no allocation.

#pragma once

#include "kernel/Hash.h"

#include <cstddef>
#include <string_view>

namespace gnatsd::kernel {

/// May be published: not empty and no empty token. Wildcards count as plain text (CP-134).
bool isPublishable(std::string_view subject) noexcept;

/// Publishable and no token is exactly `*` or `>` (CP-135, pedantic clients).
bool isLiteral(std::string_view subject) noexcept;

/// May be subscribed to: no empty token, `>` only as last token (CP-132, CP-133).
bool isPattern(std::string_view pattern) noexcept;

/// Whether a token of the pattern is a wildcard. Requires: isPattern(pattern).
bool hasWildcard(std::string_view pattern) noexcept;

/// Whether a published subject is matched by a pattern (CP-131, CP-134).
/// Requires: isPublishable(subject) and isPattern(pattern).
bool matches(std::string_view pattern, std::string_view subject) noexcept;

std::size_t tokenCount(std::string_view subject) noexcept;

/// First token of a subject; the whole of it when there is no dot.
std::string_view firstToken(std::string_view subject) noexcept;

/// Takes the tokens of a subject one after the other.
class Tokens {
public:
    explicit Tokens(std::string_view subject) noexcept : rest_(subject) {}

    /// Answers false after the last token. An empty subject has one empty token.
    bool next(std::string_view& token) noexcept {
        if (done_) {
            return false;
        }
        const std::size_t dot = rest_.find('.');
        if (dot == std::string_view::npos) {
            token = rest_;
            done_ = true;
        } else {
            token = rest_.substr(0, dot);
            rest_.remove_prefix(dot + 1);
        }
        return true;
    }

private:
    std::string_view rest_;
    bool done_ = false;
};

}  // namespace gnatsd::kernel
