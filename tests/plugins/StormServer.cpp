#include "tests/plugins/StormServer.h"

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>

#include <array>
#include <crypt.h>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace gnatsd::tests {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;

std::string hashOf(int cost, std::size_t number) {
    std::array<char, 16> salt{};
    for (std::size_t i = 0; i < sizeof number; ++i) {
        salt[i] = static_cast<char>(number >> (8 * i));
    }
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    crypt_data data{};
    if (crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost), salt.data(),
                         static_cast<int>(salt.size()), setting.data(),
                         static_cast<int>(setting.size())) == nullptr) {
        throw std::runtime_error("no bcrypt salt");
    }
    return crypt_r("secret", setting.data(), &data);
}

/// A blocking conversation with a deadline.
class Talk {
public:
    explicit Talk(std::uint16_t port) : socket_(Poco::Net::SocketAddress("127.0.0.1", port)) {
        socket_.setReceiveTimeout(Poco::Timespan(30, 0));
        socket_.setNoDelay(true);
    }

    void send(std::string_view bytes) {
        socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    }

    void expect(std::string_view end) {
        while (!received_.ends_with(end)) {
            char buffer[1024];
            const int count = socket_.receiveBytes(buffer, sizeof buffer);
            if (count <= 0 || received_.find("-ERR") != std::string::npos) {
                throw std::runtime_error("expected " + std::string(end) + ", got " + received_);
            }
            received_.append(buffer, static_cast<std::size_t>(count));
        }
        received_.clear();
    }

private:
    Poco::Net::StreamSocket socket_;
    std::string received_;
};

constexpr std::string_view kFast =
    "CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"fast\",\"pass\":\"secret\"}\r\n"
    "PING\r\n";

}  // namespace

StormServer::StormServer(const std::string& program, const Shape& shape) {
    // Making all hashes takes as long as the storm itself.
    constexpr std::size_t kFew = 16;
    std::vector<std::string> hashes;
    for (std::size_t i = 0; i < (shape.hasCache ? shape.users : kFew); ++i) {
        hashes.push_back(hashOf(shape.cost, i));
    }
    std::string text = std::string(shape.hasCache ? "" : "auth_cache: 0\n") +
                       "authorization {\n  timeout: " + std::to_string(shape.timeoutSeconds) +
                       "\n  users: [\n    {user: fast, password: secret}\n";
    for (std::size_t i = 0; i < shape.users; ++i) {
        text += "    {user: b" + std::to_string(i) + ", password: \"" + hashes[i % hashes.size()] +
                "\"}\n";
    }
    text += "  ]\n}\n";
    const std::string file = folder_.file("storm.conf");
    writeFile(file, text);
    server_ = std::make_unique<ServerProcess>(program, std::vector<std::string>{"-c", file});
}

std::string StormServer::connectLine(std::size_t number) {
    return "CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"b" + std::to_string(number) +
           "\",\"pass\":\"secret\"}";
}

StormServer::Micros StormServer::connectFast() const {
    const auto before = Clock::now();
    Talk talk(port());
    talk.send(kFast);
    talk.expect("PONG\r\n");
    return duration_cast<Micros>(Clock::now() - before);
}

std::vector<StormServer::Micros> StormServer::echo(const std::function<bool()>& isWanted) const {
    Talk publisher(port());
    Talk subscriber(port());
    publisher.send(kFast);
    publisher.expect("PONG\r\n");
    subscriber.send(std::string(kFast) + "SUB echo 1\r\nPING\r\n");
    subscriber.expect("PONG\r\n");
    subscriber.send("PING\r\n");
    subscriber.expect("PONG\r\n");
    std::vector<Micros> times;
    while (isWanted()) {
        const auto before = Clock::now();
        publisher.send("PUB echo 5\r\nhello\r\n");
        subscriber.expect("hello\r\n");
        times.push_back(duration_cast<Micros>(Clock::now() - before));
    }
    return times;
}

}  // namespace gnatsd::tests
