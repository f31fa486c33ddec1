#include "tests/plugins/StormClients.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/epoll.h>
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
    : port_(port), connectLine_(std::move(connectLine)), clients_(count) {
    if (poller_ < 0) {
        throw std::runtime_error("no epoll");
    }
}

StormClients::~StormClients() {
    disconnect();
    ::close(poller_);
}

bool StormClients::run(std::chrono::milliseconds limit) {
    const auto end = Clock::now() + limit;
    std::array<epoll_event, 256> events{};
    while (inside_ < clients_.size() && !stopping_ && Clock::now() < end) {
        openSome();
        const int count = ::epoll_wait(poller_, events.data(), static_cast<int>(events.size()),
                                       kPollMilliseconds);
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            serve(event.data.u64, event.events);
        }
    }
    return inside_ == clients_.size();
}

void StormClients::openSome() {
    const auto now = Clock::now();
    for (std::size_t i = 0; i < clients_.size() && opening_ < kOpeningAtOnce; ++i) {
        if (clients_[i].state == State::idle && clients_[i].next <= now) {
            open(i);
        }
    }
}

void StormClients::watch(std::size_t number, std::uint32_t events, int how) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = number;
    if (::epoll_ctl(poller_, how, clients_[number].fd, &event) != 0) {
        throw std::runtime_error("cannot wait for a client");
    }
}

void StormClients::open(std::size_t number) {
    Client& client = clients_[number];
    client.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client.fd < 0) {
        throw std::runtime_error("no socket for another client");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client.state = State::connecting;
    ++opening_;
    static_cast<void>(
        ::connect(client.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    watch(number, EPOLLOUT, EPOLL_CTL_ADD);
}

void StormClients::serve(std::size_t number, std::uint32_t events) {
    Client& client = clients_[number];
    if (client.state == State::connecting) {
        const std::string line = connectLine_(number) + "\r\nPING\r\n";
        if ((events & (EPOLLERR | EPOLLHUP)) != 0 ||
            ::send(client.fd, line.data(), line.size(), MSG_NOSIGNAL) < 0) {
            fail(client);
            return;
        }
        client.state = State::waiting;
        --opening_;
        watch(number, EPOLLIN, EPOLL_CTL_MOD);
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
    inside_ -= client.state == State::in ? 1 : 0;
    opening_ -= client.state == State::connecting ? 1 : 0;
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
