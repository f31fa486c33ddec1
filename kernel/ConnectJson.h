// ConnectJson: strict pull reader of the one JSON object in a CONNECT (CP-30, CP-31).
//
// Poco's parser is not used: it builds a heap tree and throws for every broken input, and its
// values do not tell 1 from 1.0 or true from "true". This one neither recurses nor throws, and
// nesting costs one bit per level. Threads: none of its own; a reader belongs to the function that
// made it. Lifetime: keeps a view of the text, which outlives it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

class ConnectJson {
public:
    enum class Token : std::uint8_t {
        objectBegin,
        objectEnd,
        arrayBegin,
        arrayEnd,
        key,
        string,
        number,
        boolTrue,
        boolFalse,
        null,
        end,    // one value was read, only blanks follow
        error,  // not JSON (RFC 8259), or nested deeper than kMaxDepth; stays
    };

    static constexpr std::size_t kMaxDepth = 10000;

    explicit ConnectJson(std::string_view text) noexcept : text_(text) {}

    Token next();

    /// Where the current token is in the text, quotes included.
    std::size_t tokenBegin() const noexcept { return begin_; }
    std::size_t tokenEnd() const noexcept { return position_; }
    std::string_view raw() const noexcept { return text_.substr(begin_, position_ - begin_); }

    /// The current key or string without quotes and escapes. Bytes that are not UTF-8 and lone
    /// surrogates become U+FFFD.
    std::string text() const;

    /// Open objects and arrays, the one just begun included.
    std::size_t depth() const noexcept { return inObject_.size(); }

private:
    enum class Expect : std::uint8_t { value, valueOrEnd, keyOrEnd, colon, commaOrEnd, end };

    Token fail() noexcept;
    Token value();
    Token key();
    Token open(bool isObject);
    Token close(bool isObject);
    Token literal(std::string_view word, Token token) noexcept;
    Token number();
    bool skipString() noexcept;
    bool skipDigits() noexcept;
    void skipBlanks() noexcept;
    bool passOver(char separator) noexcept;
    bool take(char c) noexcept;
    bool at(char c) const noexcept { return position_ < text_.size() && text_[position_] == c; }
    Token done(Token token) noexcept;

    std::string_view text_;
    std::size_t begin_ = 0;
    std::size_t position_ = 0;
    std::vector<bool> inObject_;
    Expect expect_ = Expect::value;
    bool failed_ = false;
};

}  // namespace gnatsd::kernel
