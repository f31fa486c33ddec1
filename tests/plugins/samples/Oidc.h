// What the tests of the OIDC plug-in share: an issuer with an RSA and a P-256 key, and a server
// that knows it.
//
// Threads: confined.

#pragma once

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/samples/SigningKey.h"

#include <chrono>
#include <filesystem>
#include <string>

namespace gnatsd::tests {

inline long long secondsFromNow(long long seconds) {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
               .count() +
           seconds;
}

/// Claims that count for an hour; `more` begins with a comma.
inline std::string claimsOf(const std::string& user, const std::string& more = {}) {
    return R"({"iss":"https://login.test/","aud":"nats","sub":")" + user + R"(","exp":)" +
           std::to_string(secondsFromNow(3600)) + more + "}";
}

class OidcIssuer {
public:
    OidcIssuer() { publish(jwks()); }

    const SigningKey& rsa() const { return keys().first; }
    const SigningKey& ec() const { return keys().second; }

    std::string jwks() const {
        return R"({"keys":[)" + rsa().jwk("r1", R"(,"use":"sig","alg":"RS256")") + "," +
               ec().jwk("e1") + R"(,{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"o1"}]})";
    }

    /// Writes the file of keys, as a whole.
    void publish(const std::string& text) const {
        writeFile(file() + ".new", text);
        std::filesystem::rename(file() + ".new", file());
    }

    std::string file() const { return folder_.file("jwks.json"); }

    std::string rs256(const std::string& claims) const {
        return rsa().token(R"({"alg":"RS256","typ":"JWT","kid":"r1"})", claims);
    }
    std::string es256(const std::string& claims) const {
        return ec().token(R"({"alg":"ES256","kid":"e1"})", claims);
    }

    /// A file for the server; `more` are further settings, `rest` the rest of the file.
    std::string config(const std::string& more = {}, const std::string& rest = {}) const {
        return "plugins {\n  load: [oidc]\n  oidc {\n    jwks_file: \"" + file() +
               "\"\n    issuer: \"https://login.test/\", check_interval: 20ms\n" +
               (more.find("audience") == std::string::npos ? "    audience: nats\n" : "") + more +
               "\n  }\n}\nauth_slow_down: false\n" + rest;
    }

private:
    /// RSA keys take their time.
    static const std::pair<SigningKey, SigningKey>& keys() {
        static const std::pair<SigningKey, SigningKey> kKeys(SigningKey::rsa(), SigningKey::ec());
        return kKeys;
    }

    TempFolder folder_;
};

}  // namespace gnatsd::tests
