// Log files and their backups: opening, renaming, counting. Pure functions on the file system.

#pragma once

#include "plugins/host/log/Descriptor.h"
#include "plugins/host/log/LogRecord.h"

#include <string>
#include <vector>

namespace gnatsd::host {

/// Opens it for appending, creating it if missing (LOG-20). A pipe without a reader is opened too,
/// and nothing ever blocks. Throws HostError "error opening file: open X: REASON".
Descriptor openLogFile(const std::string& path);

/// The name for a backup that is made now: PATH.YYYY.MM.DD.hh.mm.ss.nnnnnnnnn, local time (LOG-30).
/// It is not the name of an existing file.
std::string backupName(const std::string& path, LogTime now);

/// The backups of `path` by that form of name, the oldest first.
std::vector<std::string> findBackups(const std::string& path);

}  // namespace gnatsd::host
