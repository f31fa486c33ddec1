// Secrets: which parts of a configuration line must not be shown. The line may be broken, so what
// is not plainly one value hides everything that follows it.
//
// Threads: pure functions.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace gnatsd::host::conf {

/// Whether a key or variable of that name holds a secret: pass..., token, secret, seed, jwt, ...
bool isSecretName(std::string_view name);

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// What to hide in a line, in order and without overlaps: values of keys with such a name, the
/// password or token in user:password@host, bcrypt hashes. A reference to a variable in capitals,
/// as in `password: $PASS`, is no secret.
std::vector<Span> secretSpans(std::string_view line);

/// Whether all of `text` is such a reference.
bool isPlainReference(std::string_view text);

}  // namespace gnatsd::host::conf
