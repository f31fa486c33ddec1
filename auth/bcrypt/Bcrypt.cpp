#include "auth/bcrypt/Bcrypt.h"

#include "auth/common/BcryptForm.h"

#include <Poco/Exception.h>
#include <cryptopp/misc.h>
#include <cryptopp/secblock.h>

#include <crypt.h>
#include <memory>

namespace gnatsd::auth::bcrypt {

namespace {

/// libxcrypt's working memory, wiped when it goes.
class Work {
public:
    Work() = default;
    ~Work() { CryptoPP::SecureWipeArray(reinterpret_cast<char*>(&data_), sizeof data_); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    /// The hash of the password, or nothing; valid as long as this object.
    std::string_view run(std::string_view password, const std::string& setting) {
        const std::size_t size = std::min(password.size(), kMaxPassword);
        CryptoPP::SecBlock<char> terminated(size + 1);
        std::copy_n(password.data(), size, terminated.data());
        terminated[size] = '\0';
        const char* text = ::crypt_rn(terminated.data(), setting.c_str(), &data_, sizeof data_);
        return text == nullptr ? std::string_view() : std::string_view(text);
    }

private:
    crypt_data data_{};
};

bool hasZero(std::string_view password) noexcept {
    return password.find('\0') != std::string_view::npos;
}

constexpr std::size_t kPrefix = 4;  // "$2a$"

/// The setting under which libxcrypt computes what everybody else means. In its own `$2a$` it
/// changes the sum of rare passwords with bytes above 127, to protect against hashes made by a bug
/// of its past that other programs never had; `$2y$` is the plain algorithm.
std::string settingOf(std::string_view hash) {
    std::string setting(hash);
    if (setting[2] != 'x') {
        setting[2] = 'y';
    }
    return setting;
}

}  // namespace

std::string hash(std::string_view password, int cost) {
    if (cost < kMinCost || cost > kMaxCost) {
        throw Poco::InvalidArgumentException("cost " + std::to_string(cost) +
                                             " is outside of 4 to 31");
    }
    if (password.size() > kMaxPassword) {
        throw Poco::InvalidArgumentException("the password is longer than 72 bytes");
    }
    if (hasZero(password)) {
        throw Poco::InvalidArgumentException("the password holds a zero byte");
    }
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    // Without bytes of ours it asks the system for random ones.
    if (::crypt_gensalt_rn("$2y$", static_cast<unsigned long>(cost), nullptr, 0, setting,
                           sizeof setting) == nullptr) {
        throw Poco::SystemException("the system gives no random bytes");
    }
    const auto work = std::make_unique<Work>();
    std::string text(work->run(password, setting));
    if (!common::isWholeBcrypt(text)) {
        throw Poco::SystemException("libcrypt cannot make bcrypt hashes");
    }
    return text.replace(0, kPrefix, "$2a$");
}

bool verify(std::string_view hash, std::string_view password) {
    if (!common::isWholeBcrypt(hash)) {
        return false;
    }
    const auto work = std::make_unique<Work>();
    const std::string_view made = work->run(password, settingOf(hash));
    if (made.size() != hash.size()) {
        return false;
    }
    const bool same = CryptoPP::VerifyBufsEqual(
        reinterpret_cast<const CryptoPP::byte*>(made.data() + kPrefix),
        reinterpret_cast<const CryptoPP::byte*>(hash.data() + kPrefix), hash.size() - kPrefix);
    // libcrypt ends a password at its first zero byte: "secret\0anything" would be "secret".
    return same && !hasZero(password);
}

}  // namespace gnatsd::auth::bcrypt
