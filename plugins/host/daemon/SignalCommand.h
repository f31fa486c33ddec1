// signalCommand: `--signal CMD[=PID]`: tells a running server what to do (CLI-87).
//
// Threads: any.

#pragma once

#include <string>

namespace gnatsd::host {

/// Sends the signal of CMD to the process that PID names: its number, the path of a pid file, or
/// with `*` at the end all running servers whose number begins like that. Without PID the only
/// other process that runs a program of that name gets it.
/// Throws Poco::RuntimeException with the texts of CLI-87.
void sendSignal(const std::string& argument, const std::string& program);

/// The same for the running program, whose path is `executable`, as a command: prints nothing and
/// answers 0, or prints why not to standard error and answers 1.
int signalCommand(const std::string& argument, const std::string& executable);

}  // namespace gnatsd::host
