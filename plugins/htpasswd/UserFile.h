// UserFile: the users of a file as Apache's htpasswd writes it, one NAME:HASH in a line.
//
// Hashes are bcrypt (htpasswd -B), SHA-256 crypt (-2) or SHA-512 crypt (-5). The old forms, {SHA},
// MD5 and DES, and plain text are refused: who has the file would have the passwords.
//
// Threads: constant after read(), so any.

#pragma once

#include "plugins/common/Secret.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gnatsd::htpasswd {

class UserFile {
public:
    /// Throws Poco::DataFormatException, `FILE:LINE: what is wrong`, for a line that is wrong, a
    /// file without users and one that everybody may write; Poco::FileException for one that
    /// cannot be read. No part of a hash is in the text.
    static std::shared_ptr<const UserFile> read(const std::string& path);

    /// Null for a name that is not listed.
    const common::Secret* find(std::string_view name) const;

    std::size_t size() const noexcept { return users_.size(); }

    /// A hash of nothing at the cost of the users' own: checking it takes as long for a name that
    /// is not listed as for one that is.
    const common::Secret& decoy() const noexcept { return decoy_; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };

    void addLine(std::string_view line);

    std::unordered_map<std::string, common::Secret, Hash, std::equal_to<>> users_;
    common::Secret decoy_;
};

}  // namespace gnatsd::htpasswd
