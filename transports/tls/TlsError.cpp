#include "transports/tls/TlsError.h"

#include "kernel/Text.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace gnatsd::tls {

namespace {

/// The codes of alerts that the peer sent begin here.
constexpr int kAlerts = SSL_AD_REASON_OFFSET;

std::string verifyProblem(SSL* ssl, const std::string& subject, const std::string& peer) {
    const long result = SSL_get_verify_result(ssl);
    const std::string text =
        "the " + peer + "'s certificate " + kernel::quote(subject) + " is refused: ";
    if (result == X509_V_ERR_APPLICATION_VERIFICATION) {
        return text + "its key is not in 'pinned_certs'";
    }
    return text + X509_verify_cert_error_string(result);
}

/// Of those that have words of ours.
std::string textOf(int reason, const std::string& peer) {
    switch (reason) {
        case SSL_R_NO_SHARED_CIPHER:
            return "no shared cipher: the " + peer + " offers no cipher suite that is allowed here";
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_VERSION_TOO_LOW:
            return "the " + peer + " offers only old versions of TLS";
        case SSL_R_NO_SUITABLE_KEY_SHARE:
        case SSL_R_NO_SHARED_GROUPS:
            return "no shared curve: the " + peer + " offers none that is allowed here";
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return "the " + peer + " didn't provide a certificate";
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_HTTP_REQUEST:
            return "the " + peer + " does not speak TLS";
        default:
            return {};
    }
}

}  // namespace

std::string handshakeProblem(SSL* ssl, const HandshakeNotes& notes, const std::string& peer) {
    const unsigned long code = ERR_peek_error();
    std::string text;
    if (code == 0) {
        text = "the " + peer + " closed the connection";
    } else if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
        const int reason = ERR_GET_REASON(code);
        if (reason > kAlerts) {
            text = "the " + peer + " refuses: " + SSL_alert_desc_string_long(reason - kAlerts);
        } else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
            text = verifyProblem(ssl, notes.subject, peer);
        } else {
            text = textOf(reason, peer);
        }
    }
    if (text.empty()) {
        const char* reason = ERR_reason_error_string(code);
        text = reason != nullptr ? reason : "unknown error";
    }
    ERR_clear_error();
    return text;
}

std::string lastProblem() {
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    std::string text = reason != nullptr ? reason : "unknown error";
    ERR_clear_error();
    return text;
}

}  // namespace gnatsd::tls
