// TlsContext: one state of the `tls` block and of the files it names, ready to secure connections.
//
// Poco's Context holds certificate, key, authorities and options; the bytes are TlsStream's.
//
// Threads: constant once made, but for a counter; any. Lifetime: shared by the plug-in and by
// connections until their handshake is done; OpenSSL keeps what a stream needs after that.

#pragma once

#include "kernel/PeerIdentity.h"
#include "transports/reactor/StreamUpgrade.h"
#include "transports/tls/TlsSettings.h"

#include <Poco/Net/Context.h>
#include <openssl/ssl.h>

#include <atomic>
#include <memory>
#include <string>

namespace gnatsd::tls {

class TlsContext final : public reactor::Security, public std::enable_shared_from_this<TlsContext> {
public:
    /// Reads the files. Throws Poco::Exception, in the words of OPT-126.
    static std::shared_ptr<const TlsContext> make(const TlsSettings& settings);

    std::unique_ptr<reactor::SecureStream> secure(
        std::unique_ptr<reactor::Stream> plain) const override;
    bool admit() const noexcept override;

    SSL_CTX* native() const { return poco_->sslContext(); }
    const TlsSettings& settings() const noexcept { return settings_; }

    /// Who the peer of this finished handshake is.
    std::shared_ptr<const kernel::PeerIdentity> peerOf(SSL* ssl) const;

    /// Of the server's certificate; negative: it has expired.
    int daysLeft() const;
    /// The bytes of all the files it was made from.
    const std::string& fileContents() const noexcept { return contents_; }

    /// Those of the files that these settings name; what cannot be read counts as empty.
    static std::string readFiles(const TlsSettings& settings);

private:
    explicit TlsContext(const TlsSettings& settings);

    void loadCertificate();
    void loadAuthorities();
    void askForCertificates();
    void setCiphers();
    void setSessions();
    static void noteCertificate(X509_STORE_CTX* store);
    static int onVerify(X509_STORE_CTX* store, void* self);
    bool isPinned(X509* certificate) const;

    const TlsSettings settings_;
    const std::string contents_;
    Poco::Net::Context::Ptr poco_;
    const std::shared_ptr<const kernel::PeerIdentity> nobody_;  // of peers without certificate
    mutable std::atomic<std::uint64_t> admitted_{0};            // second << 32 | count in it
};

}  // namespace gnatsd::tls
