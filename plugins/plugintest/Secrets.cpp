#include "plugins/plugintest/Secrets.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace gnatsd::plugintest {

namespace {

bool isWordPart(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

void Secrets::add(const std::string& secret) {
    if (!secret.empty()) {
        secrets_.insert(secret);
    }
}

void Secrets::addPublic(const std::string& text) {
    public_.insert(text);
}

std::size_t Secrets::find(std::string_view text, const std::string& secret,
                          std::size_t from) const {
    for (;;) {
        const std::size_t at = text.find(secret, from);
        if (at == std::string_view::npos || secret.size() >= kShort) {
            return at;
        }
        const std::size_t end = at + secret.size();
        if ((at == 0 || !isWordPart(text[at - 1])) &&
            (end == text.size() || !isWordPart(text[end]))) {
            return at;
        }
        from = at + 1;
    }
}

std::string Secrets::hide(std::string_view text) const {
    // Marked first and replaced together: a secret may be part of another one.
    std::vector<bool> hidden(text.size(), false);
    for (const std::string& secret : secrets_) {
        for (std::size_t at = find(text, secret, 0); at != std::string_view::npos;
             at = find(text, secret, at + 1)) {
            std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), secret.size(), true);
        }
    }
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!hidden[i]) {
            result += text[i];
        } else if (i == 0 || !hidden[i - 1]) {
            result += kHidden;
        }
    }
    return result;
}

bool Secrets::isTold(std::string_view text) const {
    return std::any_of(secrets_.begin(), secrets_.end(), [&](const std::string& secret) {
        const bool isPublic = std::any_of(
            public_.begin(), public_.end(),
            [&](const std::string& shown) { return shown.find(secret) != std::string::npos; });
        return secret.size() >= kShort && !isPublic && text.find(secret) != std::string_view::npos;
    });
}

}  // namespace gnatsd::plugintest
