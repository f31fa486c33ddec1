#include "tests/bench/Text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace gnatsd::bench {

std::string formatNumber(double value, int digits) {
    if (!std::isfinite(value)) {
        return "-";
    }
    int decimals = digits - 1;
    if (value != 0) {
        decimals -= static_cast<int>(std::floor(std::log10(std::abs(value))));
    }
    std::array<char, 64> text;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value,
                                            std::chars_format::fixed, std::clamp(decimals, 0, 6));
    return error == std::errc{} ? std::string(text.data(), end) : "-";
}

std::string formatCount(double value) {
    if (!std::isfinite(value)) {
        return "-";
    }
    const std::string digits = std::to_string(std::llround(std::abs(value)));
    std::string text = std::llround(value) < 0 ? "-" : "";
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % 3 == 0) {
            text += ',';
        }
        text += digits[i];
    }
    return text;
}

std::string formatTable(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    const auto line = [&](const std::vector<std::string>& row) {
        text += "|";
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string cell = i < row.size() ? row[i] : "";
            const std::string padding(widths[i] - cell.size(), ' ');
            text.append(" ").append(i == 0 ? cell + padding : padding + cell).append(" |");
        }
        text += "\n";
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        line(rows[i]);
        if (i == 0) {
            text += "|";
            for (std::size_t column = 0; column < widths.size(); ++column) {
                text.append(" ")
                    .append(widths[column] - 1, '-')
                    .append(column == 0 ? "- |" : ": |");
            }
            text += "\n";
        }
    }
    return text;
}

}  // namespace gnatsd::bench
