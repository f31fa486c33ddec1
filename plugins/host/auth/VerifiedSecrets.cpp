#include "plugins/host/auth/VerifiedSecrets.h"

#include "kernel/Mutex.h"
#include "kernel/Random.h"

#include <Poco/HMACEngine.h>
#include <Poco/SHA2Engine.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>

namespace gnatsd::host::auth {

namespace {

using Clock = std::chrono::steady_clock;
using Digest = std::array<unsigned char, 32>;

/// SHA-256 in the form that Poco's HMAC wants.
class Sha256 : public Poco::SHA2Engine {
public:
    enum { BLOCK_SIZE = 64, DIGEST_SIZE = 32 };  // NOLINT: the names are Poco's
    Sha256() : SHA2Engine(SHA_256) {}
};

struct DigestHash {
    std::size_t operator()(const Digest& digest) const noexcept {
        std::size_t hash = 0;
        std::memcpy(&hash, digest.data(), sizeof(hash));
        return hash;
    }
};

std::string randomKey() {
    std::array<std::uint8_t, 32> key{};
    kernel::fillRandom(key);
    return {key.begin(), key.end()};
}

thread_local VerifiedSecrets::Pins* collecting = nullptr;

}  // namespace

class VerifiedSecrets::Memory : public std::enable_shared_from_this<Memory> {
public:
    Memory(std::chrono::seconds timeToLive, std::size_t most)
        : key_(randomKey()), most_(most), timeToLive_(timeToLive) {}

    Digest digest(std::string_view secret, std::string_view password) const;
    bool knows(const Digest& digest) const GNATSD_EXCLUDES(mutex_);
    /// Null when nothing is remembered, or when it is not known and shall not be added.
    std::shared_ptr<const Pin> pin(const Digest& digest, bool adds) GNATSD_EXCLUDES(mutex_);
    void unpin(const Digest& digest) GNATSD_EXCLUDES(mutex_);
    void setTimeToLive(std::chrono::seconds timeToLive) GNATSD_EXCLUDES(mutex_);
    std::size_t size() const GNATSD_EXCLUDES(mutex_);

private:
    struct Entry {
        std::size_t pins = 0;
        Clock::time_point end;  // once there is no pin
    };
    class Held;

    static bool isOver(const Entry& entry, Clock::time_point now) {
        return entry.pins == 0 && entry.end <= now;
    }
    bool makeRoom() GNATSD_REQUIRES(mutex_);

