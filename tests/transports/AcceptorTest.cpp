#include "kernel/Mutex.h"
#include "tests/support/Where.h"
#include "tests/transports/EchoProtocol.h"
#include "transports/reactor/Acceptor.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <arpa/inet.h>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace gnatsd::reactor {

using namespace std::chrono_literals;

namespace {

/// Connects to the port; answers the descriptor, or -1.
int connectTo(const char* ip, std::uint16_t port) {
    const bool six = std::string(ip).find(':') != std::string::npos;
    sockaddr_in6 address6{};
    sockaddr_in address4{};
    address6.sin6_family = AF_INET6;
    address6.sin6_port = htons(port);
    address4.sin_family = AF_INET;
    address4.sin_port = htons(port);
    ::inet_pton(six ? AF_INET6 : AF_INET, ip,
                six ? static_cast<void*>(&address6.sin6_addr) : &address4.sin_addr);
    const int fd = ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int result =
        six ? ::connect(fd, reinterpret_cast<const sockaddr*>(&address6), sizeof address6)
            : ::connect(fd, reinterpret_cast<const sockaddr*>(&address4), sizeof address4);
    if (result != 0) {
        ::close(fd);
        return -1;
    }
    return fd;
}

/// Keeps what an acceptor hands over.
class Guests {
public:
    ~Guests() {
        for (const Accepted& guest : guests_) {
            ::close(guest.fd);
        }
    }

    void take(Accepted guest) GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        guests_.push_back(std::move(guest));
        changed_.notify_all();
    }

    /// Waits for the n-th guest.
    Accepted at(std::size_t n, tests::Where where = {}) GNATSD_EXCLUDES(mutex_) {
        const auto deadline = std::chrono::system_clock::now() + 10s;
        const kernel::MutexLock lock(mutex_);
        while (guests_.size() <= n) {
            if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) {
                where.fail("nobody was accepted");
            }
        }
        return guests_[n];
    }

    std::size_t count() GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        return guests_.size();
    }

private:
    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<Accepted> guests_ GNATSD_GUARDED_BY(mutex_);
};

/// An acceptor on a free port of 127.0.0.1, not open yet.
struct Door {
    Door(Reactor& reactor, Guests& guests) {
        std::vector<ListenSocket> sockets = ListenSocket::bindAll("127.0.0.1", 0);
        port = sockets.front().port();
        acceptor = std::make_unique<Acceptor>(
            reactor, std::move(sockets.front()),
            [&guests](Accepted guest) { guests.take(std::move(guest)); });
    }

    std::unique_ptr<Acceptor> acceptor;
    std::uint16_t port = 0;
};

/// Closes what it opened.
class Visitor {
public:
    Visitor(const char* ip, std::uint16_t port) : fd_(connectTo(ip, port)) {}
    Visitor(Visitor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    ~Visitor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;
    Visitor& operator=(Visitor&&) = delete;

    bool connected() const noexcept { return fd_ >= 0; }
    std::uint16_t port() const {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin_port);
    }

private:
    int fd_;
};

}  // namespace

class AcceptorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AcceptorTest);
    CPPUNIT_TEST(acceptedSocketsAreReadyForUse);
    CPPUNIT_TEST(nobodyIsAcceptedBeforeOpen);
    CPPUNIT_TEST(nobodyIsAcceptedAfterClose);
    CPPUNIT_TEST(manyAtOnceAreAccepted);
    CPPUNIT_TEST(freePortsDiffer);
    CPPUNIT_TEST(portInUseIsNamed);
    CPPUNIT_TEST(hostNameBindsAllItsAddresses);
    CPPUNIT_TEST(anyAddressTakesBothFamilies);
    CPPUNIT_TEST(oneFamilyLeavesThePortOfTheOther);
    CPPUNIT_TEST(unknownHostIsNamed);
    CPPUNIT_TEST(hostsWithColonsGetBrackets);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { reactor_.start(); }
    void tearDown() override {
        reactor_.beginStop(0ms);
        reactor_.join();
    }

