#include "kernel/Subject.h"

#include <algorithm>

namespace gnatsd::kernel {

namespace {

bool isWildcard(std::string_view token) noexcept {
    return token.size() == 1 && (token[0] == '*' || token[0] == '>');
}

}  // namespace

bool isPublishable(std::string_view subject) noexcept {
    if (subject.empty() || subject.front() == '.' || subject.back() == '.') {
        return false;
    }
    // Without an early end, so that it runs over many bytes at once.
    unsigned emptyToken = 0;
    for (std::size_t i = 1; i < subject.size(); ++i) {
        emptyToken |=
            static_cast<unsigned>(subject[i - 1] == '.') & static_cast<unsigned>(subject[i] == '.');
    }
    return emptyToken == 0;
}

bool isLiteral(std::string_view subject) noexcept {
    return isPublishable(subject) && !hasWildcard(subject);
}

bool isPattern(std::string_view pattern) noexcept {
    Tokens tokens(pattern);
    bool tail = false;
    for (std::string_view token; tokens.next(token);) {
        if (token.empty() || tail) {
            return false;
        }
        tail = token == ">";
    }
    return true;
}

bool hasWildcard(std::string_view pattern) noexcept {
    Tokens tokens(pattern);
    for (std::string_view token; tokens.next(token);) {
        if (isWildcard(token)) {
            return true;
        }
    }
    return false;
}

bool matches(std::string_view pattern, std::string_view subject) noexcept {
    // Byte by byte: tokens are short, and a search for each dot would cost more than the bytes.
    const auto endsAt = [](std::string_view text, std::size_t i) {
        return i == text.size() || text[i] == '.';
    };
    std::size_t p = 0;
    std::size_t s = 0;
    for (;; ++p, ++s) {
        const char first = pattern[p];
        if ((first == '*' || first == '>') && endsAt(pattern, p + 1)) {
            if (first == '>') {
                return true;
            }
            ++p;
            while (!endsAt(subject, s)) {
                ++s;
            }
        } else {
            for (; !endsAt(pattern, p); ++p, ++s) {
                if (s == subject.size() || subject[s] != pattern[p]) {
                    return false;
                }
            }
            if (!endsAt(subject, s)) {
                return false;
            }
        }
        if (p == pattern.size() || s == subject.size()) {
            return p == pattern.size() && s == subject.size();
        }
    }
}

std::size_t tokenCount(std::string_view subject) noexcept {
    return static_cast<std::size_t>(std::count(subject.begin(), subject.end(), '.')) + 1;
}

std::string_view firstToken(std::string_view subject) noexcept {
    return subject.substr(0, subject.find('.'));
}

}  // namespace gnatsd::kernel