    const std::string key_;
    const std::size_t most_;
    mutable kernel::Mutex mutex_;
    std::chrono::seconds timeToLive_ GNATSD_GUARDED_BY(mutex_);
    std::unordered_map<Digest, Entry, DigestHash> entries_ GNATSD_GUARDED_BY(mutex_);
};

class VerifiedSecrets::Memory::Held final : public Pin {
public:
    Held(std::shared_ptr<Memory> memory, const Digest& digest)
        : memory_(std::move(memory)), digest_(digest) {}
    ~Held() override { memory_->unpin(digest_); }

private:
    const std::shared_ptr<Memory> memory_;
    const Digest digest_;
};

Digest VerifiedSecrets::Memory::digest(std::string_view secret, std::string_view password) const {
    Poco::HMACEngine<Sha256> engine(key_);
    // The length in front, so that no other pair gives the same bytes.
    engine.update(std::to_string(secret.size()) + ":");
    engine.update(secret.data(), secret.size());
    engine.update(password.data(), password.size());
    const Poco::DigestEngine::Digest& bytes = engine.digest();
    Digest digest{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
    return digest;
}

bool VerifiedSecrets::Memory::knows(const Digest& digest) const {
    const kernel::MutexLock lock(mutex_);
    const auto found = entries_.find(digest);
    return found != entries_.end() && !isOver(found->second, Clock::now());
}

std::shared_ptr<const VerifiedSecrets::Pin> VerifiedSecrets::Memory::pin(const Digest& digest,
                                                                         bool adds) {
    {
        const kernel::MutexLock lock(mutex_);
        auto found = entries_.find(digest);
        if (found != entries_.end() && isOver(found->second, Clock::now())) {
            entries_.erase(found);
            found = entries_.end();
        }
        if (found == entries_.end()) {
            if (!adds || timeToLive_.count() == 0 || (entries_.size() >= most_ && !makeRoom())) {
                return nullptr;
            }
            found = entries_.try_emplace(digest).first;
        }
        ++found->second.pins;
    }
    return std::make_shared<const Held>(shared_from_this(), digest);
}

void VerifiedSecrets::Memory::unpin(const Digest& digest) {
    const kernel::MutexLock lock(mutex_);
    const auto found = entries_.find(digest);
    if (found != entries_.end() && found->second.pins > 0 && --found->second.pins == 0) {
        found->second.end = Clock::now() + timeToLive_;
    }
}

bool VerifiedSecrets::Memory::makeRoom() {
    const auto now = Clock::now();
    std::erase_if(entries_, [now](const auto& one) { return isOver(one.second, now); });
    if (entries_.size() >= most_) {
        const auto loose = std::find_if(entries_.begin(), entries_.end(),
                                        [](const auto& one) { return one.second.pins == 0; });
        if (loose == entries_.end()) {
            return false;
        }
        entries_.erase(loose);
    }
    return true;
}

void VerifiedSecrets::Memory::setTimeToLive(std::chrono::seconds timeToLive) {
    const kernel::MutexLock lock(mutex_);
    timeToLive_ = timeToLive;
    if (timeToLive.count() == 0) {
        entries_.clear();
        return;
    }
    const auto end = Clock::now() + timeToLive;
    for (auto& [digest, entry] : entries_) {
        entry.end = std::min(entry.end, end);
    }
}

std::size_t VerifiedSecrets::Memory::size() const {
    const kernel::MutexLock lock(mutex_);
    return entries_.size();
}

VerifiedSecrets::Collecting::Collecting(Pins& pins) : before_(std::exchange(collecting, &pins)) {}

VerifiedSecrets::Collecting::~Collecting() {
    collecting = before_;
}

VerifiedSecrets::VerifiedSecrets(sdk::ServiceRegistry& registry, std::chrono::seconds timeToLive,
                                 std::size_t most)
    : registry_(registry), memory_(std::make_shared<Memory>(timeToLive, most)) {}

VerifiedSecrets::~VerifiedSecrets() = default;

void VerifiedSecrets::setTimeToLive(std::chrono::seconds timeToLive) {
    memory_->setTimeToLive(timeToLive);
}

std::size_t VerifiedSecrets::size() const {
    return memory_->size();
}

bool VerifiedSecrets::claims(std::string_view secret) const noexcept {
    return claimant(secret) != nullptr;
}

bool VerifiedSecrets::verify(std::string_view secret, std::string_view password) const {
    const Digest digest = memory_->digest(secret, password);
    auto pin = memory_->pin(digest, false);
    if (pin == nullptr) {
        const auto verifier = claimant(secret);
        if (verifier == nullptr || !verifier->verify(secret, password)) {
            return false;
        }
        pin = memory_->pin(digest, true);
    }
    if (collecting != nullptr && pin != nullptr) {
        collecting->push_back(std::move(pin));
    }
    return true;
}

sdk::Cost VerifiedSecrets::cost(std::string_view secret, std::string_view password) const noexcept {
    if (memory_->knows(memory_->digest(secret, password))) {
        return sdk::Cost::fast;
    }
    const auto verifier = claimant(secret);
    return verifier == nullptr ? sdk::Cost::fast : verifier->cost(secret, password);
}

std::shared_ptr<sdk::PasswordVerifier> VerifiedSecrets::claimant(std::string_view secret) const {
    for (const auto& reference : registry_.all<sdk::PasswordVerifier>()) {
        auto verifier = reference.lock();
        if (verifier && verifier.get() != this && verifier->claims(secret)) {
            return verifier;
        }
    }
    return nullptr;
}

}  // namespace gnatsd::host::auth