private:
    void acceptedSocketsAreReadyForUse() {
        Guests guests;
        Door door(reactor_, guests);
        door.acceptor->open();
        const Visitor visitor("127.0.0.1", door.port);

        const Accepted guest = guests.at(0);

        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), guest.ip);
        CPPUNIT_ASSERT_EQUAL(visitor.port(), guest.port);
        CPPUNIT_ASSERT((::fcntl(guest.fd, F_GETFL) & O_NONBLOCK) != 0);
        CPPUNIT_ASSERT((::fcntl(guest.fd, F_GETFD) & FD_CLOEXEC) != 0);
        int noDelay = 0;
        socklen_t size = sizeof noDelay;
        ::getsockopt(guest.fd, IPPROTO_TCP, TCP_NODELAY, &noDelay, &size);
        CPPUNIT_ASSERT(noDelay != 0);
    }

    void nobodyIsAcceptedBeforeOpen() {
        Guests guests;
        Door door(reactor_, guests);
        const Visitor visitor("127.0.0.1", door.port);
        CPPUNIT_ASSERT(visitor.connected());  // it waits in the system's queue
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, guests.count());

        door.acceptor->open();

        CPPUNIT_ASSERT_EQUAL(visitor.port(), guests.at(0).port);
    }

    void nobodyIsAcceptedAfterClose() {
        Guests guests;
        Door door(reactor_, guests);
        door.acceptor->open();
        const Visitor first("127.0.0.1", door.port);
        guests.at(0);

        door.acceptor->close();
        door.acceptor->close();
        const Visitor late("127.0.0.1", door.port);
        door.acceptor.reset();

        CPPUNIT_ASSERT(!Visitor("127.0.0.1", door.port).connected());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, guests.count());
    }

    void manyAtOnceAreAccepted() {
        Guests guests;
        Door door(reactor_, guests);
        std::vector<Visitor> visitors;
        for (int i = 0; i < 200; ++i) {
            visitors.emplace_back("127.0.0.1", door.port);
        }

        door.acceptor->open();

        guests.at(199);
    }

    void freePortsDiffer() {
        const std::vector<ListenSocket> one = ListenSocket::bindAll("127.0.0.1", 0);
        const std::vector<ListenSocket> two = ListenSocket::bindAll("127.0.0.1", 0);

        CPPUNIT_ASSERT(one.front().port() != 0);
        CPPUNIT_ASSERT(two.front().port() != 0);
        CPPUNIT_ASSERT(one.front().port() != two.front().port());
    }

    // CLI-65
    void portInUseIsNamed() {
        const std::vector<ListenSocket> first = ListenSocket::bindAll("127.0.0.1", 0);
        const std::uint16_t port = first.front().port();
        std::string message;

        try {
            ListenSocket::bindAll("127.0.0.1", port);
        } catch (const Poco::IOException& error) {
            message = error.message();
        }

        CPPUNIT_ASSERT_EQUAL(
            "listen tcp 127.0.0.1:" + std::to_string(port) + ": bind: address already in use",
            message);
    }

    void hostNameBindsAllItsAddresses() {
        const std::vector<ListenSocket> sockets = ListenSocket::bindAll("localhost", 0);

        for (const ListenSocket& socket : sockets) {
            CPPUNIT_ASSERT_EQUAL(sockets.front().port(), socket.port());
        }
        CPPUNIT_ASSERT(Visitor("127.0.0.1", sockets.front().port()).connected());
    }

    void anyAddressTakesBothFamilies() {
        const std::vector<ListenSocket> all = ListenSocket::bindAll("0.0.0.0", 0);
        CPPUNIT_ASSERT(Visitor("127.0.0.1", all.front().port()).connected());
        CPPUNIT_ASSERT(Visitor("::1", all.front().port()).connected());
    }

    void oneFamilyLeavesThePortOfTheOther() {
        const std::vector<ListenSocket> four = ListenSocket::bindAll("127.0.0.1", 0);
        CPPUNIT_ASSERT(!Visitor("::1", four.front().port()).connected());

        const std::vector<ListenSocket> six = ListenSocket::bindAll("::", four.front().port());
        CPPUNIT_ASSERT(Visitor("::1", six.front().port()).connected());
    }

    void unknownHostIsNamed() {
        const std::string host(64, 'x');  // too long for a name: nobody needs to be asked
        std::string message;
        try {
            ListenSocket::bindAll(host, 0);
        } catch (const Poco::IOException& error) {
            message = error.message();
        }

        CPPUNIT_ASSERT_MESSAGE(
            message, message.starts_with("listen tcp " + host + ":0: lookup " + host + ": "));
    }

    void hostsWithColonsGetBrackets() {
        CPPUNIT_ASSERT_EQUAL(std::string("1.2.3.4:5"), hostPort("1.2.3.4", 5));
        CPPUNIT_ASSERT_EQUAL(std::string("name:5"), hostPort("name", 5));
        CPPUNIT_ASSERT_EQUAL(std::string("[::1]:5"), hostPort("::1", 5));
    }

    NoLog log_;
    Reactor reactor_{0, PollerKind::best, log_};
};

CPPUNIT_TEST_SUITE_REGISTRATION(AcceptorTest);

}  // namespace gnatsd::reactor
