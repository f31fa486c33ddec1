#include "tests/bench/Progress.h"

#include <algorithm>
#include <iostream>
#include <unistd.h>
#include <utility>

namespace gnatsd::bench {

Progress::Progress(std::string title)
    : title_(std::move(title)), enabled_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (drawn_) {
        std::cerr << "\r\033[K" << std::flush;
    }
}

void Progress::show(std::uint64_t done, std::uint64_t of) {
    constexpr std::uint64_t kWidth = 40;
    if (!enabled_ || of == 0) {
        return;
    }
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(of));
    const auto full = static_cast<std::size_t>(part * kWidth);
    std::cerr << "\r" << title_ << " [" << std::string(full, '#') << std::string(kWidth - full, '.')
              << "] " << static_cast<int>(part * 100) << " %"
              << "\033[K" << std::flush;
    drawn_ = true;
}

}  // namespace gnatsd::bench
