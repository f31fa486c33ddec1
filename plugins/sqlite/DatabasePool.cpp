#include "plugins/sqlite/DatabasePool.h"

#include <utility>

namespace gnatsd::sqlite {

std::optional<UserRow> DatabasePool::find(const std::string& query, const std::string& user) {
    std::unique_ptr<Database> database = take();
    std::optional<UserRow> row = database->find(query, user);
    giveBack(std::move(database));
    return row;
}

std::unique_ptr<Database> DatabasePool::take() {
    const FileIdentity identity = FileIdentity::of(path_);
    for (;;) {
        std::unique_ptr<Database> database;
        {
            const std::lock_guard lock(mutex_);
            if (idle_.empty()) {
                break;
            }
            database = std::move(idle_.back());
            idle_.pop_back();
        }
        if (database->identity() == identity) {
            return database;
        }
    }
    return std::make_unique<Database>(path_, timeout_);
}

void DatabasePool::giveBack(std::unique_ptr<Database> database) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(database));
}

}  // namespace gnatsd::sqlite
