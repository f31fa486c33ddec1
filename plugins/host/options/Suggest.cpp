#include "plugins/host/options/Suggest.h"

#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

namespace gnatsd::host::options {

namespace {

constexpr std::size_t kLongestName = 64;

/// How many letters must be added, removed, replaced or swapped with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::vector<std::size_t> next(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            next[j] = std::min({row[j] + 1, next[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                next[j] = std::min(next[j], before[j - 2] + 1);
            }
        }
        before.swap(row);
        row.swap(next);
    }
    return row[b.size()];
}

}  // namespace

std::string_view closest(std::string_view name, std::span<const std::string_view> candidates) {
    if (name.size() < 3 || name.size() > kLongestName) {
        return {};
    }
    const std::string wanted = lowerCase(name);
    std::size_t best = name.size() < 6 ? 1 : 2;
    std::string_view found;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() < 3) {
            continue;
        }
        const std::size_t apart = distance(wanted, lowerCase(candidate));
        if (apart < best || (apart == best && found.empty())) {
            best = apart;
            found = candidate;
        }
    }
    return found;
}

}  // namespace gnatsd::host::options
