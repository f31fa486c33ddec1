#include "plugins/host/Barrier.h"

namespace gnatsd::host {

std::string oneLine(std::string_view text) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string line;
    line.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            line += "\\n";
        } else if (c == '\t') {
            line += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            line += "\\x";
            line += kHex[byte >> 4];
            line += kHex[byte & 0xf];
        } else {
            line += c;
        }
    }
    return line;
}

Thrown::Thrown(const Poco::Exception& error)
    : message(oneLine(error.message())), text(oneLine(error.displayText())) {}

Thrown::Thrown(const std::exception& error) : message(oneLine(error.what())), text(message) {}

}  // namespace gnatsd::host
