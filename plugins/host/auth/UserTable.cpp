#include "plugins/host/auth/UserTable.h"

#include "kernel/Mutex.h"

#include <unordered_map>
#include <utility>

namespace gnatsd::host::auth {

namespace {

std::string keyOf(std::string_view account, std::string_view user) {
    std::string key(account);
    key += '\0';
    key += user;
    return key;
}

}  // namespace

class UserTable::Counts {
public:
    bool enter(const std::string& key, std::uint32_t most) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        std::uint32_t& count = counts_[key];
        if (most != 0 && count >= most) {
            return false;
        }
        ++count;
        return true;
    }

    void leave(const std::string& key) noexcept GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        const auto found = counts_.find(key);
        if (--found->second == 0) {
            counts_.erase(found);
        }
    }

    std::uint32_t count(const std::string& key) const GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        const auto found = counts_.find(key);
        return found == counts_.end() ? 0 : found->second;
    }

private:
    mutable kernel::Mutex mutex_;
    std::unordered_map<std::string, std::uint32_t> counts_ GNATSD_GUARDED_BY(mutex_);
};

class UserTable::Taken final : public Place {
public:
    Taken(std::shared_ptr<Counts> counts, std::string key)
        : counts_(std::move(counts)), key_(std::move(key)) {}
    ~Taken() override { counts_->leave(key_); }

    bool isOf(std::string_view account, std::string_view user) const noexcept override {
        const std::string_view key = key_;
        return key.size() == account.size() + 1 + user.size() && key.starts_with(account) &&
               key.ends_with(user) && key[account.size()] == '\0';
    }

private:
    const std::shared_ptr<Counts> counts_;
    const std::string key_;
};

UserTable::UserTable() : counts_(std::make_shared<Counts>()) {}
UserTable::~UserTable() = default;

std::shared_ptr<const UserTable::Place> UserTable::enter(std::string_view account,
                                                         std::string_view user,
                                                         std::uint32_t most) {
    std::string key = keyOf(account, user);
    if (!counts_->enter(key, most)) {
        return nullptr;
    }
    return std::make_shared<const Taken>(counts_, std::move(key));
}

std::uint32_t UserTable::count(std::string_view account, std::string_view user) const {
    return counts_->count(keyOf(account, user));
}

}  // namespace gnatsd::host::auth
