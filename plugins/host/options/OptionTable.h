// OptionTable: the blocks of the option table, and what follows from all rows together: which flag
// a word is, and the help text.
//
// Threads: constant data.

#pragma once

#include "plugins/host/options/Key.h"

#include <string>
#include <string_view>

namespace gnatsd::host::options {

const Block& topBlock();
const Block& authorizationBlock();
const Block& clusterAuthorizationBlock();
const Block& websocketAuthorizationBlock();
const Block& userBlock();
const Block& accountBlock();
const Block& permissionsBlock();
const Block& tlsBlock();
const Block& listenerBlock();
const Block& clusterBlock();
const Block& websocketBlock();
const Block& pluginsBlock();

/// The rows of the top block, by what they are about.
std::span<const Key> serverKeys();
std::span<const Key> logKeys();
std::span<const Key> limitKeys();
std::span<const Key> blockKeys();

struct FlagRow {
    const Key* key = nullptr;
    std::string_view block;
};

/// The row of the flag of exactly that name (CLI-1); `key` is null when there is none.
FlagRow findFlag(std::string_view name);

/// A flag that was probably meant; empty when none is near.
std::string_view similarFlag(std::string_view name);

/// The whole text of `-h` (CLI-41).
std::string helpText();

}  // namespace gnatsd::host::options
