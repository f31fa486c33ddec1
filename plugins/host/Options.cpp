#include "plugins/host/Options.h"

namespace gnatsd::host {

std::vector<ListenAddress> effectiveListen(const Options& options) {
    std::vector<ListenAddress> addresses = options.listen;
    const conf::Map& given = options.settings;
    if (addresses.empty() && given.find("listeners") != nullptr && given.find("host") == nullptr &&
        given.find("port") == nullptr) {
        return {};
    }
    if (addresses.empty()) {
        addresses.emplace_back();
    }
    const int port = options.port == 0 ? kDefaultPort : options.port;
    for (ListenAddress& address : addresses) {
        if (address.host.empty()) {
            address.host = kDefaultHost;
        }
        if (address.port == 0) {
            address.port = port;
        }
    }
    return addresses;
}

}  // namespace gnatsd::host
