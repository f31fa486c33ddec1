#include "kernel/Random.h"

#include "kernel/Check.h"

#include <array>
#include <bit>
#include <sys/random.h>

namespace gnatsd::kernel {

void fillRandom(std::span<std::uint8_t> bytes) noexcept {
    GNATSD_CHECK(::getentropy(bytes.data(), bytes.size()) == 0);
}

std::uint64_t randomSeed() noexcept {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    fillRandom(bytes);
    return std::bit_cast<std::uint64_t>(bytes);
}

}  // namespace gnatsd::kernel
