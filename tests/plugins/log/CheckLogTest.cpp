// What a broken invariant leaves in the log.

#include "kernel/Check.h"
#include "tests/plugins/log/LogFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace gnatsd::tests {

using host::Logger;
using kernel::Level;

class CheckLogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CheckLogTest);
    CPPUNIT_TEST(linesBeforeABrokenInvariantAreWritten);
    CPPUNIT_TEST_SUITE_END();

    void linesBeforeABrokenInvariantAreWritten() {
        TempFolder folder;
        const std::string path = folder.file("log");
        const pid_t child = ::fork();
        if (child == 0) {
            const rlimit none = {0, 0};
            ::setrlimit(RLIMIT_CORE, &none);
            ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
            std::signal(SIGABRT, SIG_DFL);
            Logger log(fileSettings(path), "gnatsd");
            const kernel::CheckLog checkLog(log);
            for (int line = 0; line < 1000; ++line) {
                log.write(Level::info, "before");
            }
            GNATSD_CHECK(child > 0);
            ::_exit(0);
        }
        int status = 0;
        CPPUNIT_ASSERT_EQUAL(child, ::waitpid(child, &status, 0));

        CPPUNIT_ASSERT(WIFSIGNALED(status));
        CPPUNIT_ASSERT_EQUAL(SIGABRT, WTERMSIG(status));
        const std::vector<std::string> lines = linesOfFile(path);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1001}, lines.size());
        CPPUNIT_ASSERT_MESSAGE(lines.back(), contains(lines.back(), "[FTL] "));
        CPPUNIT_ASSERT_MESSAGE(lines.back(),
                               lines.back().ends_with(": invariant broken: child > 0"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CheckLogTest);

}  // namespace gnatsd::tests
