// closest: which of several names was probably meant. A pure function.

#pragma once

#include <span>
#include <string_view>

namespace gnatsd::host::options {

/// The candidate with the fewest differing letters, letter case ignored; empty when none is near.
std::string_view closest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace gnatsd::host::options
