#include "plugins/common/Secret.h"

#include <utility>

namespace gnatsd::common {

Secret::~Secret() {
    wipe(text_.data(), text_.size());
}

Secret& Secret::operator=(Secret&& other) noexcept {
    text_.swap(other.text_);  // what this one held is wiped with `other`
    return *this;
}

Secret readSecret(const sdk::Config& config, const std::string& key) {
    std::string text = config.getRawString(key, std::string());
    Secret secret(text);
    wipe(text);
    return secret;
}

void wipe(void* memory, std::size_t size) noexcept {
    volatile char* bytes = static_cast<volatile char*>(memory);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = 0;
    }
}

void wipe(std::string& text) noexcept {
    wipe(text.data(), text.size());
    text.clear();
}

bool sameText(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) {
        return false;
    }
    unsigned char differences = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        differences = static_cast<unsigned char>(
            differences | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
    }
    // Read through a volatile, so that the loop cannot end at the first difference.
    const volatile unsigned char result = differences;
    return result == 0;
}

}  // namespace gnatsd::common
