// Input: a fuzzer's bytes taken apart: a few for choices, the rest as protocol text.
//
// Lifetime: views the fuzzer's bytes, which outlive it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gnatsd::fuzz {

class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) noexcept
        : rest_(reinterpret_cast<const char*>(data), size) {}

    /// One byte as a number, 0 when there is none left.
    unsigned choice() noexcept {
        if (rest_.empty()) {
            return 0;
        }
        const auto value = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }

    std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
};

}  // namespace gnatsd::fuzz
