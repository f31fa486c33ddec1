// What a user sees of the program: its log, its files, its exit status.

#include "plugins/host/options/OptionTable.h"
#include "tests/plugins/Program.h"

#include <Poco/JSON/Parser.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/TemporaryFile.h>
#include <Poco/URI.h>
#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace gnatsd::tests {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kLocal{"-a", "127.0.0.1", "-p", "-1"};

std::vector<std::string> localWith(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = kLocal;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

std::string contentOf(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> urlsIn(const fs::path& portsFile) {
    Poco::JSON::Parser parser;
    const auto ports = parser.parse(contentOf(portsFile)).extract<Poco::JSON::Object::Ptr>();
    std::vector<std::string> urls;
    for (const auto& url : *ports->getArray("nats")) {
        urls.push_back(url.toString());
    }
    return urls;
}

Poco::Net::StreamSocket connectTo(const std::string& url) {
    const Poco::URI uri(url);
    Poco::Net::StreamSocket socket;
    socket.connect(Poco::Net::SocketAddress(uri.getHost(), uri.getPort()), Poco::Timespan(10, 0));
    socket.setReceiveTimeout(Poco::Timespan(10, 0));
    return socket;
}

std::string readUntil(Poco::Net::StreamSocket& socket, const std::string& end) {
    std::string text;
    while (text.find(end) == std::string::npos) {
        char buffer[1024];
        const int count = socket.receiveBytes(buffer, sizeof buffer);
        if (count <= 0) {
            break;
        }
        text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
}

/// The INFO line that whoever connects is greeted with.
std::string greeting(const std::string& url) {
    Poco::Net::StreamSocket socket = connectTo(url);
    return readUntil(socket, "\n");
}

void assertInOrder(const std::string& log, const std::vector<std::string>& texts) {
    std::size_t from = 0;
    for (const std::string& text : texts) {
        const std::size_t at = log.find(text, from);
        CPPUNIT_ASSERT_MESSAGE("'" + text + "' at its place in:\n" + log, at != std::string::npos);
        from = at + text.size();
    }
}

void waitUntilReady(Program& program) {
    const bool ready = program.waitFor("Server is ready\n");
    CPPUNIT_ASSERT_MESSAGE("not ready:\n" + program.errors(), ready);
}

void assertNeverReady(const Program& program) {
    CPPUNIT_ASSERT(program.errors().find("Server is ready") == std::string::npos);
}

}  // namespace

class ServeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeTest);
    CPPUNIT_TEST(startAndStopAreLoggedInTheirOrder);
    CPPUNIT_TEST(termStopsWithStatusZero);
    CPPUNIT_TEST(aClientIsGreetedWithTheNameOfTheServer);
    CPPUNIT_TEST(severalAddressesAreServed);
    CPPUNIT_TEST(aWildcardIsListedWithAddressesOneCanConnectTo);
    CPPUNIT_TEST(thePortsFileLivesAsLongAsTheServer);
    CPPUNIT_TEST(anUnwritablePortsFileIsAnErrorInTheLog);
    CPPUNIT_TEST(thePidFileStays);
    CPPUNIT_TEST(anUnwritablePidFileEndsTheStart);
    CPPUNIT_TEST(aPortInUseEndsTheStart);
    CPPUNIT_TEST(anInvalidPortEndsTheStart);
    CPPUNIT_TEST(anUnknownHostEndsTheStart);
    CPPUNIT_TEST(questionsAndErrorsHaveTheirStreamsAndStatuses);
    CPPUNIT_TEST(withoutLogtimeLinesHaveNoTime);
    CPPUNIT_TEST(connectionsAndTheirProtocolAreLogged);
    CPPUNIT_TEST(aSecondSignalEndsASlowStopAtOnce);
    CPPUNIT_TEST(theDescriptorLimitIsRaisedToTheHardLimit);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { fs::create_directory(directory_); }
    void tearDown() override { fs::remove_all(directory_); }

private:
    void startAndStopAreLoggedInTheirOrder() {
        Program program(localWith({"-D", "-n", "hub"}));
        waitUntilReady(program);
        program.signal(SIGINT);

        CPPUNIT_ASSERT_EQUAL(0, program.finish());
        assertInOrder(
            program.errors(),
            {" [INF] Starting nats-server version " GNATSD_VERSION "\n", "[INF]   Name:     hub\n",
             "[INF]   ID:       N",
             "[INF] Listening for client connections on 127.0.0.1:", "[DBG] Server id is N",
             "[INF] Server is ready\n", "[DBG] Trapped \"interrupt\" signal\n",
             "[INF] Initiating Shutdown...\n", "[INF] Server Exiting..\n"});
        const std::regex line(
            R"(\[\d+\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} \[(INF|DBG)\] [^\n]*\n)");
        CPPUNIT_ASSERT_EQUAL(std::string(), std::regex_replace(program.errors(), line, ""));
        CPPUNIT_ASSERT_EQUAL(std::string(), program.output());
    }

    void termStopsWithStatusZero() {
        Program program(kLocal);
        waitUntilReady(program);
        program.signal(SIGTERM);

        CPPUNIT_ASSERT_EQUAL(0, program.finish());
        assertInOrder(program.errors(), {"Initiating Shutdown...", "Server Exiting.."});
        CPPUNIT_ASSERT(program.errors().find("[DBG]") == std::string::npos);
    }

    void aClientIsGreetedWithTheNameOfTheServer() {
        Program program(localWith({"-n", "hub", "--ports_file_dir", directory_}));
        waitUntilReady(program);

        const std::string info = greeting(urlsIn(portsFileOf(program)).at(0));
        CPPUNIT_ASSERT_MESSAGE(info, info.starts_with("INFO {"));
        CPPUNIT_ASSERT_MESSAGE(info, info.find("\"server_name\":\"hub\"") != std::string::npos);
    }

    void severalAddressesAreServed() {
        Program program(
            {"-a", "127.0.0.1,[::1],localhost:-1", "-p", "-1", "--ports_file_dir", directory_});
        waitUntilReady(program);

        const auto urls = urlsIn(portsFileOf(program));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, urls.size());
        for (const std::string& url : urls) {
            CPPUNIT_ASSERT_MESSAGE(url, greeting(url).starts_with("INFO {"));
        }
        assertInOrder(program.errors(),
                      {"client connections on 127.0.0.1:", "client connections on [::1]:",
                       "client connections on localhost:"});
    }

    void aWildcardIsListedWithAddressesOneCanConnectTo() {
        Program program({"-p", "-1", "--ports_file_dir", directory_});
        waitUntilReady(program);

        const auto urls = urlsIn(portsFileOf(program));
        assertInOrder(program.errors(), {"Listening for client connections on 0.0.0.0:"});
        CPPUNIT_ASSERT(!urls.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("nats://127.0.0.1:"), urls[0].substr(0, 17));
        CPPUNIT_ASSERT(greeting(urls[0]).starts_with("INFO {"));
    }

    void thePortsFileLivesAsLongAsTheServer() {
        Program program(localWith({"--ports_file_dir", directory_}));
        waitUntilReady(program);
        const fs::path file = portsFileOf(program);

        CPPUNIT_ASSERT(std::regex_match(contentOf(file),
                                        std::regex(R"(\{"nats":\["nats://127\.0\.0\.1:\d+"\]\})")));
        program.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(0, program.finish());
        CPPUNIT_ASSERT(!fs::exists(file));
    }

    void anUnwritablePortsFileIsAnErrorInTheLog() {
        Program program(localWith({"--ports_file_dir", directory_ + "/none"}));
        waitUntilReady(program);

        assertInOrder(program.errors(), {"[ERR] Error writing ports file (" + directory_ + "/none/",
                                         ".ports): no such file or directory\n"});
    }

    void thePidFileStays() {
        const std::string file = directory_ + "/pid";
        Program program(localWith({"-P", file}));
        waitUntilReady(program);
        const std::string pid = std::to_string(program.pid());

        CPPUNIT_ASSERT_EQUAL(pid, contentOf(file));
        program.signal(SIGTERM);
        CPPUNIT_ASSERT_EQUAL(0, program.finish());
        CPPUNIT_ASSERT_EQUAL(pid, contentOf(file));
    }

    void anUnwritablePidFileEndsTheStart() {
        Program program(localWith({"-P", directory_ + "/none/pid"}));

        CPPUNIT_ASSERT_EQUAL(1, program.finish());
        assertInOrder(program.errors(), {"[FTL] Could not write pidfile: open " + directory_ +
                                         "/none/pid: no such file or directory\n"});
        assertNeverReady(program);
    }

    void aPortInUseEndsTheStart() {
        const Poco::Net::ServerSocket taken(Poco::Net::SocketAddress("127.0.0.1", 0));
        const std::string address = "127.0.0.1:" + std::to_string(taken.address().port());
        Program program({"-a", address});

        CPPUNIT_ASSERT_EQUAL(1, program.finish());
        assertInOrder(program.errors(),
                      {"[FTL] Error listening on port: " + address + ", \"listen tcp " + address +
                       ": bind: address already in use\"\n"});
        assertNeverReady(program);
    }

    void anInvalidPortEndsTheStart() {
        for (const std::string port : {"70000", "-5"}) {
            Program program({"-a", "127.0.0.1", "-p", port});

            CPPUNIT_ASSERT_EQUAL_MESSAGE(port, 1, program.finish());
            assertInOrder(program.errors(),
                          {"[FTL] Error listening on port: 127.0.0.1:" + port +
                           ", \"listen tcp: address " + port + ": invalid port\"\n"});
        }
    }

    void anUnknownHostEndsTheStart() {
        Program program({"-a", "no.such.host.invalid", "-p", "-1"});

        CPPUNIT_ASSERT_EQUAL(1, program.finish());
        assertInOrder(program.errors(),
                      {"[FTL] Error listening on port: no.such.host.invalid:0, \"listen tcp"});
        assertNeverReady(program);
    }

    void questionsAndErrorsHaveTheirStreamsAndStatuses() {
        Program help({"-h"});
        CPPUNIT_ASSERT_EQUAL(0, help.finish());
        CPPUNIT_ASSERT_EQUAL(host::options::helpText(), help.output());
        CPPUNIT_ASSERT_EQUAL(std::string(), help.errors());

        Program version({"--version"});
        CPPUNIT_ASSERT_EQUAL(0, version.finish());
        CPPUNIT_ASSERT_EQUAL(std::string("gnatsd version " GNATSD_VERSION "\n"), version.output());

        Program unknown({"--bogus"});
        CPPUNIT_ASSERT_EQUAL(2, unknown.finish());
        CPPUNIT_ASSERT_EQUAL(host::options::helpText(), unknown.output());
        CPPUNIT_ASSERT_EQUAL(std::string("flag provided but not defined: -bogus\n"),
                             unknown.errors());

        Program command({"serve"});
        CPPUNIT_ASSERT_EQUAL(1, command.finish());
        CPPUNIT_ASSERT_EQUAL(std::string("gnatsd: unrecognized command: \"serve\"\n"),
                             command.errors());
    }

    void withoutLogtimeLinesHaveNoTime() {
        Program program(localWith({"-T=false"}));
        waitUntilReady(program);

        const std::string pid = "[" + std::to_string(program.pid()) + "] ";
        CPPUNIT_ASSERT_MESSAGE(program.errors(),
                               program.errors().starts_with(pid + "[INF] Starting nats-server "));
        program.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(0, program.finish());
    }

    void connectionsAndTheirProtocolAreLogged() {
        Program program(localWith({"-DV", "--ports_file_dir", directory_}));
        waitUntilReady(program);
        {
            auto socket = connectTo(urlsIn(portsFileOf(program)).at(0));
            const std::string text = "CONNECT {\"verbose\":false,\"pass\":\"s3cret\"}\r\nPING\r\n";
            socket.sendBytes(text.data(), static_cast<int>(text.size()));
            CPPUNIT_ASSERT(readUntil(socket, "PONG\r\n").ends_with("PONG\r\n"));
        }

        CPPUNIT_ASSERT_MESSAGE(program.errors(), program.waitFor("Client connection closed: "));
        assertInOrder(
            program.errors(),
            {"[DBG] 127.0.0.1:", " - cid:1 - Client connection created\n", "[TRC] 127.0.0.1:",
             " - cid:1 - <<- [CONNECT {\"verbose\":false,\"pass\":\"[REDACTED]\"}]\n",
             "<<- [PING]\n", "->> [PONG]\n", "Client connection closed: Client Closed\n"});
    }

    void aSecondSignalEndsASlowStopAtOnce() {
        for (const int second : {SIGTERM, SIGINT}) {
            Program program(localWith({"--ports_file_dir", directory_}));
            waitUntilReady(program);
            const Poco::URI uri(urlsIn(portsFileOf(program)).at(0));
            Poco::Net::StreamSocket neverReads(
                Poco::Net::SocketAddress(uri.getHost(), uri.getPort()));
            const std::string payload(1'000'000, 'x');
            std::string text = "CONNECT {\"verbose\":false}\r\nSUB a 1\r\n";
            for (int i = 0; i < 20; ++i) {
                text += "PUB a 1000000\r\n" + payload + "\r\n";
            }
            for (std::size_t sent = 0; sent < text.size();) {
                sent += static_cast<std::size_t>(
                    neverReads.sendBytes(text.data() + sent, static_cast<int>(text.size() - sent)));
            }

            program.signal(SIGTERM);
            CPPUNIT_ASSERT(program.waitFor("Initiating Shutdown..."));
            program.signal(second);
            CPPUNIT_ASSERT_EQUAL(1, program.finish());
            CPPUNIT_ASSERT(program.errors().find("Server Exiting..") == std::string::npos);
        }
    }

    void theDescriptorLimitIsRaisedToTheHardLimit() {
        rlimit before = {};
        ::getrlimit(RLIMIT_NOFILE, &before);
        const rlimit low = {64, before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &low);
        Program program(kLocal);
        ::setrlimit(RLIMIT_NOFILE, &before);
        waitUntilReady(program);

        rlimit found = {};
        CPPUNIT_ASSERT_EQUAL(0, ::prlimit(program.pid(), RLIMIT_NOFILE, nullptr, &found));
        CPPUNIT_ASSERT_EQUAL(before.rlim_max, found.rlim_cur);
    }

    fs::path portsFileOf(const Program& program) const {
        return fs::path(directory_) / ("gnatsd_" + std::to_string(program.pid()) + ".ports");
    }

    const std::string directory_ = Poco::TemporaryFile::tempName();
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeTest);

}  // namespace gnatsd::tests
