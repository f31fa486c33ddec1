// Flags: a table of command line flags that parses arguments and prints its own help.
//
// Accepts --name value, --name=value and, for switches, --name alone.
// Lifetime: the callbacks must stay valid while parse() runs.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::bench {

class Flags {
public:
    using Take = std::function<void(std::string_view)>;

    void add(std::string name, std::string valueName, std::string help, Take take);
    void addSwitch(std::string name, std::string help, std::function<void()> take);
    /// A heading in the help text; flags that follow belong to it.
    void group(std::string title);

    /// Answers the arguments that are no flags. Throws UsageError that names the flag.
    std::vector<std::string> parse(std::span<const char* const> arguments) const;

    std::string help() const;

private:
    struct Flag {
        std::string name;
        std::string valueName;
        std::string help;
        Take take;
        bool isHeading = false;
    };

    const Flag& find(std::string_view name) const;

    std::vector<Flag> flags_;
};

/// A count such as 5000, 20k, 2M; decimal multiples. Throws UsageError.
std::uint64_t parseCount(std::string_view text);
/// Bytes such as 128, 64K, 1M; binary multiples. Throws UsageError.
std::uint64_t parseBytes(std::string_view text);
/// A number that is not negative, with decimals allowed. Throws UsageError.
double parseNumber(std::string_view text);

}  // namespace gnatsd::bench
