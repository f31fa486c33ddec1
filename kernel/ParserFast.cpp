// The part of Parser that takes messages which lie whole in the input, in the form that clients
// send.

#include "kernel/BlankScan.h"
#include "kernel/Bytes.h"
#include "kernel/ControlLine.h"
#include "kernel/Parser.h"

#include <cstring>

namespace gnatsd::kernel {

namespace {

constexpr std::ptrdiff_t kMemoLine = 32;  // longer lines are rarely the same twice

constexpr auto kPub = static_cast<std::uint32_t>('p' | 'u' << 8 | 'b' << 16 | ' ' << 24);
constexpr auto kHpub = static_cast<std::uint32_t>('h' | 'p' << 8 | 'u' << 16 | 'b' << 24);

/// parseSize() for the fast way: good or not.
bool readSize(const char* at, const char* end, std::size_t& size) noexcept {
    if (end - at > 9) {
        return false;
    }
    std::uint32_t value = 0;
    for (; at != end; ++at) {
        const auto digit = static_cast<std::uint32_t>(*at - '0');
        if (digit > 9) {
            return false;
        }
        value = value * 10 + digit;
    }
    size = value;
    return true;
}

}  // namespace

/// A publisher that sends the same subject and size again sends the same line again: everything in
/// it is where it was in the line before.
bool Parser::publishAgain(std::string_view& in, Op& op) const {
    const std::size_t lineSize = op.line.size();
    Message& message = op.message;
    const std::size_t total = lineSize + message.payload.size() + kCrlf;
    if (lineSize == 0 || in.size() < total || !sameBytes(in.data(), op.line.data(), lineSize) ||
        !endsWithCrlf(in.data() + total - kCrlf)) {
        return false;
    }
    const std::ptrdiff_t shift = in.data() - op.line.data();
    const auto move = [shift](std::string_view& view) {
        view = {view.data() + shift, view.size()};
    };
    move(op.line);
    move(message.subject);
    move(message.sizes);
    move(message.payload);
    move(message.tail);
    in.remove_prefix(total);
    return true;
}

/// The form that clients send: one blank between words, CRLF, everything in the input. Whatever
/// looks different, and every error, is left to the general way.
bool Parser::publishFast(std::string_view& in, Op& op) const {
    const char* const begin = in.data();
    const char* const end = begin + in.size();
    if (in.size() < 8 + BlankScan::kStep) {
        return false;
    }
    std::uint32_t name = 0;
    std::memcpy(&name, begin, sizeof name);
    const bool plain = (name | 0x00202020U) == kPub;
    if (!plain && ((name | 0x20202020U) != kHpub || begin[4] != ' ' || !headers_)) {
        return false;
    }
    // Words: subject, [reply], [header size], size. ends[i] is behind word i.
    const char* const subject = begin + (plain ? 4 : 5);
    BlankScan scan(subject, end);
    const char* ends[4];
    std::size_t count = 0;
    do {
        const char* const blank = scan.next();
        if (blank == nullptr || blank == (count == 0 ? subject : ends[count - 1] + 1)) {
            return false;
        }
        ends[count++] = blank;
    } while (*ends[count - 1] == ' ' && count < 4);
    const char* const lineEnd = ends[count - 1];
    const std::size_t numbers = plain ? 1 : 2;
    if (end - lineEnd < 2 || !endsWithCrlf(lineEnd) ||
        (count != numbers + 1 && count != numbers + 2) ||
        static_cast<std::size_t>(lineEnd - subject) > limits_->maxControlLine) {
        return false;
    }
    std::size_t size = 0;
    std::size_t headerSize = 0;
    if (!readSize(ends[count - 2] + 1, lineEnd, size) || size > limits_->maxPayload ||
        (!plain &&
         (!readSize(ends[count - 3] + 1, ends[count - 2], headerSize) || headerSize > size))) {
        return false;
    }
    const char* const payload = lineEnd + kCrlf;
    if (static_cast<std::size_t>(end - payload) < size + kCrlf || !endsWithCrlf(payload + size)) {
        return false;
    }
    Message& message = op.message;
    const char* const sizes = ends[count - 1 - numbers] + 1;
    message.subject = {subject, static_cast<std::size_t>(ends[0] - subject)};
    message.reply = {};
    if (count > numbers + 1) {
        message.reply = {ends[0] + 1, static_cast<std::size_t>(ends[1] - ends[0]) - 1};
    }
    message.sizes = {sizes, static_cast<std::size_t>(lineEnd - sizes)};
    message.headerSize = headerSize;
    message.payload = {payload, size};
    message.tail = {ends[0] + 1, static_cast<std::size_t>(payload + size + kCrlf - ends[0]) - 1};
    op.line = {};
    if (plain && message.reply.empty() && payload - begin <= kMemoLine) {
        op.line = {begin, static_cast<std::size_t>(payload - begin)};
    }
    if (!plain && headerSize == 0) [[unlikely]] {  // CP-51: an ordinary message
        message.sizes.remove_prefix(static_cast<std::size_t>(ends[count - 2] + 1 - sizes));
        message.tail = {};
    }
    message.block = nullptr;
    in.remove_prefix(static_cast<std::size_t>(payload + size + kCrlf - begin));
    return true;
}

}  // namespace gnatsd::kernel
