#include "plugins/host/log/ClockText.h"

#include <array>
#include <chrono>
#include <cstdlib>

namespace gnatsd::host {

namespace {

void appendNumber(long value, int digits, std::string& out) {
    const std::string text = std::to_string(value);
    const auto width = static_cast<std::size_t>(digits);
    out.append(width > text.size() ? width - text.size() : 0, '0').append(text);
}

}  // namespace

const std::tm& ClockText::fields(LogTime time) {
    const std::time_t second =
        LogTime::clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
    if (second != second_) {
        utc_ ? ::gmtime_r(&second, &fields_) : ::localtime_r(&second, &fields_);
        std::array<char, 64> text{};
        text_.assign(text.data(), std::strftime(text.data(), text.size(), pattern_, &fields_));
        second_ = second;
    }
    return fields_;
}

void ClockText::append(LogTime time, std::string& out) {
    fields(time);
    out += text_;
}

void ClockText::appendFraction(LogTime time, int digits, std::string& out) {
    long fraction = static_cast<long>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          time - std::chrono::floor<std::chrono::seconds>(time))
                                          .count());
    for (int dropped = digits; dropped < 9; ++dropped) {
        fraction /= 10;
    }
    appendNumber(fraction, digits, out);
}

void ClockText::appendZone(LogTime time, std::string& out) {
    const long minutes = fields(time).tm_gmtoff / 60;
    if (minutes == 0) {
        out += 'Z';
        return;
    }
    out += minutes < 0 ? '-' : '+';
    appendNumber(std::labs(minutes) / 60, 2, out);
    out += ':';
    appendNumber(std::labs(minutes) % 60, 2, out);
}

}  // namespace gnatsd::host
