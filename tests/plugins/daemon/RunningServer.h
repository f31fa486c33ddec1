// What the tests of the running program share: its usual arguments, its log, a client, and a name
// of its own under which no other server of this machine is found.
//
// Threads: one.

#pragma once

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/Program.h"

#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>
#include <vector>

namespace gnatsd::tests {

/// On a free port of the loopback address.
std::vector<std::string> localWith(const std::vector<std::string>& more);

/// Fails the test with the program's log when it does not get there.
void waitUntilReady(Program& program);
void assertLogged(Program& program, const std::string& text);
void assertInOrder(const std::string& log, const std::vector<std::string>& texts);
void assertEnds(Program& program, int status);

/// How often the text is there.
std::size_t countOf(const std::string& text, const std::string& part);

/// Of "Listening for client connections on 127.0.0.1:PORT"; 0 when there is no such line.
std::uint16_t portIn(const std::string& log);

/// A client that has been greeted.
class Client {
public:
    explicit Client(std::uint16_t port);

    const std::string& greeting() const { return greeting_; }

    /// Sends PING; answers what comes up to the PONG or the end of the connection.
    std::string ping();

    /// The same with a line sent before.
    std::string say(const std::string& line);

    /// What still comes before the server ends the connection.
    std::string rest() { return readUntil({}); }

private:
    std::string readUntil(const std::string& end);

    Poco::Net::StreamSocket socket_;
    std::string greeting_;
};

/// The program under another name in that folder.
std::string programNamed(const TempFolder& folder, const std::string& name);

}  // namespace gnatsd::tests
