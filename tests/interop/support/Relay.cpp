#include "tests/interop/support/Relay.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>

#include <array>
#include <cstddef>

namespace gnatsd::interop {
namespace {

constexpr std::string_view kField = "\"max_payload\":";
constexpr std::string_view kRaised = "8388608";
constexpr int kAcceptSeconds = 10;

using Buffer = std::array<char, 64 * 1024>;

/// The bytes received, 0 at the end of the stream or when the connection broke.
std::size_t receive(Poco::Net::StreamSocket& socket, Buffer& buffer) {
    try {
        const int count = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    } catch (const Poco::Exception&) {
        return 0;
    }
}

bool sendAll(Poco::Net::StreamSocket& socket, const char* data, std::size_t size) {
    try {
        while (size > 0) {
            const int count = socket.sendBytes(data, static_cast<int>(size));
            if (count <= 0) {
                return false;
            }
            data += count;
            size -= static_cast<std::size_t>(count);
        }
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

void shutdownSend(Poco::Net::StreamSocket& socket) {
    try {
        socket.shutdownSend();
    } catch (const Poco::Exception&) {
        return;  // The peer is gone already, which is all that was wanted.
    }
}

}  // namespace

Relay::Relay(std::uint16_t serverPort)
    : listener_(Poco::Net::SocketAddress("127.0.0.1", 0), 1),
      server_(Poco::Net::SocketAddress("127.0.0.1", serverPort)),
      thread_([this] { serve(); }) {}

Relay::~Relay() {
    shutdownSend(server_);
    shutdownSend(client_);
    thread_.join();
}

std::string Relay::url() const {
    return "nats://" + listener_.address().toString();
}

void Relay::serve() {
    if (!listener_.poll(Poco::Timespan(kAcceptSeconds, 0), Poco::Net::Socket::SELECT_READ)) {
        return;
    }
    client_ = listener_.acceptConnection();
    passInfo();
    std::jthread other([this] { clientToServer(); });
    serverToClient();
}

void Relay::passInfo() {
    std::string line;
    Buffer buffer;
    while (line.find("\r\n") == std::string::npos) {
        const std::size_t count = receive(server_, buffer);
        if (count == 0) {
            return;
        }
        line.append(buffer.data(), count);
    }
    if (const std::size_t at = line.find(kField); at != std::string::npos) {
        const std::size_t begin = at + kField.size();
        const std::size_t end = line.find_first_not_of("0123456789", begin);
        line.replace(begin, end - begin, kRaised);
    }
    sendAll(client_, line.data(), line.size());
}

void Relay::serverToClient() {
    Buffer buffer;
    while (const std::size_t count = receive(server_, buffer)) {
        sendAll(client_, buffer.data(), count);
    }
    shutdownSend(client_);
}

void Relay::clientToServer() {
    Buffer buffer;
    bool serverReads = true;
    while (const std::size_t count = receive(client_, buffer)) {
        serverReads = serverReads && sendAll(server_, buffer.data(), count);
    }
    shutdownSend(server_);
}

}  // namespace gnatsd::interop
