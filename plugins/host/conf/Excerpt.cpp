#include "plugins/host/conf/Excerpt.h"

#include "kernel/Text.h"
#include "kernel/Utf8.h"
#include "plugins/host/conf/Secrets.h"

#include <algorithm>
#include <vector>

namespace gnatsd::host::conf {

namespace {

constexpr std::string_view kHidden = "[hidden]";
constexpr std::string_view kCut = "...";
constexpr std::size_t kTab = 4;
constexpr std::size_t kWidest = 100;    // columns of the source that are shown
constexpr std::size_t kBefore = 60;     // of them at most before the caret
constexpr std::size_t kRendered = 400;  // bytes on either side that can matter

/// A line as it is shown; `caret` is a column of it.
struct Shown {
    std::vector<std::string> cells;  // one column each
    std::size_t caret = 0;
};

void append(Shown& shown, std::string_view text) {
    while (!text.empty()) {
        const std::size_t size = kernel::decodeUtf8(text).size;
        shown.cells.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
}

Shown rendered(std::string_view line, std::size_t at, const std::vector<Span>& spans) {
    Shown shown;
    std::size_t next = at > kRendered ? at - kRendered : 0;
    const std::size_t end = std::min(line.size(), at + kRendered);
    bool marked = false;
    auto span = spans.begin();
    while (next < end) {
        while (span != spans.end() && span->end <= next) {
            ++span;
        }
        const bool hidden = span != spans.end() && span->begin <= next;
        const std::size_t size =
            hidden ? std::min(span->end, end) - next : kernel::decodeUtf8(line.substr(next)).size;
        if (!marked && at < next + size) {
            marked = true;
            shown.caret = shown.cells.size();
        }
        if (hidden) {
            append(shown, kHidden);
        } else if (line[next] == '\t') {
            shown.cells.resize(shown.cells.size() + kTab - shown.cells.size() % kTab, " ");
        } else {
            append(shown, kernel::escapeControls(line.substr(next, size)));
        }
        next += size;
    }
    if (!marked) {
        shown.caret = shown.cells.size();
    }
    return shown;
}

/// Hides the part of the line from `from` on as well.
std::vector<Span> hiddenIn(std::string_view line, std::size_t from) {
    std::vector<Span> spans = secretSpans(line);
    if (from >= line.size() || isPlainReference(line.substr(from))) {
        return spans;
    }
    while (!spans.empty() && spans.back().begin >= from) {
        spans.pop_back();
    }
    if (!spans.empty() && spans.back().end >= from) {
        spans.back().end = line.size();
    } else {
        spans.push_back({from, line.size()});
    }
    return spans;
}

}  // namespace

Spot spotOf(std::string_view text, std::size_t at) {
    at = std::min(at, text.size());
    const std::string_view before = text.substr(0, at);
    Spot spot;
    spot.line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t newline = before.rfind('\n');
    spot.begin = newline == std::string_view::npos ? 0 : newline + 1;
    spot.column += static_cast<int>(at - spot.begin);
    return spot;
}

std::string excerpt(std::string_view text, std::size_t at, std::size_t secretFrom) {
    at = std::min(at, text.size());
    const Spot spot = spotOf(text, at);
    std::string_view line = text.substr(spot.begin, text.find('\n', at) - spot.begin);
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    const std::size_t from = secretFrom <= spot.begin ? 0 : secretFrom - spot.begin;
    const bool hides = secretFrom != std::string_view::npos;
    Shown shown = rendered(line, std::min(at - spot.begin, line.size()),
                           hides ? hiddenIn(line, from) : secretSpans(line));

    const std::size_t first =
        shown.caret > kBefore && shown.cells.size() > kWidest ? shown.caret - kBefore : 0;
    const std::size_t last = std::min(shown.cells.size(), first + kWidest);
    const std::string number = std::to_string(spot.line);
    std::string lines = " " + number + " | " + std::string(first > 0 ? kCut : "");
    for (std::size_t i = first; i < last; ++i) {
        lines += shown.cells[i];
    }
    lines += last < shown.cells.size() ? kCut : "";
    lines += "\n" + std::string(number.size() + 2, ' ') + "| ";
    lines += std::string(shown.caret - first + (first > 0 ? kCut.size() : 0), ' ') + "^";
    return lines;
}

}  // namespace gnatsd::host::conf
