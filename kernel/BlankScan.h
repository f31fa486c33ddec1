// BlankScan: finds the ends of the words of a control line, many bytes at a step.
//
// A word ends at the first byte that is at most a blank: SP, TAB, CR, LF, and control characters,
// which the caller leaves to the general parser.
//
// Cost: one comparison for 32 bytes where there is SSE2; never reads behind `end`.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gnatsd::kernel {

class BlankScan {
public:
    /// Below so many bytes before the end nothing is found.
    static constexpr std::ptrdiff_t kStep = 32;

    BlankScan(const char* from, const char* end) noexcept : at_(from), end_(end) {
        mask_ = end_ - at_ >= kStep ? maskOf(at_) : 0;
    }

    /// The next one, or null when there is none in whole steps before the end.
    const char* next() noexcept {
        while (mask_ == 0)
            [[unlikely]] {
                if (end_ - at_ < 2 * kStep) {
                    return nullptr;
                }
                at_ += kStep;
                mask_ = maskOf(at_);
            }
        const char* const found = at_ + std::countr_zero(mask_);
        mask_ &= mask_ - 1;
        return found;
    }

private:
    static std::uint32_t maskOf(const char* at) noexcept {
#if defined(__SSE2__)
        const __m128i blank = _mm_set1_epi8(' ');
        const auto half = [blank](const char* from) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
            return static_cast<std::uint32_t>(
                _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, blank), bytes)));
        };
        return half(at) | half(at + 16) << 16U;
#else
        std::uint32_t mask = 0;
        for (unsigned i = 0; i < kStep; ++i) {
            mask |= static_cast<std::uint32_t>(static_cast<unsigned char>(at[i]) <= ' ') << i;
        }
        return mask;
#endif
    }

    const char* at_;
    const char* const end_;
    std::uint32_t mask_;
};

}  // namespace gnatsd::kernel
