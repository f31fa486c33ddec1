// DatabasePool: as many open sessions with one SQLite file as threads ask at once. A session that
// failed, and those of a file that was replaced by another, are closed and opened anew.
//
// Threads: any; the lock is a leaf.

#pragma once

#include "plugins/sqlite/Database.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gnatsd::sqlite {

class DatabasePool {
public:
    DatabasePool(std::string path, std::chrono::milliseconds timeout)
        : path_(std::move(path)), timeout_(timeout) {}

    /// As Database::find().
    std::optional<UserRow> find(const std::string& query, const std::string& user);

private:
    std::unique_ptr<Database> take();
    void giveBack(std::unique_ptr<Database> database);

    const std::string path_;
    const std::chrono::milliseconds timeout_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace gnatsd::sqlite
