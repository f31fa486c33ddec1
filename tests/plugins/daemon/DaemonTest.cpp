// `--daemon` as whoever calls it sees it.

#include "plugins/host/daemon/ProcessList.h"
#include "tests/plugins/daemon/RunningServer.h"

#include <Poco/Net/ServerSocket.h>
#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gnatsd::tests {

namespace fs = std::filesystem;

namespace {

/// The system's view of a process: the fields of /proc/PID/stat that matter here.
struct Process {
    pid_t parent = 0;
    pid_t group = 0;
    pid_t session = 0;
    int terminal = -1;

    explicit Process(pid_t pid) {
        std::istringstream stat(readFile("/proc/" + std::to_string(pid) + "/stat"));
        std::string number;
        std::string name;
        std::string state;
        stat >> number >> name >> state >> parent >> group >> session >> terminal;
    }
};

std::string linkOf(pid_t pid, const std::string& name) {
    return fs::read_symlink("/proc/" + std::to_string(pid) + "/" + name).string();
}

}  // namespace

class DaemonTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DaemonTest);
    CPPUNIT_TEST(theCallerReturnsWhenClientsAreServed);
    CPPUNIT_TEST(theServerHasLeftItsCaller);
    CPPUNIT_TEST(relativePathsKeepTheirMeaning);
    CPPUNIT_TEST(aDaemonWithoutALogIsRefused);
    CPPUNIT_TEST(aStartThatFailsIsToldToTheCaller);
    CPPUNIT_TEST(aWrongLogFileIsToldToTheCaller);
    CPPUNIT_TEST(wrongArgumentsStayErrorsOfTheCaller);
    CPPUNIT_TEST(aServerThatDiesInItsStartIsAFailure);
    CPPUNIT_TEST(aCallerThatGivesUpEndsTheServer);
    CPPUNIT_TEST(withoutStandardStreamsItStillStarts);
    CPPUNIT_TEST_SUITE_END();

public:
    // The daemons become this process's children, so that their ends can be seen.
    void setUp() override {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        program_ = programNamed(folder_, "gd" + std::to_string(::getpid()));
    }

    void tearDown() override {
        for (const pid_t pid : daemons()) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
        ::prctl(PR_SET_CHILD_SUBREAPER, 0);
    }

