#include "kernel/ConnectJson.h"

#include "kernel/Utf8.h"

namespace gnatsd::kernel {

namespace {

/// The value of four hexadecimal digits at `at`, or -1.
int hex4(std::string_view text, std::size_t at) noexcept {
    if (at > text.size() || text.size() - at < 4) {
        return -1;
    }
    int value = 0;
    for (const char c : text.substr(at, 4)) {
        int digit = 0;
        if (c >= '0' && c <= '9') {
            digit = c - '0';
        } else if (c >= 'a' && c <= 'f') {
            digit = c - 'a' + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = c - 'A' + 10;
        } else {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

/// Decodes the escape whose backslash is at `at`; answers the position after it.
/// Requires: the escape is well formed.
std::size_t appendEscape(std::string& out, std::string_view text, std::size_t at) {
    constexpr std::string_view kLetters = "bfnrt";
    constexpr std::string_view kControls = "\b\f\n\r\t";
    const char c = text[at + 1];
    if (c != 'u') {
        const std::size_t index = kLetters.find(c);
        out += index == std::string_view::npos ? c : kControls[index];
        return at + 2;
    }
    const auto unit = static_cast<char32_t>(hex4(text, at + 2));
    if (unit >= 0xD800 && unit <= 0xDBFF && text.substr(at + 6, 2) == "\\u") {
        const int low = hex4(text, at + 8);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            appendUtf8(out,
                       0x10000 + ((unit - 0xD800) << 10U) + (static_cast<char32_t>(low) - 0xDC00));
            return at + 12;
        }
    }
    appendUtf8(out, unit);
    return at + 6;
}

}  // namespace

ConnectJson::Token ConnectJson::next() {
    if (failed_) {
        return Token::error;
    }
    skipBlanks();
    begin_ = position_;
    switch (expect_) {
        case Expect::end:
            return position_ == text_.size() ? Token::end : fail();
        case Expect::value:
            return value();
        case Expect::valueOrEnd:
            return at(']') ? close(false) : value();
        case Expect::keyOrEnd:
            return at('}') ? close(true) : key();
        case Expect::colon:
            return passOver(':') ? value() : fail();
        case Expect::commaOrEnd:
            break;
    }
    if (!passOver(',')) {
        return close(inObject_.back());
    }
    return inObject_.back() ? key() : value();
}

std::string ConnectJson::text() const {
    const std::string_view body = text_.substr(begin_ + 1, position_ - begin_ - 2);
    std::string out;
    for (std::size_t at = 0; at < body.size();) {
        if (body[at] == '\\') {
            at = appendEscape(out, body, at);
            continue;
        }
        const CodePoint point = decodeUtf8(body.substr(at));
        appendUtf8(out, point.value);
        at += point.size;
    }
    return out;
}

ConnectJson::Token ConnectJson::fail() noexcept {
    failed_ = true;
    return Token::error;
}

ConnectJson::Token ConnectJson::done(Token token) noexcept {
    expect_ = inObject_.empty() ? Expect::end : Expect::commaOrEnd;
    return token;
}

ConnectJson::Token ConnectJson::value() {
    if (position_ == text_.size()) {
        return fail();
    }
    switch (text_[position_]) {
        case '{':
            return open(true);
        case '[':
            return open(false);
        case '"':
            return skipString() ? done(Token::string) : fail();
        case 't':
            return literal("true", Token::boolTrue);
        case 'f':
            return literal("false", Token::boolFalse);
        case 'n':
            return literal("null", Token::null);
        default:
            return number();
    }
}

ConnectJson::Token ConnectJson::key() {
    if (!skipString()) {
        return fail();
    }
    expect_ = Expect::colon;
    return Token::key;
}

ConnectJson::Token ConnectJson::open(bool isObject) {
    if (inObject_.size() == kMaxDepth) {
        return fail();
    }
    ++position_;
    inObject_.push_back(isObject);
    expect_ = isObject ? Expect::keyOrEnd : Expect::valueOrEnd;
    return isObject ? Token::objectBegin : Token::arrayBegin;
}

ConnectJson::Token ConnectJson::close(bool isObject) {
    if (!take(isObject ? '}' : ']')) {
        return fail();
    }
    inObject_.pop_back();
    return done(isObject ? Token::objectEnd : Token::arrayEnd);
}

ConnectJson::Token ConnectJson::literal(std::string_view word, Token token) noexcept {
    if (text_.substr(position_, word.size()) != word) {
        return fail();
    }
    position_ += word.size();
    return done(token);
}

ConnectJson::Token ConnectJson::number() {
    take('-');
    if (!take('0') && !skipDigits()) {
        return fail();
    }
    if (take('.') && !skipDigits()) {
        return fail();
    }
    if (take('e') || take('E')) {
        if (!take('+')) {
            take('-');
        }
        if (!skipDigits()) {
            return fail();
        }
    }
    return done(Token::number);
}

bool ConnectJson::skipString() noexcept {
    if (!take('"')) {
        return false;
    }
    while (position_ < text_.size()) {
        const char c = text_[position_++];
        if (c == '"') {
            return true;
        }
        if (static_cast<unsigned char>(c) < 0x20) {
            return false;
        }
        if (c != '\\') {
            continue;
        }
        const char escaped = position_ < text_.size() ? text_[position_++] : '\0';
        if (escaped == 'u') {
            if (hex4(text_, position_) < 0) {
                return false;
            }
            position_ += 4;
        } else if (escaped == '\0' ||
                   std::string_view("\"\\/bfnrt").find(escaped) == std::string_view::npos) {
            return false;
        }
    }
    return false;
}

bool ConnectJson::skipDigits() noexcept {
    const std::size_t first = position_;
    while (position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9') {
        ++position_;
    }
    return position_ > first;
}

void ConnectJson::skipBlanks() noexcept {
    while (at(' ') || at('\t') || at('\r') || at('\n')) {
        ++position_;
    }
}

bool ConnectJson::passOver(char separator) noexcept {
    if (!take(separator)) {
        return false;
    }
    skipBlanks();
    begin_ = position_;
    return true;
}

bool ConnectJson::take(char c) noexcept {
    if (!at(c)) {
        return false;
    }
    ++position_;
    return true;
}

}  // namespace gnatsd::kernel
