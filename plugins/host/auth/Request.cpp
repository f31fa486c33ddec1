#include "plugins/host/auth/Request.h"

#include <utility>

namespace gnatsd::host::auth {

namespace {

void wipe(std::string& text) noexcept {
    text.resize(text.capacity());
    // Volatile: or the compiler drops it, as nobody reads the bytes any more.
    volatile char* bytes = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) {
        bytes[i] = 0;
    }
}

}  // namespace

Request::Request(kernel::AuthRequest asked) : asked_(std::move(asked)) {}

Request::~Request() {
    wipe(asked_.connect.pass);
    wipe(asked_.connect.authToken);
    wipe(asked_.connect.sig);
    wipe(asked_.connect.jwt);
}

sdk::ConnectRequest Request::view(bool isRecheck) const {
    sdk::ConnectRequest view;
    view.user = asked_.connect.user;
    view.password = asked_.connect.pass;
    view.token = asked_.connect.authToken;
    view.nkey = asked_.connect.nkey;
    view.signature = asked_.connect.sig;
    view.jwt = asked_.connect.jwt;
    view.nonce = asked_.nonce;
    view.clientName = asked_.connect.name;
    view.clientLanguage = asked_.connect.lang;
    view.clientVersion = asked_.connect.version;
    view.peerAddress = asked_.peerAddress;
    view.isRecheck = isRecheck;
    view.transport = "tcp";
    if (asked_.peer != nullptr) {
        view.transport = "tls";
        view.tlsSubject = asked_.peer->subject;
        view.tlsCommonName = asked_.peer->commonName;
        view.tlsNames = asked_.peer->names;
        view.tlsMaps = asked_.peer->maps;
    }
    return view;
}

std::string Request::label() const {
    std::string label = asked_.peerAddress + " - cid:" + std::to_string(asked_.clientId);
    if (const std::string client = asked_.connect.label(); !client.empty()) {
        label += " - " + client;
    }
    return label;
}

}  // namespace gnatsd::host::auth
