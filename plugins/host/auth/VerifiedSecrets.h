// VerifiedSecrets: the PasswordVerifier in front of all others; it remembers which passwords were
// right, so that a client that returns does not wait for a hash to be computed again.
//
// What it keeps is a keyed HMAC of stored secret and password, under a random key of this process;
// neither of the two. As the stored secret is part of it, nothing that it knows can become wrong.
// An entry lives as long as a session that it let in, and for the time to live after that.
//
// Threads: any; the lock is a leaf.
// Lifetime: the registry outlives it. A Pin may outlive it.

#pragma once

#include <gnatsd/PasswordVerifier.h>
#include <gnatsd/ServiceRegistry.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace gnatsd::host::auth {

class VerifiedSecrets final : public sdk::PasswordVerifier {
public:
    static constexpr std::size_t kMost = 65536;

    /// Keeps an entry alive.
    class Pin {
    public:
        Pin() = default;
        virtual ~Pin() = default;
        Pin(const Pin&) = delete;
        Pin& operator=(const Pin&) = delete;
    };
    using Pins = std::vector<std::shared_ptr<const Pin>>;

    /// Collects what the calling thread verifies, as long as it lives.
    class Collecting {
    public:
        explicit Collecting(Pins& pins);
        ~Collecting();
        Collecting(const Collecting&) = delete;
        Collecting& operator=(const Collecting&) = delete;

    private:
        Pins* const before_;
    };

    /// `most`: entries that it keeps.
    VerifiedSecrets(sdk::ServiceRegistry& registry, std::chrono::seconds timeToLive,
                    std::size_t most = kMost);
    ~VerifiedSecrets() override;

    /// 0 forgets everything and remembers nothing more.
    void setTimeToLive(std::chrono::seconds timeToLive);

    bool claims(std::string_view secret) const noexcept override;
    bool verify(std::string_view secret, std::string_view password) const override;
    sdk::Cost cost(std::string_view secret, std::string_view password) const noexcept override;

    std::size_t size() const;

private:
    class Memory;

    std::shared_ptr<sdk::PasswordVerifier> claimant(std::string_view secret) const;

    sdk::ServiceRegistry& registry_;
    const std::shared_ptr<Memory> memory_;
};

}  // namespace gnatsd::host::auth
