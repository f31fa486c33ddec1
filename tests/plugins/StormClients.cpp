#include "tests/plugins/StormClients.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::tests {

namespace {

constexpr std::chrono::milliseconds kPause{500};  // before the next attempt
constexpr std::size_t kOpeningAtOnce = 200;       // so that no backlog overflows
constexpr int kPollMilliseconds = 20;

}  // namespace

StormClients::StormClients(std::uint16_t port, std::size_t count,
                           std::function<std::string(std::size_t)> connectLine)
    : port_(port), connectLine_(std::move(connectLine)), clients_(count) {}

StormClients::~StormClients() {
    disconnect();
}

bool StormClients::run(std::chrono::milliseconds limit) {
    const auto end = Clock::now() + limit;
    while (inside_ < clients_.size() && !stopping_ && Clock::now() < end) {
        const auto now = Clock::now();
        std::size_t opening = 0;
        std::vector<pollfd> polled;
        std::vector<std::size_t> numbers;
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            Client& client = clients_[i];
            if (client.state == State::idle && client.next <= now && opening < kOpeningAtOnce) {
                open(client);
            }
            opening += client.state == State::connecting ? 1 : 0;
            if (client.fd >= 0) {
                const bool writes = client.state == State::connecting;
                polled.push_back({client.fd, static_cast<short>(writes ? POLLOUT : POLLIN), 0});
                numbers.push_back(i);
            }
        }
        ::poll(polled.data(), polled.size(), kPollMilliseconds);
        for (std::size_t i = 0; i < polled.size(); ++i) {
            if (polled[i].revents != 0) {
                serve(numbers[i], polled[i].revents);
            }
        }
    }
    return inside_ == clients_.size();
}

void StormClients::open(Client& client) {
    client.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client.fd < 0) {
        throw std::runtime_error("no socket for another client");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client.state = State::connecting;
    static_cast<void>(
        ::connect(client.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

void StormClients::serve(std::size_t number, short events) {
    Client& client = clients_[number];
    if (client.state == State::connecting) {
        const std::string line = connectLine_(number) + "\r\nPING\r\n";
        if ((events & (POLLERR | POLLHUP)) != 0 ||
            ::send(client.fd, line.data(), line.size(), MSG_NOSIGNAL) < 0) {
            fail(client);
            return;
        }
        client.state = State::waiting;
        return;
    }
    char buffer[2048];
    const ssize_t count = ::recv(client.fd, buffer, sizeof buffer, 0);
    if (count <= 0) {
        fail(client);
        return;
    }
    if (client.state == State::in) {
        return;
    }
    client.input.append(buffer, static_cast<std::size_t>(count));
    if (client.input.find("PONG\r\n") != std::string::npos) {
        client.state = State::in;
        client.input.clear();
        ++inside_;
    }
}

void StormClients::fail(Client& client) {
    ++refused_;
    close(client);
    client.next = Clock::now() + kPause;
}

void StormClients::close(Client& client) {
    if (client.state == State::in) {
        --inside_;
    }
    if (client.fd >= 0) {
        ::close(client.fd);
    }
    client = Client();
}

void StormClients::disconnect() {
    for (Client& client : clients_) {
        close(client);
    }
}

std::chrono::microseconds percentile(std::vector<std::chrono::microseconds> values, double part) {
    std::sort(values.begin(), values.end());
    const auto place = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1));
    return values[place];
}

}  // namespace gnatsd::tests
