// KeySet: the public keys of an issuer, from a JWKS file: RSA of at least 2048 bits for RS256,
// P-256 for ES256. Keys of other kinds and those that are not for signatures are passed over.
//
// Threads: constant after it was made, so any.

#pragma once

#include <Poco/Crypto/ECKey.h>
#include <Poco/Crypto/RSAKey.h>
#include <Poco/JSON/Object.h>
#include <Poco/SharedPtr.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::oidc {

struct Key {
    std::string id;         // may be empty
    std::string algorithm;  // RS256 or ES256
    Poco::SharedPtr<Poco::Crypto::RSAKey> rsa;
    Poco::SharedPtr<Poco::Crypto::ECKey> ec;
};

class KeySet {
public:
    /// Throws Poco::DataFormatException, with the file's name, when it cannot be read, is no key
    /// set, has a broken key, one id twice, or no key of use.
    static std::shared_ptr<const KeySet> read(const std::string& path);

    std::size_t size() const noexcept { return keys_.size(); }

    /// With that id; a token without one gets the only key for its algorithm. Null when there is
    /// none, or more than one.
    const Key* find(const std::string& id, const std::string& algorithm) const;

    /// Whether any key has that id, for whatever algorithm.
    bool knows(const std::string& id) const;

private:
    void add(const Poco::JSON::Object& json);

    std::vector<Key> keys_;
};

}  // namespace gnatsd::oidc
