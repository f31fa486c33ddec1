#include "plugins/host/daemon/SignalCommand.h"
#include "tests/plugins/Fixtures.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace gnatsd::tests {

namespace {

/// A process that does nothing until a signal ends it.
class Sleeper {
public:
    explicit Sleeper(std::string program) {
        std::string seconds = "120";
        std::array<char*, 3> words{program.data(), seconds.data(), nullptr};
        if (::posix_spawn(&pid_, program.c_str(), nullptr, nullptr, words.data(), environ) != 0) {
            throw std::runtime_error("cannot start " + program);
        }
    }
    ~Sleeper() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            end();
        }
    }
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

    pid_t pid() const { return pid_; }
    std::string number() const { return std::to_string(pid_); }

    /// Waits for it; answers the signal that ended it.
    int end() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    }

private:
    pid_t pid_ = -1;
};

}  // namespace

class SignalCommandTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SignalCommandTest);
    CPPUNIT_TEST(eachCommandHasItsSignal);
    CPPUNIT_TEST(aPidFileNamesTheProcess);
    CPPUNIT_TEST(theSingleProcessOfTheProgramIsFound);
    CPPUNIT_TEST(severalProcessesAreListedAndSpared);
    CPPUNIT_TEST(aStarReachesAllThatBeginLikeThat);
    CPPUNIT_TEST(aZombieIsNoRunningProcess);
    CPPUNIT_TEST(wrongCommandsAreRefusedInTheirWords);
    CPPUNIT_TEST(aPidThatMeansAGroupIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    // A name of its own: nobody else's processes are found by it. Longer than what the system
    // keeps.
    void setUp() override {
        program_ = "gs" + std::to_string(::getpid()) + "-a-long-name";
        std::filesystem::copy_file("/bin/sleep", path());
    }

private:
    std::string path() const { return folder_.file(program_); }

    /// Why it was refused, or "sent".
    std::string send(const std::string& argument) const {
        try {
            host::sendSignal(argument, program_);
            return "sent";
        } catch (const Poco::RuntimeException& error) {
            return error.message();
        }
    }

    void eachCommandHasItsSignal() {
        const std::array<std::pair<const char*, int>, 6> commands{{{"stop", SIGKILL},
                                                                   {"quit", SIGINT},
                                                                   {"term", SIGTERM},
                                                                   {"reopen", SIGUSR1},
                                                                   {"reload", SIGHUP},
                                                                   {"ldm", SIGUSR2}}};
        for (const auto& [command, signal] : commands) {
            Sleeper sleeper(path());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(command, std::string("sent"),
                                         send(command + ("=" + sleeper.number())));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(command, signal, sleeper.end());
        }
    }

    void aPidFileNamesTheProcess() {
        for (const std::string end : {"", "\n"}) {
            Sleeper sleeper(path());
            writeFile(folder_.file("pid"), sleeper.number() + end);

            CPPUNIT_ASSERT_EQUAL(std::string("sent"), send("term=" + folder_.file("pid")));
            CPPUNIT_ASSERT_EQUAL(SIGTERM, sleeper.end());
        }
    }

    void theSingleProcessOfTheProgramIsFound() {
        Sleeper sleeper(path());

        CPPUNIT_ASSERT_EQUAL(std::string("sent"), send("quit"));
        CPPUNIT_ASSERT_EQUAL(SIGINT, sleeper.end());
        CPPUNIT_ASSERT_EQUAL("no " + program_ + " processes running", send("quit="));
    }

    void severalProcessesAreListedAndSpared() {
        Sleeper one(path());
        Sleeper two(path());
        const auto [low, high] = std::minmax({one.pid(), two.pid()});

        CPPUNIT_ASSERT_EQUAL("multiple " + program_ + " processes running:\n" +
                                 std::to_string(low) + "\n" + std::to_string(high),
                             send("stop"));
        CPPUNIT_ASSERT_EQUAL(0, ::kill(one.pid(), 0));
        CPPUNIT_ASSERT_EQUAL(0, ::kill(two.pid(), 0));
    }

    void aStarReachesAllThatBeginLikeThat() {
        Sleeper one(path());
        Sleeper two(path());

        CPPUNIT_ASSERT_EQUAL(std::string("sent"), send("term=" + one.number() + "*"));
        CPPUNIT_ASSERT_EQUAL(SIGTERM, one.end());
        CPPUNIT_ASSERT_EQUAL(0, ::kill(two.pid(), 0));
        CPPUNIT_ASSERT_EQUAL("no " + program_ + " processes running", send("term=999999999*"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid pid: x"), send("term=x*"));
        CPPUNIT_ASSERT_EQUAL(std::string("sent"), send("quit=*"));
        CPPUNIT_ASSERT_EQUAL(SIGINT, two.end());
    }

    void aZombieIsNoRunningProcess() {
        Sleeper sleeper(path());
        ::kill(sleeper.pid(), SIGKILL);
        siginfo_t info = {};
        ::waitid(P_PID, static_cast<id_t>(sleeper.pid()), &info, WEXITED | WNOWAIT);

        CPPUNIT_ASSERT_EQUAL("no " + program_ + " processes running", send("quit"));
    }

    void wrongCommandsAreRefusedInTheirWords() {
        const Sleeper sleeper(path());

        CPPUNIT_ASSERT_EQUAL(std::string("unknown signal \"bogus\""), send("bogus"));
        CPPUNIT_ASSERT_EQUAL(std::string("unknown signal \"bo\\\"gus\""), send("bo\"gus=12"));
        CPPUNIT_ASSERT_EQUAL(std::string("unknown signal \"\""), send(""));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid pid: x"), send("quit=x"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid pid: 12x"), send("quit=12x"));
        CPPUNIT_ASSERT_EQUAL(std::string("no such process"), send("quit=999999999"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid signal parameters: [c]"), send("quit=b=c"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid signal parameters: [c d]"), send("quit=b=c=d"));
    }

    void aPidThatMeansAGroupIsRefused() {
        for (const std::string& pid :
             {std::string("0"), std::string("-1"), "-" + std::to_string(::getpid())}) {
            CPPUNIT_ASSERT_EQUAL("invalid pid: " + pid, send("stop=" + pid));
        }
        writeFile(folder_.file("pid"), "-1");
        CPPUNIT_ASSERT_EQUAL(std::string("invalid pid: -1"), send("stop=" + folder_.file("pid")));
        writeFile(folder_.file("pid"), "");
        CPPUNIT_ASSERT_EQUAL("invalid pid: " + folder_.file("pid"),
                             send("stop=" + folder_.file("pid")));
    }

    TempFolder folder_;
    std::string program_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SignalCommandTest);

}  // namespace gnatsd::tests
