// What each signal does to the running program (CLI-80 to CLI-86), and that `--signal` sends it.

#include "tests/plugins/daemon/RunningServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <utility>

namespace gnatsd::tests {

class SignalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SignalsTest);
    CPPUNIT_TEST(hangupWithoutAFileIsRefused);
    CPPUNIT_TEST(hangupReadsTheFileAnew);
    CPPUNIT_TEST(aBrokenFileChangesNothing);
    CPPUNIT_TEST(aStormOfHangupsDoesNotKeepItFromEnding);
    CPPUNIT_TEST(userSignalOneReopensTheLogFile);
    CPPUNIT_TEST(userSignalOneNeedsALogFile);
    CPPUNIT_TEST(lameDuckModeWithoutClientsEndsTheServer);
    CPPUNIT_TEST(inLameDuckModeOnlyInterruptEndsTheServer);
    CPPUNIT_TEST(aBrokenPipeIsNoReasonToEnd);
    CPPUNIT_TEST(eachSignalCommandIsUnderstood);
    CPPUNIT_TEST(theSignalCommandSaysWhyNot);
    CPPUNIT_TEST_SUITE_END();

private:
    void hangupWithoutAFileIsRefused() {
        Program program(localWith({"-D"}));
        waitUntilReady(program);
        program.signal(SIGHUP);

        assertLogged(program,
                     "[ERR] Failed to reload server configuration: can only reload config when a "
                     "file is provided using -c or --config\n");
        assertInOrder(program.errors(), {"[DBG] Trapped \"hangup\" signal\n", "[ERR] Failed"});
        CPPUNIT_ASSERT(Client(portIn(program.errors())).greeting().starts_with("INFO {"));
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    void hangupReadsTheFileAnew() {
        writeFile(config(), "debug: false\n");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        Client client(portIn(program.errors()));

        writeFile(config(), "debug: true\n");
        program.signal(SIGHUP);
        assertLogged(program, "[INF] Reloaded server configuration\n");
        assertInOrder(program.errors(),
                      {"[INF] Reloaded: debug = true\n", "[INF] Reloaded server"});
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), client.ping());
        program.signal(SIGTERM);
        assertEnds(program, 0);
        assertInOrder(program.errors(),
                      {"Reloaded server", "[DBG] Trapped \"terminated\" signal\n"});
    }

    void aBrokenFileChangesNothing() {
        writeFile(config(), "debug: false\n");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        Client client(portIn(program.errors()));

        writeFile(config(), "debug: true\nport: \"many\"\nwhat_is_this: 1\n");
        program.signal(SIGHUP);
        assertLogged(program, "[ERR] Failed to reload server configuration: ");
        assertLogged(program, "what_is_this");
        std::filesystem::remove(config());
        program.signal(SIGHUP);
        assertLogged(program, "no such file or directory\n");
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), client.ping());
        program.signal(SIGTERM);
        assertEnds(program, 0);
        CPPUNIT_ASSERT_MESSAGE(program.errors(),
                               program.errors().find("[DBG]") == std::string::npos);
    }

    void aStormOfHangupsDoesNotKeepItFromEnding() {
        Program program(localWith({}));
        waitUntilReady(program);
        for (int i = 0; i < 1000; ++i) {
            program.signal(SIGHUP);
        }
        program.signal(SIGTERM);
        for (int i = 0; i < 1000; ++i) {
            program.signal(SIGHUP);
        }

        assertEnds(program, 0);
        assertInOrder(program.errors(), {"Initiating Shutdown...", "Server Exiting..\n"});
    }

    void userSignalOneReopensTheLogFile() {
        const std::string log = folder_.file("log");
        Program program(localWith({"-D", "-l", log}));
        CPPUNIT_ASSERT(waitFor([&] { return logged(log, "Server is ready\n"); }));
        std::filesystem::rename(log, log + ".1");
        program.signal(SIGUSR1);

        CPPUNIT_ASSERT(waitFor([&] { return logged(log, "[INF] File log re-opened\n"); }));
        CPPUNIT_ASSERT(logged(log + ".1", "Trapped \"user defined signal 1\" signal\n"));
        program.signal(SIGTERM);
        assertEnds(program, 0);
        CPPUNIT_ASSERT(logged(log, "Server Exiting..\n"));
        CPPUNIT_ASSERT(!logged(log + ".1", "Server Exiting..\n"));
    }

    void userSignalOneNeedsALogFile() {
        Program program(localWith({}));
        waitUntilReady(program);
        program.signal(SIGUSR1);

        assertLogged(program, "[INF] File log re-open ignored, not a file logger\n");
        program.signal(SIGINT);
        assertEnds(program, 0);
    }

    void lameDuckModeWithoutClientsEndsTheServer() {
        Program program(localWith({"-D"}));
        waitUntilReady(program);
        program.signal(SIGUSR2);

        assertEnds(program, 0);
        assertInOrder(program.errors(),
                      {"[DBG] Trapped \"user defined signal 2\" signal\n",
                       "[INF] Entering lame duck mode, stop accepting new clients\n",
                       "[INF] Initiating Shutdown...\n", "[INF] Server Exiting..\n"});
    }

    void inLameDuckModeOnlyInterruptEndsTheServer() {
        Program program(localWith({"-D"}));
        waitUntilReady(program);
        Client client(portIn(program.errors()));
        CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), client.ping());
        program.signal(SIGUSR2);
        assertLogged(program, "Entering lame duck mode");

        program.signal(SIGTERM);
        assertLogged(program, "Trapped \"terminated\" signal\n");
        program.signal(SIGUSR2);
        CPPUNIT_ASSERT(program.waitForCount("Trapped \"user defined signal 2\" signal\n", 2));
        CPPUNIT_ASSERT(client.ping().ends_with("PONG\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, countOf(program.errors(), "Entering lame duck mode"));
        CPPUNIT_ASSERT(program.errors().find("Initiating") == std::string::npos);

        program.signal(SIGINT);
        assertEnds(program, 0);
        assertInOrder(program.errors(), {"Trapped \"interrupt\" signal\n", "Initiating Shutdown...",
                                         "Server Exiting..\n"});
    }

    void aBrokenPipeIsNoReasonToEnd() {
        Program program(localWith({}));
        waitUntilReady(program);
        program.signal(SIGPIPE);
        program.signal(SIGUSR1);

        assertLogged(program, "File log re-open ignored");
        program.signal(SIGINT);
        assertEnds(program, 0);
    }

    void eachSignalCommandIsUnderstood() {
        // What the server does and how it ends; -1: it goes on.
        struct Case {
            const char* command;
            const char* line;
            int status;
        };
        constexpr std::array<Case, 6> kCases{{{"reopen", "not a file logger\n", -1},
                                              {"reload", "Failed to reload server", -1},
                                              {"quit", "Trapped \"interrupt\" signal\n", 0},
                                              {"term", "Trapped \"terminated\" signal\n", 0},
                                              {"ldm", "Entering lame duck mode", 0},
                                              {"stop", "Server is ready\n", 128 + SIGKILL}}};
        const std::string name = "gs" + std::to_string(::getpid());
        const std::string path = programNamed(folder_, name);
        const std::string pidFile = folder_.file("pid");
        for (const Case& one : kCases) {
            for (const std::string& whom : {std::string(), "=" + pidFile}) {
                Program server(localWith({"-D", "-P", pidFile}), {}, path);
                waitUntilReady(server);
                // The file comes before the line "ready" and the other name finds one process.
                Program command({"--signal", one.command + whom, "-c", "/none", "-P", "/none/x"},
                                {}, path);

                assertEnds(command, 0);
                CPPUNIT_ASSERT_EQUAL(std::string(), command.errors() + command.output());
                assertLogged(server, one.line);
                if (one.status < 0) {
                    server.signal(SIGINT);
                }
                assertEnds(server, one.status < 0 ? 0 : one.status);
            }
        }
    }

    void theSignalCommandSaysWhyNot() {
        const std::string name = "gs" + std::to_string(::getpid()) + "x";
        const std::string path = programNamed(folder_, name);
        const std::array<std::pair<std::string, std::string>, 5> cases{
            {{"bogus", "unknown signal \"bogus\""},
             {"quit=x", "invalid pid: x"},
             {"quit=999999999", "no such process"},
             {"quit=b=c", "invalid signal parameters: [c]"},
             {"quit", "no " + name + " processes running"}}};
        for (const auto& [argument, text] : cases) {
            Program command({"-sl", argument}, {}, path);

            assertEnds(command, 1);
            CPPUNIT_ASSERT_EQUAL(std::string(name).append(": ").append(text).append("\n"),
                                 command.errors());
            CPPUNIT_ASSERT_EQUAL(std::string(), command.output());
        }
    }

    static bool logged(const std::string& log, const std::string& text) {
        return readFile(log).find(text) != std::string::npos;
    }

    std::string config() const { return folder_.file("gnatsd.conf"); }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SignalsTest);

}  // namespace gnatsd::tests
