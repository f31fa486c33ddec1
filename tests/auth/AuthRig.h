// AuthRig: the product's own auth plug-ins in a plug-in host of their own, asked as the chain does.
//
// Threads: one; ask() from any.

#pragma once

#include "plugins/host/PluginHost.h"
#include "tests/plugins/Fixtures.h"
#include <gnatsd/Authenticator.h>
#include <gnatsd/PermissionProvider.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::tests {

using Settings = std::vector<std::pair<std::string, std::string>>;

class AuthRig {
public:
    /// Loads, starts and opens those plug-ins, all with the same settings. Throws
    /// host::HostError when the server would not start.
    explicit AuthRig(const Settings& settings, const std::vector<std::string>& plugins = all());

    static const std::vector<std::string>& all();

    /// "accept USER", "accept USER@ACCOUNT", "reject REASON", or "abstain REASON" when nobody
    /// decided, with the last reason that was given.
    std::string ask(const sdk::ConnectRequest& request);
    sdk::AuthResult resultOf(const sdk::ConnectRequest& request);

    /// Those of the one that decides, or would: the first that is slow makes it slow.
    sdk::Cost cost(const sdk::ConnectRequest& request);

    std::shared_ptr<const sdk::PermissionRules> rules(std::string_view user,
                                                      std::string_view account = {});

    /// Throws host::HostError when the reload is refused.
    void reload(const Settings& settings);

    template <class T>
    std::shared_ptr<T> service(std::string_view name) {
        return host_->registry().find<T>(name).lock();
    }
    RecordingLog& log() noexcept { return log_; }

private:
    const std::vector<std::string> plugins_;
    RecordingLog log_;
    std::unique_ptr<host::PluginHost> host_;
};

/// The settings as a configuration without a file.
host::ConfigPtr configOf(const Settings& settings);

/// Why the server does not start with these; "started" when it does.
std::string startProblem(const Settings& settings,
                         const std::vector<std::string>& plugins = AuthRig::all());

sdk::ConnectRequest withPassword(std::string_view user, std::string_view password);
sdk::ConnectRequest withToken(std::string_view token);
sdk::ConnectRequest withNothing();

}  // namespace gnatsd::tests
