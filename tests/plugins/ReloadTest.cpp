// Reloads while clients are served (OPT-200 to OPT-230): nobody who is not concerned notices.

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/Program.h"
#include "tests/plugins/daemon/RunningServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::tests {

using namespace std::chrono_literals;

namespace {

constexpr const char* kReloaded = "[INF] Reloaded server configuration\n";

}  // namespace

class ReloadTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReloadTest);
    CPPUNIT_TEST(clientsUnderLoadDoNotNotice);
    CPPUNIT_TEST(changesAreLoggedAndTakeEffect);
    CPPUNIT_TEST(whatNeedsARestartIsNamedAndNothingChanges);
    CPPUNIT_TEST(usersComeAndGo);
    CPPUNIT_TEST(surplusClientsAreClosed);
    CPPUNIT_TEST_SUITE_END();

    std::string config() const { return folder_.file("gnatsd.conf"); }

    void reload(Program& program, const std::string& text) {
        writeFile(config(), text);
        program.signal(SIGHUP);
    }

    void reloaded(Program& program, const std::string& text) {
        const std::size_t before = countOf(program.errors(), kReloaded);
        reload(program, text);
        CPPUNIT_ASSERT_MESSAGE(program.errors(), program.waitForCount(kReloaded, before + 1));
    }

    // One every 100 ms for 20 s: every message arrives, in order, on the first connections.
    void clientsUnderLoadDoNotNotice() {
        writeFile(config(), "max_payload: 1MB\n");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        const std::string url = "nats://127.0.0.1:" + std::to_string(portIn(program.errors()));
        Program load({"pubsub", "--pubs", "4", "--subs", "4", "--pairs", "--size", "128", "--rate",
                      "40000", "--seconds", "20", url},
                     {}, GNATSD_BENCH);

        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 200; ++i) {
            reloaded(program, i % 2 == 0 ? "max_payload: 2MB, ping_interval: \"90s\"\n"
                                           "debug: true, max_connections: 100\n"
                                         : "max_payload: 1MB\n");
            std::this_thread::sleep_until(start + (i + 1) * 100ms);  // the pace, not a wait
        }

        const int status = load.finish();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(load.output() + load.errors(), 0, status);
        program.signal(SIGTERM);
        assertEnds(program, 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{200}, countOf(program.errors(), kReloaded));
    }

    // OPT-203, OPT-210, OPT-217
    void changesAreLoggedAndTakeEffect() {
        writeFile(config(), "");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        Client client(portIn(program.errors()));

        reloaded(program, "max_payload: 100\ntrace: true\n");

        assertInOrder(program.errors(), {"[INF] Reloaded: trace = true\n", kReloaded});
        assertInOrder(program.errors(), {"[INF] Reloaded: max_payload = 100\n", kReloaded});
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Maximum Payload Violation'\r\n"),
                             client.say("PUB a 101"));
        assertLogged(program, "->> [-ERR Maximum Payload Violation]\n");
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    // OPT-201, OPT-202
    void whatNeedsARestartIsNamedAndNothingChanges() {
        writeFile(config(), "");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        Client client(portIn(program.errors()));

        reload(program, "max_payload: 10\nserver_name: other\nmax_pending: 1MB\n");

        assertLogged(program, "config reload not supported for MaxPending: old=");
        assertInOrder(program.errors(),
                      {"[ERR] Failed to reload server configuration: config reload not supported "
                       "for ServerName: old=, new=other\n",
                       "MaxPending"});
        CPPUNIT_ASSERT_EQUAL(std::string("+OK\r\nPONG\r\n"), client.say("PUB a 11\r\n01234567890"));
        program.signal(SIGTERM);
        assertEnds(program, 0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, countOf(program.errors(), "Reloaded: "));
    }

    // OPT-213
    void usersComeAndGo() {
        const std::string ann = R"({user: ann, password: a})";
        const std::string bob = R"({user: bob, password: b})";
        const auto both = "authorization { users: [" + ann + ", " + bob + "] }\n";
        writeFile(config(), both);
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        const std::string asAnn = R"(CONNECT {"verbose":false,"user":"ann","pass":"a"})";
        const std::string asBob = R"(CONNECT {"verbose":false,"user":"bob","pass":"b"})";
        Client first(portIn(program.errors()));
        Client second(portIn(program.errors()));
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), first.say(asAnn));
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), second.say(asBob));

        reloaded(program, "authorization { users: [" + ann + "] }\n");

        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Authorization Violation'\r\n"), second.rest());
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), first.ping());
        reloaded(program, both);
        Client again(portIn(program.errors()));
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), again.say(asBob));
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    // OPT-216
    void surplusClientsAreClosed() {
        writeFile(config(), "");
        Program program(localWith({"-D", "-c", config()}));
        waitUntilReady(program);
        Client first(portIn(program.errors()));
        Client second(portIn(program.errors()));

        reloaded(program, "max_connections: 1\n");

        assertLogged(program, "[INF] Closed 1 connections to fall within max_connections\n");
        assertLogged(program, "Client connection closed: Maximum Connections Exceeded");
        // Which of them is chance.
        const std::string one = first.ping();
        const std::string other = second.ping();
        const std::string closed = "-ERR 'maximum connections exceeded'\r\n";
        CPPUNIT_ASSERT_MESSAGE(one + other, (one == closed && other == "PONG\r\n") ||
                                                (one == "PONG\r\n" && other == closed));
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReloadTest);

}  // namespace gnatsd::tests
