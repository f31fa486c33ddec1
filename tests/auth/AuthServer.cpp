#include "tests/auth/AuthServer.h"

#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>
#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <regex>

namespace gnatsd::tests {

namespace {

const Poco::Timespan kPatience(20, 0);

std::vector<std::string> argumentsFor(const std::string& file,
                                      const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"-c", file, "-a", "127.0.0.1", "-p", "-1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace

AuthServer::AuthServer(const std::string& text, const std::vector<std::string>& flags) {
    const std::string file = folder_.file("server.conf");
    writeFile(file, text);
    program_ = std::make_unique<Program>(argumentsFor(file, flags));
    const bool isReady = program_->waitFor("Server is ready");
    CPPUNIT_ASSERT_MESSAGE(program_->errors(), isReady);
    std::smatch match;
    const bool hasPort =
        std::regex_search(program_->errors(), match,
                          std::regex("Listening for client connections on 127.0.0.1:(\\d+)"));
    CPPUNIT_ASSERT_MESSAGE(program_->errors(), hasPort);
    port_ = static_cast<std::uint16_t>(std::stoi(match[1]));
}

std::string AuthServer::startErrors(const std::string& text) {
    const TempFolder folder;
    const std::string file = folder.file("server.conf");
    writeFile(file, text);
    Program program(argumentsFor(file, {}));
    const int status = program.finish();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(program.errors(), 1, status);
    return program.errors();
}

std::string AuthServer::info() const {
    return AuthTalk(*this).info();
}

std::string AuthServer::talk(const std::string& lines) const {
    return AuthTalk(*this).answer(lines);
}

void AuthServer::reload(const std::string& text) {
    writeFile(folder_.file("server.conf"), text);
    program_->signal(SIGHUP);
    const bool isDone = waitForLog("Reloaded server configuration", ++reloads_);
    CPPUNIT_ASSERT_MESSAGE(program_->errors(), isDone);
}

std::string AuthServer::stop() {
    program_->signal(SIGTERM);
    CPPUNIT_ASSERT_EQUAL(0, program_->finish());
    return program_->errors();
}

AuthTalk::AuthTalk(const AuthServer& server)
    : socket_(Poco::Net::SocketAddress("127.0.0.1", server.port())) {
    socket_.setReceiveTimeout(kPatience);
    info_ = readLine();
}

AuthTalk::AuthTalk(const AuthServer& server, const std::string& connect) : AuthTalk(server) {
    CPPUNIT_ASSERT_EQUAL(std::string("PONG\r\n"), answer(connect));
}

std::string AuthTalk::nonce() const {
    std::smatch match;
    return std::regex_search(info_, match, std::regex("\"nonce\":\"([^\"]*)\"")) ? match[1].str()
                                                                                 : std::string();
}

void AuthTalk::send(const std::string& lines) {
    socket_.sendBytes(lines.data(), static_cast<int>(lines.size()));
}

std::string AuthTalk::answer(const std::string& lines) {
    if (!lines.empty()) {
        send(lines);
    }
    std::string text;
    for (;;) {
        const std::string line = readLine();
        text += line;
        if (line.empty() || line == "PONG\r\n" || line.starts_with("-ERR")) {
            return text;
        }
    }
}

void AuthTalk::ask(const std::string& lines, const std::string& wanted) {
    send(lines + "PING\r\n");
    std::string text;
    while (!text.ends_with("PONG\r\n")) {
        const std::string line = readLine();
        CPPUNIT_ASSERT_MESSAGE(lines + text, !line.empty());
        text += line;
    }
    CPPUNIT_ASSERT_EQUAL_MESSAGE(lines, wanted + "PONG\r\n", text);
}

/// Empty at the end of the connection.
std::string AuthTalk::readLine() {
    for (;;) {
        const std::size_t end = input_.find("\r\n");
        if (end != std::string::npos) {
            std::string line = input_.substr(0, end + 2);
            input_.erase(0, end + 2);
            return line;
        }
        char buffer[4096];
        const int count = socket_.receiveBytes(buffer, sizeof buffer);
        if (count <= 0) {
            return {};
        }
        input_.append(buffer, static_cast<std::size_t>(count));
    }
}

}  // namespace gnatsd::tests
