#include "plugins/sqlite/Database.h"

#include <Poco/Data/RecordSet.h>
#include <Poco/Data/SQLite/SessionImpl.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Statement.h>
#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <limits>
#include <sqlite3.h>
#include <sys/stat.h>

namespace gnatsd::sqlite {

namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::RecordSet;

constexpr int kStepsBetweenLooks = 1000;
constexpr std::size_t kOpenSeconds = 1;

/// As an URI, which says that the file must exist. Without Poco's registry of connectors, which is
/// one for the process.
Poco::Data::Session open(const std::string& path) {
    std::string encoded;
    Poco::URI::encode(path, "?#%", encoded);
    return Poco::Data::Session(Poco::AutoPtr<Poco::Data::SessionImpl>(
        new Poco::Data::SQLite::SessionImpl("file:" + encoded + "?mode=rw", kOpenSeconds)));
}

std::string textOf(const RecordSet& rows, const std::string& column) {
    for (std::size_t i = 0; i < rows.columnCount(); ++i) {
        if (rows.columnName(i) == column) {
            const Poco::Dynamic::Var value = rows.value(i, 0);
            return value.isEmpty() ? std::string() : value.convert<std::string>();
        }
    }
    return {};
}

}  // namespace

FileIdentity FileIdentity::of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        throw Poco::FileNotFoundException(path);
    }
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino)};
}

Database::Database(const std::string& path, std::chrono::milliseconds timeout)
    : identity_(FileIdentity::of(path)), timeout_(timeout), session_(open(path)) {
    sqlite3* handle = Poco::Data::SQLite::Utility::dbHandle(session_);
    ::sqlite3_busy_timeout(handle, static_cast<int>(timeout.count()));
    ::sqlite3_progress_handler(handle, kStepsBetweenLooks, &Database::isLate, this);
    deadline_ = Clock::now() + timeout_;
    session_ << "PRAGMA query_only = 1", now;
}

std::optional<UserRow> Database::find(const std::string& query, const std::string& user) {
    deadline_ = Clock::now() + 2 * timeout_;  // waiting for a lock, then running
    std::string name = user;
    Poco::Data::Statement select(session_);
    select << query, use(name), limit(2U);
    select.execute();
    const RecordSet rows(select);
    if (rows.rowCount() == 0) {
        return std::nullopt;
    }
    if (rows.rowCount() > 1) {
        throw Poco::DataFormatException("the query has more than one row for a user");
    }
    std::string password = textOf(rows, "password");
    UserRow row{common::Secret(password), textOf(rows, "permissions"), textOf(rows, "account")};
    common::wipe(password);
    return row;
}

int Database::isLate(void* self) noexcept {
    return Clock::now() > static_cast<Database*>(self)->deadline_ ? 1 : 0;
}

}  // namespace gnatsd::sqlite
