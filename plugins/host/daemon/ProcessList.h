// processesNamed: the running processes of a program, as the system lists them under /proc.
//
// Threads: any.

#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gnatsd::host {

/// The other processes that run a program of that name, whatever its folder, by number; zombies do
/// not count. Answers nothing where the system has no such list.
std::optional<std::vector<pid_t>> processesNamed(const std::string& program);

}  // namespace gnatsd::host
