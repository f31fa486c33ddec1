// A relay for one connection that raises max_payload in the INFO it passes on, so that a client
// library sends what its own check would have held back and the server has to refuse. It goes on
// reading from the client when the server is gone: the client learns of the end by what the server
// said, not by an error of its own write.
// Threads: two of its own. Lifetime: the destructor ends the connection and joins them.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>
#include <thread>

namespace gnatsd::interop {

class Relay {
public:
    explicit Relay(std::uint16_t serverPort);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    std::string url() const;

private:
    void serve();
    void passInfo();
    void serverToClient();
    void clientToServer();

    Poco::Net::ServerSocket listener_;
    Poco::Net::StreamSocket server_;
    Poco::Net::StreamSocket client_;
    std::jthread thread_;
};

}  // namespace gnatsd::interop
