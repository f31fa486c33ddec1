// Pieces: one text cut in several ways, as a socket would (CP-10).
//
// Each piece is handed out in memory of exactly its size, so that a read behind its end is seen by
// the address sanitizer, and views into an earlier piece are seen as dangling.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace gnatsd::fuzz {

class Pieces {
public:
    /// The sizes of the pieces, used in turn; {0} is one piece with everything.
    using Sizes = std::array<std::size_t, 3>;
    static constexpr Sizes kWhole{0, 0, 0};
    static constexpr Sizes kBytes{1, 1, 1};

    Pieces(std::string_view text, const Sizes& sizes) noexcept : rest_(text), sizes_(sizes) {}

    bool more() const noexcept { return !rest_.empty(); }

    /// The next piece; it holds until the next call.
    std::string_view next() {
        const std::size_t wanted = sizes_[turn_++ % sizes_.size()];
        const std::size_t size = wanted == 0 ? rest_.size() : std::min(wanted, rest_.size());
        std::vector<char>(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size))
            .swap(piece_);
        rest_.remove_prefix(size);
        return {piece_.data(), piece_.size()};
    }

private:
    std::string_view rest_;
    Sizes sizes_;
    std::size_t turn_ = 0;
    std::vector<char> piece_;
};

}  // namespace gnatsd::fuzz
