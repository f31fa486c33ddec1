// Fuzz target: the Parser answers the same operations for every split of the input (CP-10), and
// each operation agrees with itself.

#include "kernel/Parser.h"
#include "kernel/Text.h"
#include "tests/fuzz/Input.h"
#include "tests/fuzz/Pieces.h"
#include "tests/fuzz/Require.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

using gnatsd::fuzz::Input;
using gnatsd::fuzz::Pieces;
using gnatsd::fuzz::require;
using gnatsd::kernel::Event;
using gnatsd::kernel::Limits;
using gnatsd::kernel::Message;
using gnatsd::kernel::Op;
using gnatsd::kernel::Parser;
using gnatsd::kernel::quote;

namespace {

struct Setup {
    Limits limits;
    bool headers = false;
};

std::size_t number(std::string_view digits) {
    std::size_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    require(result.ec == std::errc() && result.ptr == digits.data() + digits.size(),
            "a size that is no number", quote(digits));
    return value;
}

void checkMessage(const Message& message, const Setup& setup) {
    const std::string_view sizes = message.sizes;
    require(number(sizes.substr(sizes.find_last_of(" \t") + 1)) == message.payload.size(),
            "payload and declared size differ", quote(sizes));
    require(message.payload.size() <= setup.limits.maxPayload, "above max_payload (CP-44)");
    require(message.headerSize <= message.payload.size(), "more headers than payload (CP-42)");
    require(message.headerSize == 0 || setup.headers, "HPUB without headers (CP-42)");
    require(!message.subject.empty(), "no subject (CP-40)");
    if (!message.tail.empty()) {
        std::string tail(message.reply);
        tail += message.reply.empty() ? "" : " ";
        tail.append(sizes).append("\r\n").append(message.payload).append("\r\n");
        require(message.tail == tail, "the tail is another message", quote(message.tail));
    }
    if (message.block != nullptr) {
        const char* const begin = message.block->data();
        const char* const end = begin + message.block->size();
        const char* const payload = message.payload.data();
        require(payload >= begin && payload + message.payload.size() + 2 <= end,
                "the payload and its CRLF are not in the block");
    }
}

void append(std::string& log, std::string_view text) {
    log += ' ';
    log += quote(text);
}

void note(std::string& log, Event event, const Op& op) {
    log += std::to_string(static_cast<int>(event));
    switch (event) {
        case Event::publish:
            append(log, op.message.subject);
            append(log, op.message.reply);
            append(log, op.message.sizes);
            append(log, op.message.payload);
            log += ' ' + std::to_string(op.message.headerSize);
            break;
        case Event::subscribe:
        case Event::unsubscribe:
            require(op.wordCount >= 1 && op.wordCount <= op.words.size(), "too many words");
            for (std::size_t i = 0; i < op.wordCount; ++i) {
                append(log, op.words[i]);
            }
            break;
        case Event::connect:
        case Event::info:
        case Event::error:
            append(log, op.args);
            break;
        case Event::failed:
            append(log, gnatsd::kernel::errLine(op.failure.error));
            append(log, gnatsd::kernel::text(op.failure.reason));
            log += op.failure.tell ? " tell" : " silent";
            log += ' ' + std::to_string(op.failure.size);
            break;
        case Event::needMore:
        case Event::ping:
        case Event::pong:
        case Event::ok:
            break;
    }
    log += '\n';
}

/// As a connection reads: large payloads go where the parser wants them, the rest through next().
std::string operations(std::string_view text, const Setup& setup, const Pieces::Sizes& sizes,
                       bool direct) {
    const std::size_t bound = 3 * setup.limits.maxControlLine + setup.limits.maxPayload + 64;
    std::string log;
    Parser parser(setup.limits);
    parser.allowHeaders(setup.headers);
    for (Pieces pieces(text, sizes); pieces.more();) {
        std::string_view in = pieces.next();
        Op op;
        if (direct) {
            const std::span<char> space = parser.directSpace();
            const std::size_t part = std::min(space.size(), in.size());
            std::copy_n(in.begin(), part, space.begin());
            parser.filled(part);
            in.remove_prefix(part);
        }
        for (;;) {
            const Event event = parser.next(in, op);
            if (event == Event::needMore) {
                require(in.empty(), "asks for more and leaves input", quote(in));
                break;
            }
            note(log, event, op);
            if (event == Event::failed) {
                return log;
            }
            if (event == Event::publish) {
                checkMessage(op.message, setup);
            }
        }
        require(parser.held() <= bound, "holds more than the limits allow");
    }
    return log;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    Setup setup;
    const unsigned flags = input.choice();
    setup.headers = (flags & 1U) != 0;
    if ((flags & 2U) != 0) {
        setup.limits.maxControlLine = 24;
        setup.limits.maxPayload = 40;
    }
    Pieces::Sizes sizes{};
    for (std::size_t& piece : sizes) {
        piece = 1 + input.choice() % 64;
    }

    const std::string whole = operations(input.rest(), setup, Pieces::kWhole, false);
    require(whole == operations(input.rest(), setup, Pieces::kBytes, false), "byte by byte", whole);
    require(whole == operations(input.rest(), setup, sizes, false), "in pieces", whole);
    require(whole == operations(input.rest(), setup, sizes, true), "in pieces, direct", whole);
    return 0;
}
