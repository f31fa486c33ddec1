// TlsFiles: certificates and keys (ECDSA P-256) made for this run: NAME.pem and NAME.key in a
// folder.
//
// Threads: confined. Lifetime: a folder of its own goes away with the object, a given one stays.
// Errors: std::runtime_error that names the file or step.

#pragma once

#include <filesystem>
#include <string>

namespace gnatsd::tests {

class TlsFiles {
public:
    struct Wish {
        std::string subject = "CN=localhost";  // parts with commas between, the first one first
        std::string names = "DNS:localhost,IP:127.0.0.1";
        int daysFrom = -1;
        int daysTo = 60;
        std::string issuer = "ca";  // its own name: signs itself, may sign others
    };

    /// With "ca", "server" and "client" (user erin of Acme) in it. Requires: `folder` exists.
    explicit TlsFiles(std::filesystem::path folder = {});
    ~TlsFiles();
    TlsFiles(const TlsFiles&) = delete;
    TlsFiles& operator=(const TlsFiles&) = delete;

    void make(const std::string& name, const Wish& wish);
    std::string pem(const std::string& name) const { return file(name + ".pem"); }
    std::string key(const std::string& name) const { return file(name + ".key"); }
    std::string file(const std::string& name) const { return (folder_ / name).string(); }
    /// SHA-256 of its public key, as pinned_certs wants it.
    std::string fingerprint(const std::string& name) const;

private:
    std::filesystem::path folder_;
    std::filesystem::path own_;
};

}  // namespace gnatsd::tests
