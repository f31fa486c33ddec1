// systemErrorText: what errno says, in the words that NATS servers print.

#pragma once

#include <string>

namespace gnatsd::host {

/// The system's text with a lower-case first letter: "no such file or directory" (CLI-63, CLI-65).
std::string systemErrorText(int error);

}  // namespace gnatsd::host
