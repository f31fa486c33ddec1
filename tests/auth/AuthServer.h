// AuthServer: the program with a configuration file of its own, and conversations with it.
//
// Threads: one. Lifetime: the destructor ends the program.

#pragma once

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/Program.h"

#include <Poco/Net/StreamSocket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

class AuthServer {
public:
    /// Starts it with that text as its file, and waits until it serves.
    explicit AuthServer(const std::string& text, const std::vector<std::string>& flags = {});
    AuthServer(const AuthServer&) = delete;
    AuthServer& operator=(const AuthServer&) = delete;

    /// Standard error of a program that does not start with that file, and ends with status 1.
    static std::string startErrors(const std::string& text);

    std::uint16_t port() const { return port_; }

    /// The INFO line for a new connection.
    std::string info() const;

    /// Sends `lines` on a new connection; answers everything up to a PONG or an -ERR.
    std::string talk(const std::string& lines) const;

    /// Another file, and the signal to read it.
    void reload(const std::string& text);

    /// Waits until the log holds `text` so many times.
    bool waitForLog(const std::string& text, std::size_t count = 1) {
        return program_->waitForCount(text, count);
    }

    /// Ends it; answers all that it logged.
    std::string stop();

private:
    TempFolder folder_;
    std::unique_ptr<Program> program_;
    std::uint16_t port_ = 0;
    std::size_t reloads_ = 0;
};

/// One connection.
class AuthTalk {
public:
    explicit AuthTalk(const AuthServer& server);
    /// Also sends `connect`, and asserts that a PONG comes.
    AuthTalk(const AuthServer& server, const std::string& connect);

    const std::string& info() const { return info_; }
    std::string nonce() const;

    void send(const std::string& lines);

    /// Sends; answers everything up to a PONG or an -ERR line.
    std::string answer(const std::string& lines);

    /// Sends `lines` and a PING; asserts that `wanted` and then the PONG come.
    void ask(const std::string& lines, const std::string& wanted);

private:
    std::string readLine();

    Poco::Net::StreamSocket socket_;
    std::string input_;
    std::string info_;
};

}  // namespace gnatsd::tests
