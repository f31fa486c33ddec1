#include "tests/support/TlsFiles.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <system_error>
#include <utility>

namespace gnatsd::tests {

namespace {

template <class T, void (*Free)(T*)>
struct Freed {
    void operator()(T* one) const { Free(one); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Out = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;

void need(bool done, const char* what) {
    if (!done) {
        throw std::runtime_error(std::string("cannot make a certificate: ") + what);
    }
}

template <class T, class Read>
T readPem(const std::string& path, Read read) {
    const Out in(BIO_new_file(path.c_str(), "r"));
    need(in != nullptr, path.c_str());
    return T(read(in.get(), nullptr, nullptr, nullptr));
}

void addSubject(X509_NAME* name, const std::string& subject) {
    std::istringstream parts(subject);
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t equals = part.find('=');
        need(X509_NAME_add_entry_by_txt(
                 name, part.substr(0, equals).c_str(), MBSTRING_UTF8,
                 reinterpret_cast<const unsigned char*>(part.c_str() + equals + 1), -1, -1, 0) == 1,
             "subject");
    }
}

void addExtension(X509* certificate, int kind, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    need(extension != nullptr, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

TlsFiles::TlsFiles(std::filesystem::path folder) : folder_(std::move(folder)) {
    if (folder_.empty()) {
        std::string name = (std::filesystem::temp_directory_path() / "gnatsd-tls-XXXXXX").string();
        need(::mkdtemp(name.data()) != nullptr, name.c_str());
        own_ = folder_ = name;
    }
    make("ca", {.subject = "O=Test,CN=Test CA", .names = "", .issuer = "ca"});
    make("server", {});
    make("client", {.subject = "O=Acme,OU=Eng,CN=erin",
                    .names = "email:erin@example.com,DNS:erin.example.com"});
}

TlsFiles::~TlsFiles() {
    if (!own_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(own_, ignored);
    }
}

void TlsFiles::make(const std::string& name, const Wish& wish) {
    constexpr long kDay = 24L * 60 * 60;
    const Key made(EVP_EC_gen("P-256"));
    const Cert certificate(X509_new());
    std::random_device random;
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), static_cast<long>(random() >> 2U));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.daysFrom * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.daysTo * kDay);
    X509_set_pubkey(certificate.get(), made.get());
    addSubject(X509_get_subject_name(certificate.get()), wish.subject);
    const bool isCa = wish.issuer == name;
    addExtension(certificate.get(), NID_basic_constraints,
                 isCa ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!wish.names.empty()) {
        addExtension(certificate.get(), NID_subject_alt_name, wish.names);
    }
    if (isCa) {
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
        need(X509_sign(certificate.get(), made.get(), EVP_sha256()) > 0, "signature");
    } else {
        const Cert issuer = readPem<Cert>(pem(wish.issuer), PEM_read_bio_X509);
        const Key signer = readPem<Key>(key(wish.issuer), PEM_read_bio_PrivateKey);
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
        need(X509_sign(certificate.get(), signer.get(), EVP_sha256()) > 0, "signature");
    }
    const Out pemFile(BIO_new_file(pem(name).c_str(), "w"));
    const Out keyFile(BIO_new_file(key(name).c_str(), "w"));
    need(PEM_write_bio_X509(pemFile.get(), certificate.get()) == 1, "file");
    need(PEM_write_bio_PrivateKey(keyFile.get(), made.get(), nullptr, nullptr, 0, nullptr,
                                  nullptr) == 1,
         "key file");
}

std::string TlsFiles::fingerprint(const std::string& name) const {
    const Cert certificate = readPem<Cert>(pem(name), PEM_read_bio_X509);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(X509_get0_pubkey(certificate.get()), &der);
    need(size > 0, "public key");
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(der, static_cast<std::size_t>(size), digest);
    OPENSSL_free(der);
    std::string text;
    for (const unsigned char byte : digest) {
        constexpr const char* kDigits = "0123456789ABCDEF";
        text += kDigits[byte / 16];
        text += kDigits[byte % 16];
    }
    return text;
}

}  // namespace gnatsd::tests
