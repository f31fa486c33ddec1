#include "plugins/host/options/UserChecks.h"

#include "kernel/Text.h"
#include "plugins/host/options/Checks.h"
#include "plugins/host/options/Tree.h"

#include <string>
#include <string_view>
#include <unordered_set>

namespace gnatsd::host::options {

namespace {

using kernel::quote;

/// OPT-68, OPT-69: which ways to sign in exclude each other.
void checkExclusions(const conf::Map& tree, std::string_view block, Problems& problems) {
    const conf::Map& map = mapAt(tree, block);
    const conf::Entry* user = map.find("user");
    const conf::Entry* password = map.find("password");
    const conf::Entry* token = map.find("token");
    const conf::Entry* users = map.find("users");
    const conf::Entry* single = user != nullptr ? user : password;
    if (single != nullptr && token != nullptr) {
        problems.error(token->value.place(), "Cannot have a user/pass and token");
    }
    if (single != nullptr && users != nullptr) {
        problems.error(single->value.place(), "Can not have a single user/pass and a users array");
    }
    if (token != nullptr && users != nullptr) {
        problems.error(token->value.place(), "Can not have a token and a users array");
    }
    if (user == nullptr && password != nullptr && token == nullptr && users == nullptr) {
        problems.error(password->value.place(),
                       "a password without a user would leave the server open");
    }
}

/// The names in all user lists together.
class UserLists {
public:
    UserLists(const conf::Map& tree, Problems& problems) : problems_(problems) {
        add(listAt(tree, "authorization.users"));
        for (const conf::Value& account : listAt(tree, "accounts")) {
            add(listAt(*account.map(), "users"));
        }
    }

    bool empty() const { return names_.empty(); }
    bool has(const std::string& name) const { return names_.contains(name); }

private:
    void add(const conf::Array& users) {
        names_.reserve(names_.size() + users.size());
        for (const conf::Value& user : users) {
            addUser(*user.map(), user.place());
        }
    }

    void addUser(const conf::Map& user, const conf::Place& place) {
        const conf::Entry* entry = user.find("user");
        const conf::Entry* nkey = user.find("nkey");
        const std::string& name = *(entry != nullptr ? entry : nkey)->value.string();
        if (!names_.insert(name).second) {
            problems_.error(place, "Duplicate user " + quote(name) + " detected");
        }
    }

    Problems& problems_;
    std::unordered_set<std::string> names_;
};

void checkNoAuthUser(const conf::Map& tree, std::string_view path, const UserLists& users,
                     Problems& problems) {
    const conf::Value* name = get(tree, path);
    if (name == nullptr || name->string() == nullptr) {
        return;
    }
    const std::string text = "no_auth_user: " + quote(*name->string());
    if (users.empty()) {
        problems.error(name->place(), text + " present, but users are not defined");
    } else if (!users.has(*name->string())) {
        problems.error(name->place(), text +
                                          " not present as user in authorization block or account "
                                          "configuration");
    }
}

void checkNobody(const conf::Map& tree, Problems& problems) {
    const conf::Entry* block = tree.find("authorization");
    if (block == nullptr || tree.find("accounts") != nullptr) {
        return;
    }
    const conf::Map& map = *block->value.map();
    for (const std::string_view name : {"user", "password", "token", "users"}) {
        if (map.find(name) != nullptr) {
            return;
        }
    }
    problems.notice(block->value.place(),
                    "\"authorization\" names nobody: clients are not asked who they are");
}

}  // namespace

void checkUsers(const conf::Map& tree, Problems& problems) {
    checkExclusions(tree, "authorization", problems);
    checkExclusions(tree, "cluster.authorization", problems);
    checkExclusions(tree, "websocket.authorization", problems);
    checkNobody(tree, problems);
    const UserLists users(tree, problems);
    checkNoAuthUser(tree, "no_auth_user", users, problems);
    checkNoAuthUser(tree, "websocket.no_auth_user", users, problems);
    const conf::Map& websocket = mapAt(tree, "websocket.authorization");
    if (!users.empty() &&
        (websocket.find("user") != nullptr || websocket.find("token") != nullptr)) {
        problems.error(get(tree, "websocket.authorization")->place(),  // OPT-178
                       "websocket authorization and a users array exclude each other");
    }
}

}  // namespace gnatsd::host::options
