#include "transports/tls/SslRecords.h"

#include <openssl/err.h>

#include <algorithm>
#include <climits>

namespace gnatsd::tls {

RecordLayer::Input SslRecords::open(Wire&, Target& target) noexcept {
    while (target.room() > 0) {
        ERR_clear_error();
        const std::span<char> next = target.next();
        const int size = SSL_read(ssl_.get(), next.data(),
                                  static_cast<int>(std::min<std::size_t>(next.size(), INT_MAX)));
        if (size > 0) {
            target.took(static_cast<std::size_t>(size));
            continue;
        }
        switch (SSL_get_error(ssl_.get(), size)) {
            case SSL_ERROR_WANT_READ:
            case SSL_ERROR_WANT_WRITE:
                return Input::goesOn;
            case SSL_ERROR_ZERO_RETURN:
                return Input::ended;
            default:
                ERR_clear_error();
                return Input::failed;
        }
    }
    return Input::goesOn;
}

bool SslRecords::seal(std::string_view bytes, Wire&) noexcept {
    ERR_clear_error();
    while (!bytes.empty()) {  // several, for a peer that wants small ones
        const int size = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
        if (size <= 0) {
            ERR_clear_error();
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

void SslRecords::close(Wire&) noexcept {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

}  // namespace gnatsd::tls
