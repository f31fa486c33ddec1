// writePidFile: the file that says which process serves (CLI-77).
//
// Poco's own pid file is written while options are parsed, before a port is open, and deleted at
// exit; ours says "ready" and stays.

#pragma once

#include <string>

namespace gnatsd::host {

/// Decimal pid without newline, mode 0660 less umask.
/// Throws Poco::FileException "Could not write pidfile: open PATH: REASON".
void writePidFile(const std::string& path);

}  // namespace gnatsd::host
