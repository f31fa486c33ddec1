// Environment: what the parser of the configuration language asks of the world around it: variables
// and files. Tests and the fuzzer give it others.
//
// Threads: main only, before the server's threads exist (getenv).

#pragma once

#include <functional>
#include <optional>
#include <string>

namespace gnatsd::host::conf {

/// A variable of the process's environment.
std::optional<std::string> processVariable(const std::string& name);

/// A whole file, at most kMaxFile bytes of it. Throws Poco::FileNotFoundException or another
/// Poco::FileException, whose message() is `open PATH: no such file or directory` and the like.
std::string fileText(const std::string& path);

/// Above that a file is refused: nobody means to read /dev/zero.
constexpr std::size_t kMaxFile = std::size_t{256} << 20;

struct Environment {
    std::function<std::optional<std::string>(const std::string& name)> get = processVariable;
    std::function<std::string(const std::string& path)> read = fileText;
};

}  // namespace gnatsd::host::conf
