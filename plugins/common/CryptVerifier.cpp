#include "plugins/common/CryptVerifier.h"

#include "plugins/common/Secret.h"

#include <algorithm>
#include <crypt.h>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::common {

namespace {

constexpr std::size_t kMaxBcrypt = 72;     // bytes of a password that count
constexpr std::size_t kMaxPassword = 512;  // libcrypt's own limit

bool isBcrypt(std::string_view secret) noexcept {
    constexpr std::string_view kAlphabet =
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    return secret.size() == 60 && secret.starts_with("$2") &&
           std::string_view("aby").find(secret[2]) != std::string_view::npos && secret[3] == '$' &&
           secret[4] >= '0' && secret[4] <= '3' && secret[5] >= '0' && secret[5] <= '9' &&
           secret[6] == '$' && secret.find_first_not_of(kAlphabet, 7) == std::string_view::npos;
}

bool isShaCrypt(std::string_view secret) noexcept {
    const std::size_t sum = secret.starts_with("$5$") ? 43 : secret.starts_with("$6$") ? 86 : 0;
    const std::size_t last = secret.rfind('$');
    return sum != 0 && last > 2 && secret.size() - last - 1 == sum;
}

/// libcrypt's working memory and a terminated password, wiped when they go.
struct Work {
    explicit Work(std::string_view password) : terminated(password.begin(), password.end()) {
        terminated.push_back('\0');
    }
    ~Work() {
        wipe(terminated.data(), terminated.size());
        wipe(&data, sizeof data);
    }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    std::vector<char> terminated;
    crypt_data data{};
};

}  // namespace

bool CryptVerifier::claims(std::string_view secret) const noexcept {
    return isBcrypt(secret) || isShaCrypt(secret);
}

bool CryptVerifier::verify(std::string_view secret, std::string_view password) const {
    std::string setting(secret);
    if (isBcrypt(secret)) {
        setting[2] = 'y';  // libcrypt's own $2a$ differs for rare passwords with bytes above 127
        password = password.substr(0, kMaxBcrypt);
    }
    // A terminated text ends at its first zero byte: "secret\0anything" would be "secret".
    const bool isWhole =
        password.find('\0') == std::string_view::npos && password.size() <= kMaxPassword;
    const auto work = std::make_unique<Work>(isWhole ? password : std::string_view());
    const char* made = ::crypt_rn(work->terminated.data(), setting.c_str(), &work->data,
                                  static_cast<int>(sizeof work->data));
    return made != nullptr && sameText(made, setting) && isWhole;
}

std::string decoyOf(std::string_view hash) {
    constexpr std::size_t kBcryptSum = 31;
    const bool isBcrypt = hash.starts_with("$2");
    const std::size_t kept = isBcrypt ? hash.size() - kBcryptSum : hash.rfind('$') + 1;
    return std::string(hash.substr(0, kept)) + std::string(hash.size() - kept, '.');
}

}  // namespace gnatsd::common
