// The plug-in sqlite in a running server, with files that SQLite itself writes, locks and finds
// damaged.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/samples/Connect.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::tests {

namespace {

// htpasswd -nbB -C 4 x secret
const std::string kSecret = "$2y$04$IE19PSpE0SDAFh2J1Y7lDejX/dJuenyXqGdNAlRVOtXH2Cfn/Tvdm";

/// A writer beside the server.
class Writer {
public:
    explicit Writer(const std::string& path) {
        CPPUNIT_ASSERT_EQUAL(SQLITE_OK, ::sqlite3_open(path.c_str(), &handle_));
        ::sqlite3_busy_timeout(handle_, 5000);
    }
    ~Writer() { ::sqlite3_close(handle_); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void run(const std::string& sql) {
        char* problem = nullptr;
        const int code = ::sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &problem);
        const std::string text = problem == nullptr ? "" : problem;
        ::sqlite3_free(problem);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(sql + ": " + text, SQLITE_OK, code);
    }

private:
    sqlite3* handle_ = nullptr;
};

std::string rowOf(const std::string& name, const std::string& permissions = "NULL",
                  const std::string& account = "NULL") {
    return "INSERT INTO users VALUES ('" + name + "', '" + kSecret + "', " + permissions + ", " +
           account + ");";
}

}  // namespace

class SqliteServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SqliteServerTest);
    CPPUNIT_TEST(usersOfTheTableAreLetIn);
    CPPUNIT_TEST(permissionsAreJson);
    CPPUNIT_TEST(accountsKeepUsersApart);
    CPPUNIT_TEST(theQueryMayBeAnother);
    CPPUNIT_TEST(aNameIsNoSql);
    CPPUNIT_TEST(changesCountAtOnce);
    CPPUNIT_TEST(aMissingFileIsAwaitedAndNotMade);
    CPPUNIT_TEST(aLockedFileRefusesInTime);
    CPPUNIT_TEST(aDamagedFileRefusesUntilItIsReplaced);
    CPPUNIT_TEST(aQueryThatDoesNotEndIsEnded);
    CPPUNIT_TEST(manyAskAtOnce);
    CPPUNIT_TEST(wrongSettingsEndTheStart);
    CPPUNIT_TEST_SUITE_END();

    void makeTable(const std::string& rows) {
        Writer(file_).run(
            "CREATE TABLE users (name TEXT PRIMARY KEY, password TEXT, permissions "
            "TEXT, account TEXT);" +
            rows);
    }

    std::string configuration(const std::string& more = {}) const {
        return "authorization { timeout: 10 }\nplugins { load: [sqlite], sqlite { file: \"" +
               file_ + "\"\n" + more + "} }";
    }

    static std::chrono::milliseconds timeOf(const AuthServer& server, const std::string& lines,
                                            const std::string& wanted) {
        const auto before = std::chrono::steady_clock::now();
        CPPUNIT_ASSERT_EQUAL(wanted, server.talk(lines));
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - before);
    }

    void usersOfTheTableAreLetIn() {
        makeTable(rowOf("alice") + "INSERT INTO users VALUES ('plain', 'hush-plain', NULL, NULL);" +
                  "INSERT INTO users VALUES ('none', NULL, NULL, NULL);");
        AuthServer server(configuration(), {"-D"});

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "hush-wrong")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("bob", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("plain", "hush-plain")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("none", "")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith("")));

        const std::string log = server.stop();
        for (const std::string part : {"wrong password", "unknown user", "no hash"}) {
            CPPUNIT_ASSERT_MESSAGE(log, log.find(part) != std::string::npos);
        }
        CPPUNIT_ASSERT_MESSAGE(log, log.find("hush-") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find(kSecret) == std::string::npos);
    }

    void permissionsAreJson() {
        makeTable(rowOf("own", R"('{"publish": ["a.>"], "subscribe": {"deny": "b.secret"}}')") +
                  rowOf("mean", R"('{"publish": "a..b"}')") + rowOf("broken", "'{publish}'") +
                  rowOf("typo", R"('{"publsh": ["a.>"]}')") + rowOf("alice"));
        AuthServer server(configuration("permissions {publish: \"u.{user}\"}"));

        AuthTalk own(server, connectAs("own", "secret"));
        own.ask(publishTo("a.b"), "");
        own.ask(publishTo("u.own"), noPublish("u.own"));
        own.ask("SUB b.secret 1\r\n", noSubscribe("b.secret"));
        own.ask("SUB b.news 1\r\n", "");
        AuthTalk alice(server, connectAs("alice", "secret"));
        alice.ask(publishTo("u.alice"), "");
        alice.ask(publishTo("u.bob"), noPublish("u.bob"));
        for (const std::string name : {"mean", "broken", "typo"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, violation(), server.talk(connectAs(name, "secret")));
        }
        CPPUNIT_ASSERT(server.waitForLog("stored permissions: "));
    }

    void accountsKeepUsersApart() {
        makeTable(rowOf("a1", "NULL", "'A'") + rowOf("a2", "NULL", "'A'") + rowOf("b"));
        AuthServer server(
            "accounts { A { users: [{user: x, password: y}] }, B {users: [{user: z}]} }\n" +
            configuration("account: B"));

        AuthTalk a1(server, connectAs("a1", "secret"));
        AuthTalk a2(server, connectAs("a2", "secret"));
        AuthTalk b(server, connectAs("b", "secret"));
        a1.ask("SUB news 1\r\n", "");
        b.ask("SUB news 1\r\n", "");
        a2.ask(publishTo("news"), "");
        a1.ask("", "MSG news 1 2\r\nok\r\n");
        b.ask("", "");
    }

    void theQueryMayBeAnother() {
        Writer(file_).run(
            "CREATE TABLE staff (login TEXT, hash BLOB, active INT); INSERT INTO staff "
            "VALUES ('alice', '" +
            kSecret + "', 1), ('bob', '" + kSecret + "', 0);");
        AuthServer server(configuration(
            "query: \"SELECT hash || '' AS password, '{\\\"publish\\\": \\\"p\\\"}' AS "
            "permissions FROM staff WHERE login = :name AND active = 1\""));

        AuthTalk alice(server, connectAs("alice", "secret"));
        alice.ask(publishTo("q"), noPublish("q"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("bob", "secret")));
    }

    void aNameIsNoSql() {
        makeTable(rowOf("alice"));
        AuthServer server(configuration());

        for (const std::string name :
             {"' OR 1=1 --", "alice' --", "x'; DROP TABLE users; --", "%", "ALICE"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, violation(), server.talk(connectAs(name, "secret")));
        }
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
    }

    void changesCountAtOnce() {
        makeTable(rowOf("alice"));
        AuthServer server(configuration());
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));

        Writer(file_).run("DELETE FROM users;" + rowOf("bob"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("bob", "secret")));

        Writer(file_).run("PRAGMA journal_mode = WAL;" + rowOf("carl"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("carl", "secret")));
    }

    void aMissingFileIsAwaitedAndNotMade() {
        AuthServer server(configuration());

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT(server.waitForLog("Reason \"unavailable: File not found", 2));
        CPPUNIT_ASSERT(!std::filesystem::exists(file_));
        CPPUNIT_ASSERT(server.waitForLog("the user database: File not found: " + file_));

        makeTable(rowOf("alice"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT(server.waitForLog("the user database is back"));
        const std::string log = server.stop();
        const std::string line = "the user database: File not found";
        CPPUNIT_ASSERT_EQUAL_MESSAGE(log, log.find(line), log.rfind(line));
    }

    void aLockedFileRefusesInTime() {
        makeTable(rowOf("alice"));
        AuthServer server(configuration("timeout: 200ms"));
        Writer writer(file_);
        writer.run("BEGIN EXCLUSIVE");

        const auto time = timeOf(server, connectAs("alice", "secret"), violation());
        CPPUNIT_ASSERT_MESSAGE(
            std::to_string(time.count()),
            time >= std::chrono::milliseconds(150) && time < std::chrono::milliseconds(1900));
        CPPUNIT_ASSERT(server.waitForLog("locked"));

        writer.run("COMMIT");
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
    }

    void aDamagedFileRefusesUntilItIsReplaced() {
        makeTable(rowOf("alice"));
        std::filesystem::rename(file_, file_ + ".good");
        writeFile(file_, "This is no database." + std::string(5000, 'x'));
        AuthServer server(configuration());

        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT(server.waitForLog("the user database: "));
        CPPUNIT_ASSERT(server.waitForLog("not a database"));

        std::filesystem::rename(file_ + ".good", file_);
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));

        // A good one over a good one: open sessions would still see the old one.
        Writer(file_ + ".next")
            .run("CREATE TABLE users (name TEXT, password TEXT, permissions TEXT, account TEXT);" +
                 rowOf("bob"));
        std::filesystem::rename(file_ + ".next", file_);
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("bob", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secret")));
    }

    void aQueryThatDoesNotEndIsEnded() {
        makeTable(rowOf("alice"));
        AuthServer server(configuration(
            "timeout: 200ms, query: \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
            "n) SELECT count(*) AS password FROM n WHERE i != ?\""));

        const auto time = timeOf(server, connectAs("alice", "secret"), violation());
        CPPUNIT_ASSERT_MESSAGE(std::to_string(time.count()),
                               time < std::chrono::milliseconds(1900));
        CPPUNIT_ASSERT(server.waitForLog("the user database: "));
    }

    void manyAskAtOnce() {
        std::string rows = "BEGIN;";
        for (int i = 0; i < 1000; ++i) {
            rows += rowOf("user" + std::to_string(i));
        }
        makeTable(rows + "COMMIT;");
        AuthServer server(configuration("timeout: 5s"));
        std::vector<std::string> wrong(4);
        std::vector<std::thread> clients;
        for (std::size_t i = 0; i < wrong.size(); ++i) {
            clients.emplace_back([&, i] {
                for (std::size_t k = 0; k < 50; ++k) {
                    const std::string name = "user" + std::to_string(i * 50 + k);
                    const std::string answer = server.talk(connectAs(name, "secret"));
                    if (answer != pong()) {
                        wrong[i] += name + ": " + answer;
                    }
                }
            });
        }
        Writer writer(file_);
        for (int i = 0; i < 50; ++i) {
            writer.run("UPDATE users SET account = NULL WHERE name = 'user999'");
        }
        for (std::thread& client : clients) {
            client.join();
        }

        for (const std::string& text : wrong) {
            CPPUNIT_ASSERT_EQUAL(std::string(), text);
        }
    }

    void wrongSettingsEndTheStart() {
        for (const auto& [text, wanted] : std::vector<std::pair<std::string, std::string>>{
                 {"plugins { load: [sqlite] }", "the setting file is missing"},
                 {configuration("timeout: 0"), "timeout is a duration from 1ms"},
                 {configuration("timeout: never"), "timeout is a duration"}}) {
            const std::string found = AuthServer::startErrors(text);
            CPPUNIT_ASSERT_MESSAGE(text + "\n" + found, found.find(wanted) != std::string::npos);
        }
    }

    TempFolder folder_;
    const std::string file_ = folder_.file("users with % and #.db");
};

CPPUNIT_TEST_SUITE_REGISTRATION(SqliteServerTest);

}  // namespace gnatsd::tests
