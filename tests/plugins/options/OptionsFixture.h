// What the tests of options share: a configuration as text, flags as words, and what comes of both.
//
// Threads: one.

#pragma once

#include "plugins/host/options/LoadOptions.h"

#include <string>
#include <vector>

namespace gnatsd::tests {

using Words = std::vector<std::string>;

/// Options from a text that counts as the file `x.conf`, in a build that has every plug-in.
host::LoadedOptions loadText(const std::string& text, const Words& arguments = {});

/// The same, in a build that has only these plug-ins.
host::LoadedOptions loadWith(const Words& plugins, const std::string& text,
                             const Words& arguments = {});

/// Fails the test when there are errors or warnings.
host::Options optionsOf(const std::string& text, const Words& arguments = {});

/// The errors, one line each.
std::string errorsOf(const std::string& text, const Words& arguments = {});

/// Fails the test unless exactly these errors come.
void assertErrors(const Words& expected, const std::string& text, const Words& arguments = {});

/// A setting in its final form, by its path; lists with blanks between; "-" when it is not set.
std::string setting(const host::Options& options, const std::string& path);

}  // namespace gnatsd::tests
