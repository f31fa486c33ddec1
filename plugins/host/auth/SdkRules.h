// SdkRules: rules as plug-ins write them, in the form that the kernel enforces.
//
// Threads: pure function.

#pragma once

#include "kernel/Permissions.h"
#include <gnatsd/PermissionProvider.h>

#include <memory>

namespace gnatsd::host::auth {

/// Throws Poco::DataFormatException, whose text names the subject that is none.
std::shared_ptr<const kernel::Permissions> compileRules(const sdk::PermissionRules& rules);

}  // namespace gnatsd::host::auth
