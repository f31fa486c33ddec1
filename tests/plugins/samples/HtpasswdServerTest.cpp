// The plug-in htpasswd in a running server, with files that Apache's own program writes.

#include "tests/auth/AuthServer.h"
#include "tests/plugins/Fixtures.h"
#include "tests/plugins/samples/Connect.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

class HtpasswdServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HtpasswdServerTest);
    CPPUNIT_TEST(usersOfTheFileAreLetIn);
    CPPUNIT_TEST(theNameIsPartOfThePermissions);
    CPPUNIT_TEST(aChangedFileCountsAtOnce);
    CPPUNIT_TEST(aBrokenFileKeepsTheUsers);
    CPPUNIT_TEST(oldFormsEndTheStart);
    CPPUNIT_TEST(aReloadTakesAnotherFile);
    CPPUNIT_TEST(manyMayComeAtOnce);
    CPPUNIT_TEST_SUITE_END();

    /// Apache's htpasswd, with the cheapest bcrypt.
    void htpasswd(const std::vector<std::string>& arguments) {
        const Outcome outcome = run(GNATSD_HTPASSWD, arguments);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, 0, outcome.status);
    }
    void add(const std::string& user, const std::string& password) {
        const bool isThere = std::filesystem::exists(file_);
        htpasswd({isThere ? "-bB" : "-cbB", "-C", "4", file_, user, password});
    }

    std::string configuration(const std::string& more = {}) const {
        return "authorization { timeout: 10 }\nplugins { load: [htpasswd], htpasswd { file: \"" +
               file_ + "\", check_interval: 20ms\n" + more + "} }";
    }

    void usersOfTheFileAreLetIn() {
        add("alice", "secret");
        htpasswd({"-b2", file_, "bob", "sha256"});
        htpasswd({"-b5", file_, "carl", "sha512"});
        AuthServer server(configuration(), {"-D"});

        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "secret")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("bob", "sha256")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("carl", "sha512")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "secreT")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("bob", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("dora", "secret")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectWith("")));
        const std::string hash = readFile(file_).substr(6, 60);
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", hash)));

        const std::string log = server.stop();
        for (const std::string part : {"wrong password", "unknown user"}) {
            CPPUNIT_ASSERT_MESSAGE(log, log.find(part) != std::string::npos);
        }
        for (const std::string& secret : {hash, std::string("secreT"), std::string("sha256")}) {
            CPPUNIT_ASSERT_MESSAGE(log, log.find(secret) == std::string::npos);
        }
    }

    void theNameIsPartOfThePermissions() {
        add("alice", "a");
        add("b.*", "b");
        AuthServer server(
            configuration("permissions {publish: \"u.{user}.>\", subscribe: [\"news.*\"]}"));

        AuthTalk alice(server, connectAs("alice", "a"));
        alice.ask(publishTo("u.alice.x"), "");
        alice.ask(publishTo("u.bob.x"), noPublish("u.bob.x"));
        alice.ask("SUB news.> 1\r\n", noSubscribe("news.>"));
        alice.ask("SUB news.sport 2\r\n", "");
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("b.*", "b")));
    }

    void aChangedFileCountsAtOnce() {
        add("alice", "one");
        AuthServer server(configuration());
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("bob", "two")));

        add("bob", "two");
        CPPUNIT_ASSERT(server.waitForLog("has changed: 2 users"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("bob", "two")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "one")));

        htpasswd({"-D", file_, "alice"});
        CPPUNIT_ASSERT(server.waitForLog("has changed: 1 users"));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "one")));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("bob", "two")));
    }

    void aBrokenFileKeepsTheUsers() {
        add("alice", "one");
        const std::string good = readFile(file_);
        AuthServer server(configuration());

        writeFile(file_, good + "bob:hush-plain\n");
        CPPUNIT_ASSERT(server.waitForLog(
            file_ +
            ":2: the password of user \"bob\" is plain text or a form that is not known; "
            "make it again with htpasswd -B; the users of before stay"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "one")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("bob", "hush-plain")));

        writeFile(file_, "");
        CPPUNIT_ASSERT(server.waitForLog("there is no user in this file; the users of before"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "one")));

        std::filesystem::remove(file_);
        CPPUNIT_ASSERT(server.waitForLog("cannot be read; the users of before"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("alice", "one")));

        writeFile(file_ + ".new", good);
        add("bob", "two");
        std::filesystem::rename(file_, file_ + ".bob");
        writeFile(file_ + ".new", good + readFile(file_ + ".bob"));
        std::filesystem::rename(file_ + ".new", file_);
        CPPUNIT_ASSERT(server.waitForLog("has changed: 2 users"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("bob", "two")));

        const std::string log = server.stop();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("hush-") == std::string::npos);
    }

    void oldFormsEndTheStart() {
        for (const auto& [flag, wanted] : std::vector<std::pair<std::string, std::string>>{
                 {"-cbs", "{SHA}"}, {"-cbp", "plain text"}, {"-cbm", "an MD5 hash"}}) {
            htpasswd({flag, file_, "alice", "hush-hush"});
            const std::string errors = AuthServer::startErrors(configuration());

            CPPUNIT_ASSERT_MESSAGE(
                errors, errors.find(file_ + ":1: the password of user \"alice\" is " + wanted) !=
                            std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(errors, errors.find("hush-") == std::string::npos);
        }
        std::filesystem::remove(file_);
        const std::string errors = AuthServer::startErrors(configuration());
        CPPUNIT_ASSERT_MESSAGE(errors, errors.find("cannot be read") != std::string::npos);
    }

    void aReloadTakesAnotherFile() {
        add("alice", "one");
        AuthServer server(configuration());
        file_ = folder_.file("other");
        add("bob", "two");

        server.reload(configuration());
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("bob", "two")));
        CPPUNIT_ASSERT_EQUAL(violation(), server.talk(connectAs("alice", "one")));

        add("carl", "three");
        CPPUNIT_ASSERT(server.waitForLog(file_ + " has changed: 2 users"));
        CPPUNIT_ASSERT_EQUAL(pong(), server.talk(connectAs("carl", "three")));
    }

    void manyMayComeAtOnce() {
        add("alice", "one");
        AuthServer server(configuration());
        std::vector<std::unique_ptr<AuthTalk>> talks;
        for (int i = 0; i < 50; ++i) {
            talks.push_back(std::make_unique<AuthTalk>(server));
            talks.back()->send(connectAs("alice", "one"));
        }

        for (const auto& talk : talks) {
            CPPUNIT_ASSERT_EQUAL(pong(), talk->answer(""));
        }
    }

    TempFolder folder_;
    std::string file_ = folder_.file("users");
};

CPPUNIT_TEST_SUITE_REGISTRATION(HtpasswdServerTest);

}  // namespace gnatsd::tests
