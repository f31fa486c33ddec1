// Secret: a password or key in memory that is overwritten before it is given back.
// sameText: comparison in a time that tells nothing about what was right.
//
// Threads: constant after construction, so any.

#pragma once

#include <gnatsd/Plugin.h>

#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::common {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) : text_(text.begin(), text.end()) {}
    ~Secret();
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret&& other) noexcept;

    bool empty() const noexcept { return text_.empty(); }
    std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

private:
    // Not a std::string: a short one would stay behind in the object it was moved from.
    std::vector<char> text_;
};

/// The value of that key. No copy of it stays behind.
Secret readSecret(const sdk::Config& config, const std::string& key);

/// Overwrites in a way that the optimizer keeps.
void wipe(void* memory, std::size_t size) noexcept;
void wipe(std::string& text) noexcept;

/// Cost: depends on the lengths alone.
bool sameText(std::string_view a, std::string_view b) noexcept;

}  // namespace gnatsd::common