private:
    std::string log() const { return folder_.file("log"); }
    std::string pidFile() const { return folder_.file("pid"); }

    std::vector<std::string> daemonWith(const std::vector<std::string>& more) const {
        std::vector<std::string> arguments = localWith({"--daemon", "-P", pidFile()});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    std::vector<pid_t> daemons() const {
        return host::processesNamed(fs::path(program_).filename().string())
            .value_or(std::vector<pid_t>());
    }

    /// The one that runs, after its caller has returned.
    pid_t daemon() const {
        const std::vector<pid_t> all = daemons();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all.size());
        return all[0];
    }

    /// Ends it; answers its exit status.
    static int stop(pid_t pid) {
        ::kill(pid, SIGTERM);
        int status = 0;
        CPPUNIT_ASSERT(waitFor([&] { return ::waitpid(pid, &status, WNOHANG) == pid; }));
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    void theCallerReturnsWhenClientsAreServed() {
        Program caller(daemonWith({"-l", log()}), {}, program_);
        assertEnds(caller, 0);
        const pid_t pid = daemon();

        CPPUNIT_ASSERT_EQUAL(std::string(), caller.errors() + caller.output());
        CPPUNIT_ASSERT_EQUAL(std::to_string(pid), readFile(pidFile()));
        CPPUNIT_ASSERT(waitFor([&] { return portIn(readFile(log())) != 0; }));
        Client client(portIn(readFile(log())));
        CPPUNIT_ASSERT(client.ping().ends_with("PONG\r\n"));
        CPPUNIT_ASSERT_EQUAL(0, stop(pid));
        assertInOrder(readFile(log()), {"[" + std::to_string(pid) + "] ", "Server is ready\n",
                                        "Initiating Shutdown...", "Server Exiting..\n"});
    }

    void theServerHasLeftItsCaller() {
        // What the caller's shell left open must not be held open by the server.
        const std::string stray = folder_.file("stray");
        const int fd = ::open(stray.c_str(), O_WRONLY | O_CREAT, 0600);  // NOLINT: inherited
        Program caller(daemonWith({"-l", log()}), {}, program_);
        ::close(fd);
        assertEnds(caller, 0);
        const pid_t pid = daemon();
        const Process process(pid);

        for (const char* stream : {"fd/0", "fd/1", "fd/2"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(stream, std::string("/dev/null"), linkOf(pid, stream));
        }
        for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
            CPPUNIT_ASSERT(fs::read_symlink(entry.path()).string() != stray);
        }
        CPPUNIT_ASSERT_EQUAL(::getpid(), process.parent);  // the subreaper
        CPPUNIT_ASSERT(process.session != ::getsid(0));
        CPPUNIT_ASSERT(process.session != pid);  // leads none, so it never gets a terminal
        CPPUNIT_ASSERT_EQUAL(0, process.terminal);
        CPPUNIT_ASSERT_EQUAL(0, stop(pid));
    }

    void relativePathsKeepTheirMeaning() {
        const fs::path before = fs::current_path();
        fs::current_path(folder_.path());
        writeFile("gnatsd.conf", "debug: false\nlog_file: \"log\"\n");
        Program caller(daemonWith({"-c", "gnatsd.conf"}), {}, program_);
        fs::current_path(before);
        assertEnds(caller, 0);
        const pid_t pid = daemon();

        CPPUNIT_ASSERT_EQUAL(fs::canonical(folder_.path()).string(), linkOf(pid, "cwd"));
        writeFile(folder_.file("gnatsd.conf"), "debug: true\nlog_file: \"log\"\n");
        ::kill(pid, SIGHUP);
        CPPUNIT_ASSERT(waitFor([&] {
            return readFile(log()).find("Reloaded server configuration\n") != std::string::npos;
        }));
        CPPUNIT_ASSERT_EQUAL(0, stop(pid));
    }

    void aDaemonWithoutALogIsRefused() {
        Program caller(daemonWith({}), {}, program_);
        assertEnds(caller, 1);

        CPPUNIT_ASSERT_EQUAL(
            std::string("gnatsd: --daemon needs a log, as a daemon has no standard error: use "
                        "-l FILE, -s or -r URL\n"),
            caller.errors());
        CPPUNIT_ASSERT(!fs::exists(pidFile()));
    }

    void aStartThatFailsIsToldToTheCaller() {
        const Poco::Net::ServerSocket taken(Poco::Net::SocketAddress("127.0.0.1", 0));
        const std::string port = std::to_string(taken.address().port());
        const std::string text = "Error listening on port: 127.0.0.1:" + port +
                                 ", \"listen tcp 127.0.0.1:" + port +
                                 ": bind: address already in use\"\n";
        Program caller({"--daemon", "-a", "127.0.0.1", "-p", port, "-l", log()}, {}, program_);
        assertEnds(caller, 1);
        CPPUNIT_ASSERT_EQUAL("gnatsd: " + text, caller.errors());
        assertInOrder(readFile(log()), {"[FTL] " + text});
        CPPUNIT_ASSERT(waitFor([this] { return daemons().empty(); }));
    }

    void aWrongLogFileIsToldToTheCaller() {
        Program caller(daemonWith({"-l", folder_.file("none/log")}), {}, program_);

        assertEnds(caller, 1);
        assertInOrder(caller.errors(), {" error opening file: open " + folder_.file("none/log") +
                                        ": no such file or directory\n"});
    }

    void wrongArgumentsStayErrorsOfTheCaller() {
        Program flag({"--daemon", "--bogus"}, {}, program_);
        assertEnds(flag, 2);
        Program file({"--daemon", "-c", folder_.file("none.conf")}, {}, program_);
        assertEnds(file, 1);
        assertInOrder(file.errors(), {"no such file or directory"});
    }

    // Opening a pipe by its name waits for whoever reads it: the start hangs where the pid file is
    // written.
    void startThatHangs() { CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(pidFile().c_str(), 0600)); }

    /// Waits for the start to hang; answers the daemon.
    pid_t hangingDaemon() {
        CPPUNIT_ASSERT(
            waitFor([this] { return readFile(log()).find("Listening for") != std::string::npos; }));
        CPPUNIT_ASSERT(waitFor([this] { return daemons().size() == 2; }));
        for (const pid_t pid : daemons()) {
            if (Process(pid).session != ::getsid(0)) {
                return pid;
            }
        }
        CPPUNIT_FAIL("no daemon");
        return -1;
    }

    void aServerThatDiesInItsStartIsAFailure() {
        startThatHangs();
        Program caller(daemonWith({"-l", log()}), {}, program_);
        ::kill(hangingDaemon(), SIGKILL);

        assertEnds(caller, 1);
        CPPUNIT_ASSERT_EQUAL(std::string("gnatsd: the server's process ended during its start\n"),
                             caller.errors());
    }

    void aCallerThatGivesUpEndsTheServer() {
        startThatHangs();
        Program caller(daemonWith({"-l", log()}), {}, program_);
        const pid_t pid = hangingDaemon();
        caller.signal(SIGINT);
        // Both pipes are still the daemon's, so their end says nothing about the caller.
        CPPUNIT_ASSERT(waitFor([this] { return daemons().size() == 1; }));

        const int fd = ::open(pidFile().c_str(), O_RDONLY | O_CLOEXEC);
        int status = 0;
        CPPUNIT_ASSERT(waitFor([&] { return ::waitpid(pid, &status, WNOHANG) == pid; }));
        ::close(fd);
        CPPUNIT_ASSERT_EQUAL(1, WEXITSTATUS(status));
        assertInOrder(readFile(log()), {"[FTL] The start was interrupted\n"});
        assertEnds(caller, 128 + SIGINT);
    }

    void withoutStandardStreamsItStillStarts() {
        std::string command = "exec " + program_ + " 0<&- 1>&- 2>&-";
        for (const std::string& word : daemonWith({"-l", log()})) {
            command += " " + word;
        }
        CPPUNIT_ASSERT_EQUAL(0, run("/bin/sh", {"-c", command}).status);
        const pid_t pid = daemon();

        for (const char* stream : {"fd/0", "fd/1", "fd/2"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(stream, std::string("/dev/null"), linkOf(pid, stream));
        }
        CPPUNIT_ASSERT_EQUAL(0, stop(pid));
    }

    TempFolder folder_;
    std::string program_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(DaemonTest);

}  // namespace gnatsd::tests
