// Running out of descriptors: accepting pauses with one log line, goes on when there is room, and
// nobody who is connected notices.

#include "tests/support/TestClient.h"
#include "tests/support/TestServer.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace gnatsd::tests {

namespace {

/// Takes all descriptors that the process may still have, but for a few.
class Descriptors {
public:
    Descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit few = before_;
        few.rlim_cur = std::min<rlim_t>(before_.rlim_max, 400);
        ::setrlimit(RLIMIT_NOFILE, &few);
    }
    ~Descriptors() {
        release(taken_.size());
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }
    Descriptors(const Descriptors&) = delete;
    Descriptors& operator=(const Descriptors&) = delete;

    void takeAll() {
        for (;;) {
            const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
            if (fd < 0) {
                CPPUNIT_ASSERT_EQUAL(EMFILE, errno);
                return;
            }
            taken_.push_back(fd);
        }
    }

    void release(std::size_t count) {
        CPPUNIT_ASSERT(count <= taken_.size());
        for (; count > 0; --count) {
            ::close(taken_.back());
            taken_.pop_back();
        }
    }

private:
    rlimit before_{};
    std::vector<int> taken_;
};

double processorTime() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

constexpr const char* kPaused = "Client Accept error: Too many open files";
constexpr const char* kAgain = "Accepting client connections again";

}  // namespace

class DescriptorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DescriptorTest);
    CPPUNIT_TEST(acceptingPausesAndGoesOn);
    CPPUNIT_TEST(pauseCostsNothing);
    CPPUNIT_TEST_SUITE_END();

    // LOG-150
    void acceptingPausesAndGoesOn() {
        TestServer server;
        TestClient before(server);
        before.connect();
        Descriptors descriptors;
        descriptors.takeAll();
        descriptors.release(1);

        // The system accepts for the server, which has no descriptor left to take it.
        TestClient waiting(server.port(), {});
        server.log().expect(kPaused);
        before.ask("SUB foo 1\r\nPUB foo 1\r\nx\r\n", "MSG foo 1 1\r\nx\r\n");

        descriptors.release(20);

        waiting.expectLine("INFO .*");
        waiting.ask("PING\r\n", "PONG\r\n");
        TestClient after(server);
        after.ask("PING\r\n", "PONG\r\n");
        server.log().expect(kAgain);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.log().count(kPaused));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.log().count(kAgain));
    }

    void pauseCostsNothing() {
        TestServer server;
        TestClient before(server);
        Descriptors descriptors;
        descriptors.takeAll();
        descriptors.release(1);
        TestClient waiting(server.port(), {});
        server.log().expect(kPaused);

        // Three pauses of the acceptor, in processor time of the whole process.
        const double begin = processorTime();
        pollfd greeting{waiting.fd(), POLLIN, 0};
        CPPUNIT_ASSERT_EQUAL(0, ::poll(&greeting, 1, 800));
        const double used = processorTime() - begin;

        CPPUNIT_ASSERT_MESSAGE(std::to_string(used), used < 0.2);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.log().count(kPaused));
        before.ask("PING\r\n", "PONG\r\n");
        descriptors.release(10);
        waiting.expectLine("INFO .*");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DescriptorTest);

}  // namespace gnatsd::tests
