// ParserFixture: feeds a Parser as a connection does, and writes down what comes out as text.

#pragma once

#include "kernel/Parser.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

inline std::string textOf(const Message& message) {
    std::string text = "message(" + std::string(message.subject) + '|' +
                       std::string(message.reply) + '|' + std::string(message.sizes) + '|' +
                       std::to_string(message.headerSize) + '|' + std::string(message.payload) +
                       ')';
    const std::string reply = message.reply.empty() ? "" : std::string(message.reply) + ' ';
    const std::string tail =
        reply + std::string(message.sizes) + "\r\n" + std::string(message.payload) + "\r\n";
    if (!message.tail.empty() && message.tail != tail) {
        text += " with a wrong tail: " + std::string(message.tail);
    }
    if (message.block != nullptr &&
        (message.payload.data() != message.block->data() ||
         message.payload.size() + 2 != message.block->size() ||
         std::memcmp(message.payload.data() + message.payload.size(), "\r\n", 2) != 0)) {
        text += " with a wrong block";
    }
    return text;
}

inline std::string textOf(Event event, const Op& op) {
    const auto words = [&op](std::string text) {
        for (std::size_t i = 0; i < op.wordCount; ++i) {
            text.append(i == 0 ? "(" : "|").append(op.words[i]);
        }
        return text + ')';
    };
    switch (event) {
        case Event::needMore:
            return "";
        case Event::publish:
            return textOf(op.message);
        case Event::subscribe:
            return words("sub");
        case Event::unsubscribe:
            return words("unsub");
        case Event::connect:
            return "connect(" + std::string(op.args) + ')';
        case Event::info:
            return "info(" + std::string(op.args) + ')';
        case Event::error:
            return "error(" + std::string(op.args) + ')';
        case Event::ping:
            return "ping";
        case Event::pong:
            return "pong";
        case Event::ok:
            return "ok";
        case Event::failed:
            return "failed(" + std::to_string(static_cast<int>(op.failure.error)) + '|' +
                   std::to_string(static_cast<int>(op.failure.reason)) + '|' +
                   (op.failure.tell ? "tell|" : "|") + std::to_string(op.failure.size) + ')';
    }
    return "?";
}

enum class Reading { plain, direct };

/// Feeds pieces as a connection does and collects what comes out of them.
class Feeder {
public:
    explicit Feeder(const Limits& limits, bool headers = true) : parser_(limits) {
        parser_.allowHeaders(headers);
    }

    void feed(std::string_view piece, Reading reading) {
        if (reading == Reading::direct) {
            const std::span<char> space = parser_.directSpace();
            const std::size_t placed = std::min(space.size(), piece.size());
            std::copy_n(piece.data(), placed, space.data());
            if (placed > 0) {
                parser_.filled(placed);
            }
            piece.remove_prefix(placed);
        }
        // A copy of exactly this size: reading past it is seen by the address sanitizer.
        const std::vector<char> bytes(piece.begin(), piece.end());
        std::string_view in(bytes.data(), bytes.size());
        Op op;
        while (!failed_) {
            const Event event = parser_.next(in, op);
            if (event == Event::needMore) {
                CPPUNIT_ASSERT_MESSAGE("input is left over", in.empty());
                return;
            }
            text_ += textOf(event, op) + '\n';
            failed_ = event == Event::failed;
        }
    }

    const std::string& text() const noexcept { return text_; }
    Parser& parser() noexcept { return parser_; }

private:
    Parser parser_;
    std::string text_;
    bool failed_ = false;
};

inline Limits smallLimits() {
    Limits limits;
    limits.maxControlLine = 40;
    limits.maxPayload = 1000;
    return limits;
}

}  // namespace gnatsd::kernel
