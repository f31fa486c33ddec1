#include "transports/tls/TlsContext.h"

#include "transports/tls/Certificate.h"
#include "transports/tls/CipherNames.h"
#include "transports/tls/HandshakeNotes.h"
#include "transports/tls/TlsError.h"
#include "transports/tls/TlsStream.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetSSL.h>
#include <openssl/err.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace gnatsd::tls {

namespace {

constexpr const char* kPair = "error parsing X509 certificate/key pair: ";
constexpr unsigned char kSessionName[] = "gnatsd";

std::string contentOf(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void requireReadable(const std::string& file, const std::string& prefix) {
    errno = 0;
    const std::ifstream in(file, std::ios::binary);
    if (!in) {
        std::string why = std::generic_category().message(errno);
        if (!why.empty()) {
            why.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(why.front())));
        }
        throw Poco::OpenFileException(prefix + "open " + file + ": " + why);
    }
}

/// Only here does OpenSSL say the secrets that Tls13Records goes on with. They stay in memory.
void noteSecrets(const SSL* ssl, const char* line) {
    if (auto* notes = static_cast<HandshakeNotes*>(SSL_get_app_data(ssl))) {
        notes->onKeyLine(line);
    }
}

/// A key with a passphrase: nobody is there to type it.
int noPassphrase(char*, int, int, void*) {
    return -1;
}

Poco::Net::Context::Params parameters(const TlsSettings& settings) {
    // Never to be given back: the last one to go would unload what others still use.
    static const bool initialized = (Poco::Net::initializeSSL(), true);
    static_cast<void>(initialized);
    Poco::Net::Context::Params params;
    params.verificationMode = Poco::Net::Context::VERIFY_NONE;  // askForCertificates() says more
    params.loadDefaultCAs = settings.caFile.empty() && settings.wantsCertificates();
    params.dhUse2048Bits = true;
    const std::string ciphers = cipherList(settings.cipherSuites);
    params.cipherList = ciphers.empty() ? defaultCipherList() : ciphers;
    return params;
}

}  // namespace

std::shared_ptr<const TlsContext> TlsContext::make(const TlsSettings& settings) {
    return std::shared_ptr<const TlsContext>(new TlsContext(settings));
}

TlsContext::TlsContext(const TlsSettings& settings)
    : settings_(settings),
      contents_(readFiles(settings)),
      nobody_(std::make_shared<kernel::PeerIdentity>()) {
    peer = settings.peer;
    timeout = settings.timeout;
    hello = settings.hello;
    silence = settings.silence;
    verify = settings.wantsCertificates();
    mapsUsers = settings.verifyAndMap;
    const Poco::Net::Context::Params params = parameters(settings);
    poco_ = new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, params);
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb(native(), noPassphrase);
    SSL_CTX_set_keylog_callback(native(), noteSecrets);
    loadCertificate();
    loadAuthorities();
    askForCertificates();
    setCiphers();
    ERR_clear_error();
}

std::string TlsContext::readFiles(const TlsSettings& settings) {
    std::string all;
    for (const std::string& file : {settings.certFile, settings.keyFile, settings.caFile}) {
        const std::string content = file.empty() ? std::string() : contentOf(file);
        all += std::to_string(content.size()) + ":" + content;
    }
    return all;
}

