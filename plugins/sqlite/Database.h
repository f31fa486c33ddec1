// Database: one open SQLite file, and the question who a user is.
//
// Threads: one at a time.

#pragma once

#include "plugins/common/Secret.h"

#include <Poco/Data/Session.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gnatsd::sqlite {

struct UserRow {
    common::Secret password;
    std::string permissions;  // JSON, or empty
    std::string account;      // or empty
};

/// Which file a path leads to: another one after a rename over it, whatever is written into it.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t number = 0;

    /// Throws Poco::FileNotFoundException.
    static FileIdentity of(const std::string& path);

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

class Database {
public:
    /// Opens a file that exists; it is never created, and nothing is written by queries. Throws
    /// Poco::Exception.
    Database(const std::string& path, std::chrono::milliseconds timeout);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs the query with its one parameter; nothing when there is no row. Columns are found by
    /// name: `password`, and if there are any `permissions` and `account`. Throws Poco::Exception
    /// for whatever goes wrong, also when the file stays locked, or the query runs, for longer
    /// than the timeout; then do not use this object again.
    std::optional<UserRow> find(const std::string& query, const std::string& user);

    const FileIdentity& identity() const noexcept { return identity_; }

private:
    using Clock = std::chrono::steady_clock;

    static int isLate(void* self) noexcept;

    const FileIdentity identity_;
    const std::chrono::milliseconds timeout_;
    Clock::time_point deadline_;
    Poco::Data::Session session_;
};

}  // namespace gnatsd::sqlite
