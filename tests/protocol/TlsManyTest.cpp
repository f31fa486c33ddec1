// Many secured connections: what an idle one takes of memory, and what those cost that stall in
// their handshake.

#include "tests/plugins/ServerProcess.h"
#include "tests/protocol/TlsRig.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <sys/resource.h>
#include <vector>

namespace gnatsd::tests {

namespace {

using Clock = std::chrono::steady_clock;

std::size_t numberIn(const std::string& file, const std::string& key) {
    std::ifstream in(file);
    for (std::string word; in >> word;) {
        if (word == key) {
            std::size_t number = 0;
            in >> number;
            return number;
        }
    }
    return 0;
}

std::size_t threads() {
    return numberIn("/proc/self/status", "Threads:");
}

void allowFiles() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

class TlsManyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsManyTest);
    CPPUNIT_TEST(aThousandConnectionsAtOnce);
    CPPUNIT_TEST(idleConnectionTakesLittleMemory);
    CPPUNIT_TEST(stalledHandshakesHurtNobody);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { allowFiles(); }

private:
    using Clients = std::vector<std::unique_ptr<TlsClient>>;

    void aThousandConnectionsAtOnce() {
        constexpr std::size_t kCount = 1000;
        TlsServer server(files_, "timeout: 10", "", 2);
        Clients clients;
        for (std::size_t i = 0; i < kCount; ++i) {
            clients.push_back(std::make_unique<TlsClient>(server, files_));
            clients.back()->connect();
            clients.back()->ask("SUB all 1\r\nPING\r\n", "PONG\r\n");
        }
        clients.front()->send("PUB all 2\r\nhi\r\n");
        for (const auto& client : clients) {
            client->expect("MSG all 1 2\r\nhi\r\n");
        }
    }

    void idleConnectionTakesLittleMemory() {
        takesLittleMemory(TLS1_3_VERSION, std::size_t{6} * 1024);
        takesLittleMemory(TLS1_2_VERSION, std::size_t{15} * 1024);
    }

    // CP-116: each costs a timer, and is closed when its time is over.
    void stalledHandshakesHurtNobody() {
        constexpr int kCount = 500;
        constexpr std::chrono::seconds kTimeout{GNATSD_INSTRUMENTED ? 30 : 5};
        TlsServer server(files_, "timeout: " + std::to_string(kTimeout.count()));
        TlsClient before(server, files_);
        before.connect();
        const std::size_t threadsBefore = threads();
        const Clock::time_point start = Clock::now();
        Clients silent;
        Clients stalled;
        for (int i = 0; i < kCount / 2; ++i) {
            silent.push_back(std::make_unique<TlsClient>(server, files_));
            stalled.push_back(std::make_unique<TlsClient>(server, files_));
            // The beginning of a ClientHello.
            stalled.back()->sendRaw(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9));
        }
        TlsClient after(server, files_);
        after.connect();
        before.ask("PING\r\n", "PONG\r\n");
        CPPUNIT_ASSERT_EQUAL(threadsBefore, threads());
        CPPUNIT_ASSERT_MESSAGE("the first ones are there still", Clock::now() - start < kTimeout);
        for (const auto& client : silent) {
            CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Secure Connection - TLS Required'\r\n"),
                                 client->rawUntilClosed());
        }
        for (const auto& client : stalled) {
            CPPUNIT_ASSERT_EQUAL(std::string(), client->rawUntilClosed());
        }
        CPPUNIT_ASSERT(Clock::now() - start >= kTimeout);
        before.ask("PING\r\n", "PONG\r\n");
        after.ask("PING\r\n", "PONG\r\n");
    }

    /// Of a server that is a process of its own; also after something has gone both ways.
    void takesLittleMemory(int version, std::size_t most) {
        constexpr std::size_t kCount = 1000;
        writeFile(files_.file("server.conf"), TlsServer::configuration(files_, "timeout: 10", ""));
        const ServerProcess server(GNATSD_TEST_PROGRAM, {"-c", files_.file("server.conf")});
        const std::string status = "/proc/" + std::to_string(server.pid()) + "/status";
        const TlsClient::Wish wish{.lowest = version, .highest = version};
        Clients clients;
        const auto add = [&] {
            clients.push_back(std::make_unique<TlsClient>(server.port(), files_, wish));
            clients.back()->connect();
            const std::string body(20'000, 'x');
            clients.back()->ask("SUB a 1\r\nPUB a 20000\r\n" + body + "\r\n",
                                "MSG a 1 20000\r\n" + body + "\r\n");
            clients.back()->ask("UNSUB 1\r\nPING\r\n", "PONG\r\n");
        };
        for (std::size_t i = 0; i < 20; ++i) {
            add();  // what is allocated once
        }
        const std::size_t before = numberIn(status, "VmRSS:");
        for (std::size_t i = 0; i < kCount; ++i) {
            add();
        }
        const std::size_t each = (numberIn(status, "VmRSS:") - before) * 1024 / kCount;
        if constexpr (!GNATSD_INSTRUMENTED) {  // sanitizers keep what is freed
            CPPUNIT_ASSERT_MESSAGE(std::to_string(each) + " bytes a connection", each < most);
        }
    }

    const TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsManyTest);

}  // namespace gnatsd::tests
