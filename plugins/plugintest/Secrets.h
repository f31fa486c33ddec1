// Secrets: the secrets of a script, and texts without them.
//
// Threads: filled on main, constant afterwards.

#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace gnatsd::plugintest {

class Secrets {
public:
    static constexpr const char* kHidden = "***";

    void add(const std::string& secret);
    /// Something that may be shown, such as a user's name or a path; who shows a secret that is a
    /// part of it gives nothing away.
    void addPublic(const std::string& text);

    /// The text with every secret replaced. Short ones are replaced where they are a word.
    std::string hide(std::string_view text) const;

    /// Whether the text shows a secret, as far as that can be told: short ones may be there by
    /// chance.
    bool isTold(std::string_view text) const;

private:
    static constexpr std::size_t kShort = 4;

    std::size_t find(std::string_view text, const std::string& secret, std::size_t from) const;

    std::set<std::string> secrets_;
    std::set<std::string> public_;
};

}  // namespace gnatsd::plugintest
