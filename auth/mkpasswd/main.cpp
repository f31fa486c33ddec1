// mkpasswd: makes passwords and the bcrypt hashes that a configuration holds instead of them.
//
// Without flags it invents a password (AU-100); with -p it takes one from the terminal, asked for
// twice, or from a pipe (AU-103, AU-104).

#include "auth/bcrypt/Bcrypt.h"
#include "auth/mkpasswd/Input.h"

#include <Poco/Exception.h>
#include <cryptopp/osrng.h>

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace {

namespace mkpasswd = gnatsd::auth::mkpasswd;

constexpr int kDefaultCost = 11;
constexpr int kWeakCost = 10;  // what a cost below the least becomes (AU-102)

struct Arguments {
    bool asks = false;  // -p
    int cost = kDefaultCost;
};

std::optional<int> parseCost(std::string_view text) {
    int cost = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, cost);
    return stop == end && error == std::errc() ? std::optional(cost) : std::nullopt;
}

/// Nothing for flags that do not exist. One dash or two are the same, `-c=12` is `-c 12`.
std::optional<Arguments> parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        std::string_view flag = argv[i];
        if (!flag.starts_with('-')) {
            return std::nullopt;
        }
        flag.remove_prefix(flag.starts_with("--") ? 2 : 1);
        const std::size_t equals = flag.find('=');
        std::string_view value =
            flag.substr(equals == std::string_view::npos ? flag.size() : equals + 1);
        flag = flag.substr(0, equals);
        if (flag == "p" && (value.empty() || value == "true")) {
            arguments.asks = true;
        } else if (flag == "c") {
            if (equals == std::string_view::npos && ++i < argc) {
                value = argv[i];
            }
            const std::optional<int> cost = parseCost(value);
            if (!cost) {
                return std::nullopt;
            }
            arguments.cost = *cost;
        } else {
            return std::nullopt;
        }
    }
    return arguments;
}

// AU-101: every character equally likely.
std::string invent() {
    constexpr std::string_view kCharacters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@$#%^&*()";
    constexpr std::size_t kLength = 22;
    CryptoPP::AutoSeededRandomPool random;
    std::string password;
    while (password.size() < kLength) {
        password += kCharacters[random.GenerateWord32(0, kCharacters.size() - 1)];
    }
    return password;
}

int fail(const std::string& line) {
    std::cout.flush();
    std::cerr << line << '\n';
    return EXIT_FAILURE;
}

int run(const Arguments& arguments) {
    std::string password;
    if (arguments.asks) {
        mkpasswd::Input input = mkpasswd::readPassword();
        if (!input.problem.empty()) {
            return fail(input.problem);
        }
        password = std::move(input.password);
    } else {
        password = invent();
        std::cout << "pass: " << password << std::endl;
    }
    if (arguments.cost > gnatsd::auth::bcrypt::kMaxCost) {  // AU-102, to the letter
        return fail("Error producing bcrypt hash: crypto/bcrypt: cost " +
                    std::to_string(arguments.cost) + " is outside allowed range (4,31)");
    }
    const bool isTooLow = arguments.cost < gnatsd::auth::bcrypt::kMinCost;
    try {
        std::cout << "bcrypt hash: "
                  << gnatsd::auth::bcrypt::hash(password, isTooLow ? kWeakCost : arguments.cost)
                  << std::endl;
    } catch (const Poco::Exception& error) {
        return fail("Error producing bcrypt hash: " + error.message());
    }
    return std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
    const std::optional<Arguments> arguments = parse(argc, argv);
    if (!arguments) {  // AU-105
        return fail("Usage: mkpasswd [-p <stdin password>] [-c COST] ");
    }
    return run(*arguments);
}