void TlsContext::loadCertificate() {
    requireReadable(settings_.certFile, kPair);
    requireReadable(settings_.keyFile, kPair);
    if (SSL_CTX_use_certificate_chain_file(native(), settings_.certFile.c_str()) != 1) {
        throw Poco::DataFormatException(kPair + settings_.certFile + ": " + lastProblem());
    }
    if (SSL_CTX_use_PrivateKey_file(native(), settings_.keyFile.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(native()) != 1) {
        throw Poco::DataFormatException(kPair + settings_.keyFile + ": " + lastProblem());
    }
}

void TlsContext::loadAuthorities() {
    if (settings_.caFile.empty()) {
        return;
    }
    constexpr const char* kProblem = "failed to parse root ca certificate";
    requireReadable(settings_.caFile, std::string(kProblem) + ": ");
    STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(settings_.caFile.c_str());
    if (names == nullptr ||
        SSL_CTX_load_verify_locations(native(), settings_.caFile.c_str(), nullptr) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        throw Poco::DataFormatException(kProblem +
                                        (": " + settings_.caFile + ": " + lastProblem()));
    }
    SSL_CTX_set_client_CA_list(native(), names);
}

void TlsContext::askForCertificates() {
    int mode = SSL_VERIFY_NONE;
    if (settings_.wantsCertificates()) {
        mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
        SSL_CTX_set_cert_verify_callback(native(), onVerify, this);
    }
    SSL_CTX_set_verify(native(), mode, nullptr);
}

void TlsContext::setCiphers() {
    SSL_CTX* context = native();
    SSL_CTX_set_min_proto_version(
        context, settings_.only13 || cipherList(settings_.cipherSuites).empty() ? TLS1_3_VERSION
                                                                                : TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(context, 0);
    SSL_CTX_set_ciphersuites(context, tls13Suites().c_str());
    if (SSL_CTX_set1_groups_list(context, curveList(settings_.curves).c_str()) != 1) {
        throw Poco::InvalidArgumentException("curve_preferences: " + lastProblem());
    }
    SSL_CTX_set_options(
        context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    setSessions();
}

/// Sessions are in the clients' tickets, none here. Whoever resumes one is not asked for a
/// certificate again, so they end with the context: at a reload, at new files, once a day.
void TlsContext::setSessions() {
    SSL_CTX* context = native();
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, kSessionName, sizeof kSessionName - 1);
    SSL_CTX_set_num_tickets(context, settings_.tickets ? 1 : 0);
    if (!settings_.tickets) {
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    }
}

/// For handshakeProblem(): OpenSSL drops a certificate that is refused.
void TlsContext::noteCertificate(X509_STORE_CTX* store) {
    const auto* ssl = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    X509* certificate = X509_STORE_CTX_get0_cert(store);
    if (auto* notes = static_cast<HandshakeNotes*>(SSL_get_app_data(ssl)); notes && certificate) {
        notes->subject = subjectOf(certificate);
    }
}

/// The chain, unless only the key counts, and then the key.
int TlsContext::onVerify(X509_STORE_CTX* store, void* self) {
    const auto& context = *static_cast<const TlsContext*>(self);
    noteCertificate(store);
    if (context.settings_.verify) {
        const int verified = X509_verify_cert(store);
        if (verified <= 0) {
            return verified;
        }
    }
    if (!context.isPinned(X509_STORE_CTX_get0_cert(store))) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
        return 0;
    }
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

bool TlsContext::isPinned(X509* certificate) const {
    const auto& pins = settings_.pinnedCerts;
    return pins.empty() ||
           (certificate != nullptr &&
            std::find(pins.begin(), pins.end(), keyFingerprint(certificate)) != pins.end());
}

std::unique_ptr<reactor::SecureStream> TlsContext::secure(
    std::unique_ptr<reactor::Stream> plain) const {
    return std::make_unique<TlsStream>(std::move(plain), shared_from_this());
}

bool TlsContext::admit() const noexcept {
    if (settings_.connectionRate == 0) {
        return true;
    }
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    const std::uint64_t second = static_cast<std::uint64_t>(now.count()) << 32U;
    std::uint64_t before = admitted_.load();
    std::uint64_t after = 0;
    do {
        after = (before >> 32U << 32U) == second ? before + 1 : second + 1;
        if ((after & 0xFFFFFFFFU) > settings_.connectionRate) {
            return false;
        }
    } while (!admitted_.compare_exchange_weak(before, after));
    return true;
}

std::shared_ptr<const kernel::PeerIdentity> TlsContext::peerOf(SSL* ssl) const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl),
                                                                  &X509_free);
    if (certificate == nullptr) {
        return nobody_;
    }
    auto identity = std::make_shared<kernel::PeerIdentity>(identityOf(certificate.get()));
    identity->maps = settings_.verifyAndMap;
    return identity;
}

int TlsContext::daysLeft() const {
    return tls::daysLeft(SSL_CTX_get0_certificate(native()));
}

}  // namespace gnatsd::tls
