// The pid file and the ports file of the running program, and starting again after a crash.

#include "tests/plugins/daemon/RunningServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class FilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FilesTest);
    CPPUNIT_TEST(thePidFileOfAKilledServerIsOverwritten);
    CPPUNIT_TEST(twoServersOnOnePortTheSecondEnds);
    CPPUNIT_TEST(aPidFileThatCannotBeWrittenEndsTheStart);
    CPPUNIT_TEST(aReloadWritesThePidFileElsewhere);
    CPPUNIT_TEST(aReloadMovesThePortsFile);
    CPPUNIT_TEST(anUnwritablePidFileRefusesAReload);
    CPPUNIT_TEST_SUITE_END();

private:
    std::string pidFile() const { return folder_.file("pid"); }
    std::string config() const { return folder_.file("gnatsd.conf"); }

    fs::path portsFile(const std::string& folder, const Program& program) const {
        return folder_.path() / folder / ("gnatsd_" + std::to_string(program.pid()) + ".ports");
    }

    void thePidFileOfAKilledServerIsOverwritten() {
        Program killed(localWith({"-P", pidFile()}));
        waitUntilReady(killed);
        const std::string port = std::to_string(portIn(killed.errors()));
        const std::string before = std::to_string(killed.pid());
        killed.signal(SIGKILL);
        assertEnds(killed, 128 + SIGKILL);
        CPPUNIT_ASSERT_EQUAL(before, readFile(pidFile()));

        Program next({"-a", "127.0.0.1", "-p", port, "-P", pidFile()});
        waitUntilReady(next);
        CPPUNIT_ASSERT_EQUAL(std::to_string(next.pid()), readFile(pidFile()));
        next.signal(SIGTERM);
        assertEnds(next, 0);
    }

    void twoServersOnOnePortTheSecondEnds() {
        Program first(localWith({"-P", pidFile()}));
        waitUntilReady(first);
        const std::string address = "127.0.0.1:" + std::to_string(portIn(first.errors()));
        const std::string port = address.substr(address.find(':') + 1);
        Client client(portIn(first.errors()));

        Program second({"-a", "127.0.0.1", "-p", port, "-P", pidFile()});
        assertEnds(second, 1);
        assertInOrder(second.errors(),
                      {"[FTL] Error listening on port: " + address + ", \"listen tcp " + address +
                       ": bind: address already in use\"\n"});
        CPPUNIT_ASSERT_EQUAL(std::to_string(first.pid()), readFile(pidFile()));
        CPPUNIT_ASSERT(client.ping().ends_with("PONG\r\n"));
        first.signal(SIGTERM);
        assertEnds(first, 0);
    }

    void aPidFileThatCannotBeWrittenEndsTheStart() {
        Program missing(localWith({"-P", folder_.file("none/pid")}));
        assertEnds(missing, 1);
        assertInOrder(missing.errors(),
                      {"[FTL] Could not write pidfile: open " + folder_.file("none/pid") +
                       ": no such file or directory\n"});
        Program full(localWith({"-P", "/dev/full"}));
        assertEnds(full, 1);
        assertInOrder(
            full.errors(),
            {"[FTL] Could not write pidfile: write /dev/full: no space left on device\n"});
    }

    // OPT-219
    void aReloadWritesThePidFileElsewhere() {
        writeFile(config(), "pid_file: \"" + pidFile() + "\"\n");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        CPPUNIT_ASSERT_EQUAL(std::to_string(program.pid()), readFile(pidFile()));

        writeFile(config(), "pid_file: \"" + pidFile() + ".2\"\n");
        program.signal(SIGHUP);
        assertLogged(program, "Reloaded server configuration\n");
        CPPUNIT_ASSERT_EQUAL(std::to_string(program.pid()), readFile(pidFile() + ".2"));
        assertInOrder(program.errors(), {"[INF] Reloaded: pid_file = " + pidFile() + ".2\n"});
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    void aReloadMovesThePortsFile() {
        fs::create_directory(folder_.file("a"));
        fs::create_directory(folder_.file("b"));
        writeFile(config(), "ports_file_dir: \"" + folder_.file("a") + "\"\n");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);
        const std::string ports = readFile(portsFile("a", program).string());
        CPPUNIT_ASSERT_EQUAL(
            "{\"nats\":[\"nats://127.0.0.1:" + std::to_string(portIn(program.errors())) + "\"]}",
            ports);

        writeFile(config(), "ports_file_dir: \"" + folder_.file("b") + "\"\n");
        program.signal(SIGHUP);
        assertLogged(program, "Reloaded server configuration\n");
        CPPUNIT_ASSERT_EQUAL(ports, readFile(portsFile("b", program).string()));
        CPPUNIT_ASSERT(fs::is_empty(folder_.path() / "a"));
        program.signal(SIGTERM);
        assertEnds(program, 0);
        CPPUNIT_ASSERT(fs::is_empty(folder_.path() / "b"));
    }

    void anUnwritablePidFileRefusesAReload() {
        writeFile(config(), "debug: false\n");
        Program program(localWith({"-c", config()}));
        waitUntilReady(program);

        const std::string wrong = folder_.file("none/pid");
        writeFile(config(), "debug: true\npid_file: \"" + wrong + "\"\n");
        program.signal(SIGHUP);
        assertLogged(program,
                     "[ERR] Failed to reload server configuration: Could not write pidfile: open " +
                         wrong + ": no such file or directory\n");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, countOf(program.errors(), "Reloaded"));
        Client client(portIn(program.errors()));
        CPPUNIT_ASSERT(client.ping().ends_with("PONG\r\n"));
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }

    TempFolder folder_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(FilesTest);

}  // namespace gnatsd::tests
