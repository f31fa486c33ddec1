#include "plugins/host/log/JsonFormat.h"

#include "kernel/Utf8.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <unistd.h>

namespace gnatsd::host {

namespace {

const char* levelName(kernel::Level level) {
    // In the order of kernel::Level.
    static constexpr std::array<const char*, 6> kNames{"fatal", "error", "warn",
                                                       "info",  "debug", "trace"};
    return kNames[static_cast<std::size_t>(level)];
}

void appendEscape(unsigned unit, std::string& out) {
    std::array<char, 8> text{};
    const int length = std::snprintf(text.data(), text.size(), "\\u%04x", unit);
    out.append(text.data(), static_cast<std::size_t>(length));
}

void appendCodePoint(const kernel::CodePoint& point, std::string& out) {
    if (!point.valid) {
        kernel::appendUtf8(out, kernel::kReplacementChar);
    } else if (point.value == '"' || point.value == '\\') {
        out += '\\';
        out += static_cast<char>(point.value);
    } else if (kernel::isPrintable(point.value)) {
        kernel::appendUtf8(out, point.value);
    } else if (point.value < 0x10000) {
        appendEscape(static_cast<unsigned>(point.value), out);
    } else {
        const unsigned above = static_cast<unsigned>(point.value) - 0x10000U;
        appendEscape(0xd800U + (above >> 10U), out);
        appendEscape(0xdc00U + (above & 0x3ffU), out);
    }
}

void appendString(std::string_view text, std::string& out) {
    out += '"';
    while (!text.empty()) {
        const kernel::CodePoint point = kernel::decodeUtf8(text);
        appendCodePoint(point, out);
        text.remove_prefix(point.size);
    }
    out += '"';
}

struct Identity {
    std::string_view address;
    std::string_view kind;  // cid, rid, wid; empty: there is no identity
    std::string_view number;
    std::size_t length = 0;  // of all that stands before the message
};

/// "ADDRESS - KIND:NUMBER - ", as kernel and routes put it before their messages.
Identity identityOf(std::string_view text) {
    constexpr std::string_view kDash = " - ";
    const std::size_t space = text.find(' ');
    if (space == 0 || space == text.npos || text.substr(space, 3) != kDash) {
        return {};
    }
    const std::string_view rest = text.substr(space + 3);
    const std::string_view kind = rest.substr(0, 3);
    const std::size_t end = rest.find(kDash);
    if ((kind != "cid" && kind != "rid" && kind != "wid") || end == rest.npos || end < 5 ||
        rest[3] != ':') {
        return {};
    }
    const std::string_view number = rest.substr(4, end - 4);
    const bool isNumber =
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    // JSON has no numbers with zeros in front.
    if (!isNumber || (number.size() > 1 && number.front() == '0')) {
        return {};
    }
    return {text.substr(0, space), kind, number, space + 3 + end + 3};
}

}  // namespace

JsonFormat::JsonFormat(bool time, bool utc)
    : pid_(std::to_string(::getpid())), time_(time), clock_("%Y-%m-%dT%H:%M:%S", utc) {}

void JsonFormat::append(const LogRecord& record, std::string& out) {
    out += '{';
    if (time_) {
        out += "\"time\":\"";
        clock_.append(record.time, out);
        out += '.';
        ClockText::appendFraction(record.time, 6, out);
        clock_.appendZone(record.time, out);
        out += "\",";
    }
    out.append("\"level\":\"").append(levelName(record.level));
    out.append("\",\"pid\":").append(pid_);

    std::string_view message = record.text;
    const Identity identity = identityOf(message);
    if (!identity.kind.empty()) {
        out += identity.kind == "rid" ? ",\"route\":" : ",\"client\":";
        appendString(identity.address, out);
        out.append(",\"").append(identity.kind).append("\":").append(identity.number);
        message.remove_prefix(identity.length);
    }
    out += ",\"message\":";
    appendString(message, out);
    out += "}\n";
}

}  // namespace gnatsd::host
