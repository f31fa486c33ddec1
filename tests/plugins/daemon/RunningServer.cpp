#include "tests/plugins/daemon/RunningServer.h"

#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>

namespace gnatsd::tests {

namespace {

const Poco::Timespan kPatience(20, 0);

/// For a failed test.
std::string missing(const std::string& text, const std::string& log) {
    return "'" + text + "' is missing, or not at its place, in:\n" + log;
}

}  // namespace

std::vector<std::string> localWith(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"-a", "127.0.0.1", "-p", "-1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

void waitUntilReady(Program& program) {
    assertLogged(program, "Server is ready\n");
}

void assertLogged(Program& program, const std::string& text) {
    const bool found = program.waitFor(text);
    CPPUNIT_ASSERT_MESSAGE(missing(text, program.errors()), found);
}

void assertInOrder(const std::string& log, const std::vector<std::string>& texts) {
    std::size_t from = 0;
    for (const std::string& text : texts) {
        const std::size_t at = log.find(text, from);
        CPPUNIT_ASSERT_MESSAGE(missing(text, log), at != std::string::npos);
        from = at + text.size();
    }
}

void assertEnds(Program& program, int status) {
    const int found = program.finish();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(program.errors(), status, found);
}

std::size_t countOf(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos;
         at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

std::uint16_t portIn(const std::string& log) {
    const std::string beginning = "Listening for client connections on 127.0.0.1:";
    const std::size_t at = log.find(beginning);
    return at == std::string::npos
               ? std::uint16_t{0}
               : static_cast<std::uint16_t>(std::stoi(log.substr(at + beginning.size())));
}

Client::Client(std::uint16_t port) {
    socket_.connect(Poco::Net::SocketAddress("127.0.0.1", port), kPatience);
    socket_.setReceiveTimeout(kPatience);
    greeting_ = readUntil("\r\n");
}

std::string Client::ping() {
    const std::string text = "PING\r\n";
    socket_.sendBytes(text.data(), static_cast<int>(text.size()));
    return readUntil("PONG\r\n");
}

std::string Client::say(const std::string& line) {
    const std::string text = line + "\r\n";
    socket_.sendBytes(text.data(), static_cast<int>(text.size()));
    return ping();
}

std::string Client::readUntil(const std::string& end) {
    std::string text;
    while (end.empty() || text.find(end) == std::string::npos) {
        char buffer[4096];
        const int count = socket_.receiveBytes(buffer, sizeof buffer);
        if (count <= 0) {
            break;
        }
        text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
}

std::string programNamed(const TempFolder& folder, const std::string& name) {
    std::string path = folder.file(name);
    std::filesystem::create_symlink(GNATSD_PROGRAM, path);
    return path;
}

}  // namespace gnatsd::tests
