#include "transports/tls/Certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <memory>

namespace gnatsd::tls {

namespace {

using Names = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

std::string textOf(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

void addNames(GENERAL_NAMES* from, int type, std::vector<std::string>& names) {
    for (int i = 0; i < sk_GENERAL_NAME_num(from); ++i) {
        int found = 0;
        const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(from, i), &found);
        if (found != type) {
            continue;
        }
        std::string name = textOf(static_cast<const ASN1_STRING*>(value));
        // A name that holds a NUL wants to be taken for another.
        if (!name.empty() && name.find('\0') == std::string::npos) {
            names.push_back(std::move(name));
        }
    }
}

std::string commonNameOf(X509* certificate) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    int last = -1;
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
        last = at;
    }
    if (last < 0) {
        return {};
    }
    unsigned char* utf8 = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
    std::string name;
    if (size > 0) {
        name.assign(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    }
    OPENSSL_free(utf8);
    return name;
}

}  // namespace

std::string subjectOf(X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    constexpr unsigned long kForm =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, kForm);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

kernel::PeerIdentity identityOf(X509* certificate) {
    kernel::PeerIdentity identity;
    identity.subject = subjectOf(certificate);
    identity.commonName = commonNameOf(certificate);
    const Names names(static_cast<GENERAL_NAMES*>(
                          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
                      &GENERAL_NAMES_free);
    for (const int type : {GEN_EMAIL, GEN_DNS, GEN_URI}) {
        addNames(names.get(), type, identity.names);
    }
    ERR_clear_error();
    return identity;
}

std::string keyFingerprint(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) {
        ERR_clear_error();
        return {};
    }
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(der, static_cast<std::size_t>(size), digest);
    OPENSSL_free(der);
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

int daysLeft(const X509* certificate) {
    int days = 0;
    int seconds = 0;
    ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate));
    ERR_clear_error();
    return seconds < 0 ? days - 1 : days;
}

}  // namespace gnatsd::tls
