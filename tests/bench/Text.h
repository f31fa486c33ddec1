// Text: numbers and tables for people to read.

#pragma once

#include <string>
#include <vector>

namespace gnatsd::bench {

/// "0.284", "12.3", "132": `digits` significant digits, never an exponent, "-" for no number.
std::string formatNumber(double value, int digits = 3);

/// "1,234,567".
std::string formatCount(double value);

/// Rows of cells as a table with aligned columns: the first row is the heading, the first column
/// is text, the others are numbers to the right.
std::string formatTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace gnatsd::bench
