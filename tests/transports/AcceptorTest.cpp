#include "kernel/Mutex.h"
#include "tests/support/Where.h"
#include "transports/reactor/Acceptor.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <arpa/inet.h>
#include <condition_variable>
#include <cstdint>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace gnatsd::reactor {

using namespace std::chrono_literals;

namespace {

class NoLog final : public kernel::Log {
public:
    void write(kernel::Level, std::string_view) noexcept override {}
};

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
    std::vector<Accepted> guests_;
};

}  // namespace

class AcceptorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AcceptorTest);
    CPPUNIT_TEST(acceptedSocketsAreReadyForUse);
    CPPUNIT_TEST(nobodyIsAcceptedBeforeOpen);
    CPPUNIT_TEST(nobodyIsAcceptedAfterClose);
    CPPUNIT_TEST(manyAtOnceAreAccepted);
    CPPUNIT_TEST(portZeroPicksAFreeOne);
    CPPUNIT_TEST(portInUseIsNamed);
    CPPUNIT_TEST(hostNamesAndAddressesAreBound);
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
    /// An acceptor on a free port of 127.0.0.1, not open yet.
    struct Door {
        Door(Reactor& reactor, Guests& guests) : Door(reactor, guests, bind()) {}

        Acceptor acceptor;
        const std::uint16_t port;

    private:
        Door(Reactor& reactor, Guests& guests, ListenSocket socket)
            : acceptor(reactor, std::move(socket),
                       [&guests](Accepted guest) { guests.take(std::move(guest)); }),
              port(lastPort) {}

        ListenSocket bind() {
            std::vector<ListenSocket> sockets = ListenSocket::bindAll("127.0.0.1", 0);
            lastPort = sockets.front().port();
            return std::move(sockets.front());
        }
        std::uint16_t lastPort = 0;
    };

    static ListenSocket listenOn(const std::string& host) {
        std::vector<ListenSocket> sockets = ListenSocket::bindAll(host, 0);
        return std::move(sockets.front());
    }

    void acceptedSocketsAreReadyForUse() {
        Guests guests;
        Acceptor acceptor(reactor_, listenOn("127.0.0.1"),
                          [&](Accepted guest) { guests.take(std::move(guest)); });
        std::vector<ListenSocket> other = ListenSocket::bindAll("127.0.0.1", 0);
        Acceptor another(reactor_, std::move(other.front()),
                         [&](Accepted guest) { guests.take(std::move(guest)); });
        const std::uint16_t port = portOf(listenOn("127.0.0.1"));
        CPPUNIT_ASSERT(port != 0);
    }

    static std::uint16_t portOf(const ListenSocket& socket) { return socket.port(); }
    NoLog log_;
    Reactor reactor_{0, PollerKind::best, log_};
};

CPPUNIT_TEST_SUITE_REGISTRATION(AcceptorTest);

}  // namespace gnatsd::reactor
