#include "tests/bench/MessageScanner.h"

#include "tests/bench/Error.h"
#include "tests/bench/Frame.h"
#include "tests/bench/FrameRing.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gnatsd::bench {

namespace {

std::uint64_t loadWord(const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

}  // namespace

MessageScanner::MessageScanner(OrderCheck order, std::string label)
    : order_(std::move(order)), label_(std::move(label)) {}

void MessageScanner::predict(const std::vector<Subscription>& messages, std::size_t payloadSize) {
    payloadSize_ = payloadSize;
    lines_.clear();
    for (const Subscription& message : messages) {
        lines_ += "MSG " + message.subject + " " + message.sid + " " + std::to_string(payloadSize) +
                  "\r\n";
    }
    lineLength_ = lines_.size() / messages.size();
    lineOffset_ = 0;
}

void MessageScanner::check(std::uint64_t word) {
    if (!order_.accept(word)) {
        throw ServerError(label_ + ": " + order_.problem());
    }
}

const char* MessageScanner::scanPredicted(const char* at, const char* end) {
    const std::size_t length = lineLength_ + payloadSize_ + 2;
    const bool numbered = payloadSize_ >= kWordSize;
    std::size_t offset = lineOffset_;
    std::uint64_t count = 0;
    while (static_cast<std::size_t>(end - at) >= length &&
           std::memcmp(at, lines_.data() + offset, lineLength_) == 0 && at[length - 1] == '\n') {
        if (numbered) {
            check(loadWord(at + lineLength_));
        }
        at += length;
        offset += lineLength_;
        offset = offset == lines_.size() ? 0 : offset;
        ++count;
    }
    lineOffset_ = offset;
    received_ += count;
    return at;
}

std::size_t MessageScanner::scanMessage(std::string_view input, std::size_t lineLength,
                                        std::size_t size) {
    const std::size_t here = input.size() - lineLength;
    if (size >= kWordSize) {
        if (here < kWordSize) {
            return 0;
        }
        const std::uint64_t word = loadWord(input.data() + lineLength);
        check(word);
        if (lineLength_ != 0) {
            lineOffset_ = (sequenceOf(word) + 1) * lineLength_ % lines_.size();
        }
    }
    const std::size_t rest = size + 2;
    const std::size_t taken = std::min(rest, here);
    skip_ = rest - taken;
    received_ += skip_ == 0 ? 1 : 0;
    if (skip_ == 0 && input[lineLength + rest - 1] != '\n') {
        throw ServerError(label_ + ": no end of line behind a payload");
    }
    return lineLength + taken;
}

std::string_view MessageScanner::scan(std::string_view input) {
    if (skip_ != 0) {
        const std::size_t taken = std::min(skip_, input.size());
        input.remove_prefix(taken);
        skip_ -= taken;
        received_ += skip_ == 0 ? 1 : 0;
    }
    while (!input.empty()) {
        if (lineLength_ != 0) {
            const char* const at = scanPredicted(input.data(), input.data() + input.size());
            input.remove_prefix(static_cast<std::size_t>(at - input.data()));
        }
        const Frame frame = readFrame(input);
        std::size_t taken = frame.length;
        if (frame.op == Op::message) {
            const auto line = static_cast<std::size_t>(frame.payload - input.data());
            taken = scanMessage(input, line, frame.size);
        } else if (frame.op == Op::ping) {
            ++pings_;
        } else if (frame.op == Op::pong) {
            ++pongs_;
        } else if (frame.op == Op::err || frame.op == Op::unknown) {
            throw ServerError(label_ + ": the server says " + std::string(frame.line));
        }
        if (taken == 0) {
            break;
        }
        input.remove_prefix(taken);
    }
    return input;
}

}  // namespace gnatsd::bench
