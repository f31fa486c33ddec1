// Reading entries of a file by the rows of the table: names, types, ranges. What is right lands
// under its first name, and a later entry for the same setting replaces an earlier one (OPT-3).
//
// Threads: pure functions but for what they report to.

#pragma once

#include "plugins/host/options/Key.h"
#include "plugins/host/options/Problems.h"

#include <optional>
#include <string>

namespace gnatsd::host::options {

/// Reads all entries of a map by the rows of a block. An unknown key is an error unless a variable
/// referred to it (OPT-4).
void readBlock(const Block& block, const conf::Map& entries, Reading& reading);

/// Reads one entry by its row.
void readEntry(const Key& key, const conf::Entry& entry, Reading& reading);

/// Puts a setting; one that is empty or zero is dropped instead: the default holds (OPT-10).
void settle(const Key& key, conf::Value value, Reading& reading);

/// `expected WHAT for "NAME", got TYPE` (OPT-5).
void wrongType(const conf::Entry& entry, const char* wanted, Reading& reading);

/// The strings of a string or a list of strings; nothing after reporting what is no string.
std::optional<conf::Array> readTexts(const conf::Entry& entry, bool mayBeOne, Reading& reading);

/// The map in an entry, or null after reporting that it is none.
const conf::Map* readMap(const conf::Entry& entry, Reading& reading);

}  // namespace gnatsd::host::options
