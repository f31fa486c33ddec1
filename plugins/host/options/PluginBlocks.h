// PluginBlocks: the blocks of a run as plug-ins get them, by the names that StandardPlugins uses.
//
// A list or map that is there but empty shows as the empty text, so that a plug-in can tell
// "nobody" from "not given" (OPT-87): has("users") answers true then.
//
// Threads: main only.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/PluginSpec.h"

#include <string>

namespace gnatsd::host::options {

/// client: listen.N.host and .port, tls, allow_non_tls; listen.N.name, .tls and .allow_non_tls of
/// those in `listeners`. tls: the block; listeners.N.name and .tls. authorization: the block, with
/// accounts, no_auth_user and strict_permissions. cluster, websocket: the blocks. monitor:
/// http_host, http_port, https_host, https_port, http_base_path. Without a port the last three are
/// left out, and authorization when nobody is named.
ConfigBlocks pluginBlocks(const Options& options);

/// The settings that the file has for an external plug-in; empty when it has none.
ConfigPtr externalBlock(const Options& options, const std::string& name);

}  // namespace gnatsd::host::options
