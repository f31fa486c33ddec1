#include "plugins/host/conf/ParseError.h"

#include "kernel/Text.h"

namespace gnatsd::host::conf {

namespace {

constexpr std::size_t kLongest = 600;

std::string shortened(std::string text) {
    if (text.size() > kLongest) {
        text.resize(kLongest);
        text += "...";
    }
    return kernel::escapeControls(text);
}

}  // namespace

std::string ParseError::report() const {
    const Details& d = details_;
    std::string text;
    if (d.line > 0) {
        text += kernel::escapeControls(d.file) + (d.file.empty() ? "" : ":") +
                std::to_string(d.line) + ":" + std::to_string(d.column) + ": ";
    }
    text += shortened(d.shown.empty() ? message() : d.shown);
    if (!d.excerpt.empty()) {
        text += "\n" + d.excerpt;
    }
    if (!d.hint.empty()) {
        text += "\nhint: " + shortened(d.hint);
    }
    return text + d.trail;
}

}  // namespace gnatsd::host::conf
