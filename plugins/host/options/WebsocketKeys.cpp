// The rows of `websocket` (section 7 of OPT).

#include "plugins/host/options/Checks.h"
#include "plugins/host/options/OptionTable.h"

namespace gnatsd::host::options {

namespace {

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"listen"}, .kind = Kind::address, .parts = {"host", "port"}},
    {.names = {"port"}, .kind = Kind::integer, .needs = "websocket"},
    {.names = {"host", "net"}},
    {.names = {"advertise"}, .check = checkHostPort},
    {.names = {"no_tls"}, .kind = Kind::boolean},
    {.names = {"tls"}, .kind = Kind::block, .block = tlsBlock, .needs = "tls"},
    {.names = {"same_origin"}, .kind = Kind::boolean},
    {.names = {"allowed_origins", "allowed_origin", "allow_origins", "allow_origin", "origins",
               "origin"},
     .kind = Kind::texts},
    {.names = {"handshake_timeout"}, .kind = Kind::time},
    {.names = {"compression", "compress"}, .kind = Kind::boolean},
    {.names = {"authorization", "authentication"}, .kind = Kind::block,
     .block = websocketAuthorizationBlock},
    {.names = {"no_auth_user"}},
    {.names = {"jwt_cookie"}, .kind = Kind::ignored},
};
// clang-format on

constexpr Block kBlock{"websocket", {kKeys}};

}  // namespace

const Block& websocketBlock() {
    return kBlock;
}

}  // namespace gnatsd::host::options
