#include "tests/bench/Frame.h"

#include <charconv>
#include <cstring>

namespace gnatsd::bench {

namespace {

// Longer than any line a server may send (INFO with many connect_urls).
constexpr std::size_t kMaxLine = 1 << 16;

std::string_view nextToken(std::string_view& line) noexcept {
    const std::size_t end = line.find(' ');
    const std::string_view token = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    return token;
}

void readMessage(Frame& frame, const char* payload) noexcept {
    std::string_view rest = frame.line.substr(4);
    frame.subject = nextToken(rest);
    frame.sid = nextToken(rest);
    std::string_view size = nextToken(rest);
    if (!rest.empty()) {
        frame.reply = size;
        size = rest;
    }
    const char* const last = size.data() + size.size();
    const auto [end, error] = std::from_chars(size.data(), last, frame.size);
    if (error != std::errc{} || end != last || size.empty()) {
        frame.op = Op::unknown;
        return;
    }
    frame.op = Op::message;
    frame.payload = payload;
    frame.length += frame.size + 2;
}

}  // namespace

Frame readFrame(std::string_view input) noexcept {
    Frame frame;
    const void* const newline = std::memchr(input.data(), '\n', input.size());
    if (newline == nullptr) {
        if (input.size() > kMaxLine) {
            frame.op = Op::unknown;
            frame.line = input.substr(0, 80);
        }
        return frame;
    }
    const char* const end = static_cast<const char*>(newline);
    frame.line = input.substr(0, static_cast<std::size_t>(end - input.data()));
    frame.length = frame.line.size() + 1;
    if (frame.line.ends_with('\r')) {
        frame.line.remove_suffix(1);
    }
    if (frame.line.starts_with("MSG ")) {
        readMessage(frame, end + 1);
    } else if (frame.line == "PING") {
        frame.op = Op::ping;
    } else if (frame.line == "PONG") {
        frame.op = Op::pong;
    } else if (frame.line.starts_with("INFO ")) {
        frame.op = Op::info;
    } else if (frame.line == "+OK") {
        frame.op = Op::ok;
    } else if (frame.line.starts_with("-ERR")) {
        frame.op = Op::err;
    } else {
        frame.op = Op::unknown;
    }
    return frame;
}

}  // namespace gnatsd::bench
