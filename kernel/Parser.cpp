#include "kernel/Parser.h"

#include "kernel/Bytes.h"
#include "kernel/ControlLine.h"

#include <algorithm>
#include <cstring>

namespace gnatsd::kernel {

namespace {

Event fail(Op& op, ProtocolError error, CloseReason reason, std::string_view what,
           std::string_view seen) {
    op.failure = {error, reason, true, what, seen, 0};
    return Event::failed;
}

Event failUnknown(Op& op, std::string_view seen) {
    return fail(op, ProtocolError::unknownOperation, CloseReason::protocolViolation, "", seen);
}

Event failTooLong(Op& op, std::string_view seen) {
    return fail(op, ProtocolError::maxControlLine, CloseReason::maxControlLineExceeded, "", seen);
}

}  // namespace

Event Parser::next(std::string_view& in, Op& op) {
    switch (state_) {
        case State::idle:
            if (block_ || !carry_.empty()) [[unlikely]] {
                release();
            }
            op.again = publishAgain(in, op);
            if (op.again || publishFast(in, op)) [[likely]] {
                return Event::publish;
            }
            op.line = {};
            return start(in, op);
        case State::cutLine:
            op.again = false;
            return resumeLine(in, op);
        case State::cutPayload:
            op.again = false;
            return resumePayload(in, op);
        case State::skipping:
            return skip(in);
    }
    return Event::needMore;
}

Event Parser::start(std::string_view& in, Op& op) {
    if (in.empty()) {
        return Event::needMore;
    }
    const std::size_t bound = std::min(in.size(), lineBound());
    const void* lf = std::memchr(in.data(), '\n', bound);
    if (lf == nullptr) {
        const Event event = partialLine(in.substr(0, bound), op);
        if (event == Event::needMore) {
            if (state_ == State::skipping) {
                return skip(in);
            }
            state_ = State::cutLine;
            carry_.assign(in);
            in = {};
        }
        return event;
    }
    const auto size = static_cast<std::size_t>(static_cast<const char*>(lf) - in.data());
    const std::string_view text = in.substr(0, size);
    in.remove_prefix(size + 1);
    return wholeLine(text, in, op);
}

Event Parser::resumeLine(std::string_view& in, Op& op) {
    const std::size_t bound =
        std::min(in.size(), lineBound() - std::min(lineBound(), carry_.size()));
    const void* lf = bound > 0 ? std::memchr(in.data(), '\n', bound) : nullptr;
    if (lf == nullptr) {
        carry_.append(in.substr(0, bound));
        in.remove_prefix(bound);
        const Event event = partialLine(carry_, op);
        if (event == Event::needMore && state_ == State::skipping) {
            carry_.clear();
            return skip(in);
        }
        return event;
    }
    const auto size = static_cast<std::size_t>(static_cast<const char*>(lf) - in.data());
    carry_.append(in.substr(0, size));
    in.remove_prefix(size + 1);
    state_ = State::idle;
    return wholeLine(carry_, in, op);
}

/// Judges the start of a line by what no continuation can mend, so that the outcome does not
/// depend on where the input was cut.
Event Parser::partialLine(std::string_view text, Op& op) {
    const ControlLine line = classify(text);
    switch (line.verb) {
        case Verb::unknown:
            return failUnknown(op, text);
        case Verb::incomplete:
            return Event::needMore;
        case Verb::ping:
        case Verb::pong:
        case Verb::ok:
            state_ = State::skipping;
            skipped_ = line.verb;
            return Event::needMore;
        default:
            return tooLong(line, text, *limits_) ? failTooLong(op, text) : Event::needMore;
    }
}

Event Parser::wholeLine(std::string_view text, std::string_view& in, Op& op) {
    const ControlLine line = classify(text);
    if (line.verb == Verb::unknown || line.verb == Verb::incomplete) {
        return failUnknown(op, text);
    }
    if (line.verb == Verb::ping || line.verb == Verb::pong || line.verb == Verb::ok) {
        return line.verb == Verb::ping ? Event::ping
                                       : (line.verb == Verb::pong ? Event::pong : Event::ok);
    }
    if (tooLong(line, text, *limits_)) {
        return failTooLong(op, text);
    }
    std::string_view args = text.substr(line.argsAt);
    if (!args.empty() && args.back() == '\r') {
        args.remove_suffix(1);
    }
    while (!args.empty() && (args.back() == ' ' || args.back() == '\t')) {
        args.remove_suffix(1);
    }
    op.args = args;
    switch (line.verb) {
        case Verb::connect:
            return Event::connect;
        case Verb::info:
            return Event::info;
        case Verb::err:
            return Event::error;
        case Verb::sub:
            op.wordCount = splitWords(args, true, op.words.data(), op.words.size());
            if (op.wordCount != 2 && op.wordCount != 3) {
                return fail(op, ProtocolError::parserError, CloseReason::protocolViolation,
                            "processSub", args);
            }
            return Event::subscribe;
        case Verb::unsub:
            op.wordCount = splitWords(args, true, op.words.data(), op.words.size());
            if (op.wordCount != 1 && op.wordCount != 2) {
                return fail(op, ProtocolError::parserError, CloseReason::protocolViolation,
                            "processUnsub", args);
            }
            return Event::unsubscribe;
        default:
            return publishLine(line.verb, args, in, op);
    }
}

Event Parser::publishLine(Verb verb, std::string_view args, std::string_view& in, Op& op) {
    const bool plain = verb == Verb::pub;
    const std::string_view what = plain ? "processPub" : "processHeaderPub";
    if (!plain && !headers_) {  // CP-42
        fail(op, ProtocolError::parserError, CloseReason::messageHeaderViolation, what, args);
        op.failure.tell = false;
        return Event::failed;
    }
    std::string_view words[5];
    const std::size_t numbers = plain ? 1 : 2;
    const std::size_t count = splitWords(args, false, words, 5);
    std::size_t size = 0;
    std::size_t headerSize = 0;
    const bool counted = count == numbers + 1 || count == numbers + 2;
    const SizeText sizeText = counted ? parseSize(words[count - 1], size) : SizeText::bad;
    const SizeText headerText =
        counted && !plain ? parseSize(words[count - 2], headerSize) : SizeText::good;
    if (sizeText == SizeText::bad || headerText == SizeText::bad) {
        return fail(op, ProtocolError::parserError, CloseReason::protocolViolation, what, args);
    }
    if (sizeText == SizeText::tooManyDigits || headerText == SizeText::tooManyDigits ||
        size > limits_->maxPayload) {  // CP-43, CP-44
        fail(op, ProtocolError::maxPayload, CloseReason::maxPayloadExceeded, what, args);
        op.failure.size = size;
        return Event::failed;
    }
    if (headerSize > size) {
        return fail(op, ProtocolError::parserError, CloseReason::protocolViolation, what, args);
    }
    Message& message = op.message;
    message.subject = words[0];
    message.reply = count == numbers + 2 ? words[1] : std::string_view();
    message.headerSize = headerSize;
    const std::string_view last = words[count - 1];
    message.sizes = last;
    if (headerSize > 0) {  // CP-80: one blank goes out, however many came
        const std::string_view first = words[count - 2];
        char* const second = std::copy(first.begin(), first.end(), op.numbers.begin());
        *second = ' ';
        char* const end = std::copy(last.begin(), last.end(), second + 1);
        message.sizes = {op.numbers.data(), static_cast<std::size_t>(end - op.numbers.data())};
    }
    message.tail = {};
    message.block = nullptr;
    if (in.size() >= size + kCrlf) {
        if (!endsWithCrlf(in.data() + size)) {
            return failUnknown(op, in.substr(size, 32));
        }
        message.payload = in.substr(0, size);
        in.remove_prefix(size + kCrlf);
        return Event::publish;
    }
    // Bytes that can only be wrong are refused now, not when the rest has come (CP-46).
    if (in.size() == size + 1 && in[size] != '\r') {
        return failUnknown(op, in.substr(size));
    }
    std::string lineText(plain ? "PUB " : "HPUB ");
    lineText.append(args);
    carry_.swap(lineText);
    block_ = Block::make(size + kCrlf);
    filled_ = in.size();
    copyBytes(block_->data(), in.data(), in.size());
    in = {};
    state_ = State::cutPayload;
    return Event::needMore;
}

Event Parser::resumePayload(std::string_view& in, Op& op) {
    const std::size_t size = block_->size();
    const std::size_t part = std::min(in.size(), size - filled_);
    copyBytes(block_->data() + filled_, in.data(), part);
    filled_ += part;
    in.remove_prefix(part);
    const char* const crlf = block_->data() + size - kCrlf;
    if (filled_ < size) {
        if (filled_ == size - 1 && *crlf != '\r') {
            return failUnknown(op, {crlf, 1});
        }
        return Event::needMore;
    }
    if (!endsWithCrlf(crlf)) {
        return failUnknown(op, {crlf, kCrlf});
    }
    state_ = State::idle;
    filled_ = 0;
    // The line was judged when it came; taking it apart again gives the views into carry_.
    const ControlLine line = classify(carry_);
    std::string_view whole{block_->data(), size};
    const Event event =
        publishLine(line.verb, std::string_view(carry_).substr(line.argsAt), whole, op);
    op.message.block = block_.get();
    return event;
}

Event Parser::skip(std::string_view& in) {
    const std::size_t lf = in.find('\n');
    if (lf == std::string_view::npos) {
        in = {};
        return Event::needMore;
    }
    in.remove_prefix(lf + 1);
    state_ = State::idle;
    return skipped_ == Verb::ping ? Event::ping
                                  : (skipped_ == Verb::pong ? Event::pong : Event::ok);
}

std::span<char> Parser::directSpace() noexcept {
    if (state_ != State::cutPayload || filled_ + kCrlf >= block_->size()) {
        return {};
    }
    // Not the CRLF: so that a direct read never completes a message behind next()'s back.
    return {block_->data() + filled_, block_->size() - kCrlf - filled_};
}

void Parser::release() noexcept {
    block_.reset();
    if (carry_.capacity() > 256) {
        std::string().swap(carry_);
    } else {
        carry_.clear();
    }
}

}  // namespace gnatsd::kernel
