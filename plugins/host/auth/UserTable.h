// UserTable: how many connections each user of each account has.
//
// Threads: any; the lock is a leaf.
// Lifetime: a Place may outlive the table.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::host::auth {

class UserTable {
public:
    /// One connection's place; given back by its end.
    class Place {
    public:
        Place() = default;
        virtual ~Place() = default;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        virtual bool isOf(std::string_view account, std::string_view user) const noexcept = 0;
    };

    UserTable();
    ~UserTable();
    UserTable(const UserTable&) = delete;
    UserTable& operator=(const UserTable&) = delete;

    /// Null when the user has `most` already; 0: any number.
    std::shared_ptr<const Place> enter(std::string_view account, std::string_view user,
                                       std::uint32_t most);

    std::uint32_t count(std::string_view account, std::string_view user) const;

private:
    class Counts;
    class Taken;
    const std::shared_ptr<Counts> counts_;
};

}  // namespace gnatsd::host::auth
