#include "plugins/callout/Connection.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <fcntl.h>
#include <istream>
#include <ostream>
#include <sys/socket.h>
#include <unistd.h>

namespace gnatsd::callout {

namespace {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;
using Poco::Net::StreamSocket;

/// Throws when it is over.
Poco::Timespan timeUntil(Connection::Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(deadline - Connection::Clock::now());
    if (left.count() <= 0) {
        throw Poco::TimeoutException("no time left");
    }
    return {left.count()};
}

std::string hostHeader(const Settings& settings) {
    const bool isIpv6 = settings.host.find(':') != std::string::npos;
    const std::string host = isIpv6 ? "[" + settings.host + "]" : settings.host;
    const bool isUsual = settings.port == (settings.isSecure ? 443 : 80);
    return isUsual ? host : host + ":" + std::to_string(settings.port);
}

}  // namespace

HttpAnswer Connection::post(const std::string& body, Clock::time_point deadline) {
    if (isUsable()) {
        try {
            return exchange(body, deadline);
        } catch (const Poco::Exception&) {
            // The service may have closed it in the same moment; once more on another one.
            close();
            timeUntil(deadline);
        }
    }
    try {
        open(deadline);
        return exchange(body, deadline);
    } catch (...) {
        close();
        throw;
    }
}

void Connection::cut() noexcept {
    const std::scoped_lock lock(mutex_);
    if (descriptor_ >= 0) {
        ::shutdown(descriptor_, SHUT_RDWR);
    }
}

void Connection::open(Clock::time_point deadline) {
    close();
    StreamSocket socket;
    socket.connect(Poco::Net::SocketAddress(settings_->host, settings_->port), timeUntil(deadline));
    socket.setNoDelay(true);
    remember(socket);
    socket.setSendTimeout(timeUntil(deadline));
    socket.setReceiveTimeout(timeUntil(deadline));
    if (settings_->isSecure) {
        socket = Poco::Net::SecureStreamSocket::attach(socket, settings_->host, settings_->tls);
    }
    session_ = std::make_unique<Poco::Net::HTTPClientSession>(socket);
    session_->setKeepAlive(true);
    // Else Poco would connect again by itself after a while, past all that is set here.
    session_->setKeepAliveTimeout(Poco::Timespan(Poco::Timespan::DAYS));
}

void Connection::close() noexcept {
    cut();  // closing may otherwise wait for a peer that does not read
    session_.reset();
    const std::scoped_lock lock(mutex_);
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
}

void Connection::remember(const StreamSocket& socket) {
    const std::scoped_lock lock(mutex_);
    descriptor_ = ::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 0);
}

/// An idle connection from which something can be read has come to its end.
bool Connection::isUsable() {
    return session_ != nullptr &&
           !session_->socket().poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ);
}

HttpAnswer Connection::exchange(const std::string& body, Clock::time_point deadline) {
    session_->socket().setSendTimeout(timeUntil(deadline));
    session_->socket().setReceiveTimeout(timeUntil(deadline));
    HTTPRequest request(HTTPRequest::HTTP_POST, settings_->path, HTTPRequest::HTTP_1_1);
    request.set(HTTPRequest::HOST, hostHeader(*settings_));
    request.set("Accept", "application/json");
    request.set("User-Agent", "gnatsd-callout");
    request.setContentType("application/json");
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    if (!settings_->bearer.empty()) {
        request.setCredentials("Bearer", settings_->bearer);
    }
    std::ostream& out = session_->sendRequest(request);
    out.write(body.data(), static_cast<std::streamsize>(body.size())).flush();
    if (!out) {
        throw Poco::Net::NetException("cannot send the question");
    }
    return receive();
}

HttpAnswer Connection::receive() {
    HTTPResponse response;
    std::istream& in = session_->receiveResponse(response);
    HttpAnswer answer;
    answer.status = response.getStatus();
    answer.body.resize(kMostBody + 1);
    in.read(answer.body.data(), static_cast<std::streamsize>(answer.body.size()));
    answer.body.resize(static_cast<std::size_t>(in.gcount()));
    if (answer.body.size() > kMostBody) {
        throw Poco::Net::NetException("the answer is longer than 64 KiB");
    }
    const bool isShort =
        response.hasContentLength() && static_cast<Poco::Int64>(answer.body.size()) <
                                           static_cast<Poco::Int64>(response.getContentLength64());
    if (in.bad() || isShort) {
        throw Poco::Net::NetException("the answer was cut short");
    }
    if (!response.getKeepAlive()) {
        close();
    }
    return answer;
}

}  // namespace gnatsd::callout
