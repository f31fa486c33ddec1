#include "tests/plugins/samples/HttpService.h"

#include <Poco/JSON/Parser.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <algorithm>
#include <utility>

namespace gnatsd::tests {

namespace {

constexpr int kThreads = 80;

Poco::Net::ServerSocket socketFor(const Poco::Net::Context::Ptr& tls) {
    const Poco::Net::SocketAddress address("127.0.0.1", 0);
    return tls.isNull() ? Poco::Net::ServerSocket(address)
                        : Poco::Net::SecureServerSocket(address, 64, tls);
}

}  // namespace

class HttpService::Handler final : public Poco::Net::HTTPRequestHandler {
public:
    Handler(std::shared_ptr<Counts> counts, const Answer& answer)
        : counts_(std::move(counts)), answer_(answer) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        begin();
        Question question;
        question.method = request.getMethod();
        question.path = request.getURI();
        question.authorization = request.get("Authorization", "");
        question.body =
            Poco::JSON::Parser().parse(request.stream()).extract<Poco::JSON::Object::Ptr>();
        const Reply reply = answer_(question);
        end();
        response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
        response.setContentType("application/json");
        response.sendBuffer(reply.body.data(), reply.body.size());
    }

private:
    void begin() const {
        const std::scoped_lock lock(counts_->mutex);
        ++counts_->calls;
        counts_->most = std::max(counts_->most, ++counts_->now);
    }
    void end() const {
        const std::scoped_lock lock(counts_->mutex);
        --counts_->now;
    }

    const std::shared_ptr<Counts> counts_;
    const Answer answer_;
};

class HttpService::Factory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Factory(std::shared_ptr<Counts> counts, Answer answer)
        : counts_(std::move(counts)), answer_(std::move(answer)) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
        return new Handler(counts_, answer_);  // Poco takes it
    }

private:
    const std::shared_ptr<Counts> counts_;
    const Answer answer_;
};

HttpService::HttpService(Answer answer, const Poco::Net::Context::Ptr& tls)
    : isSecure_(!tls.isNull()), counts_(std::make_shared<Counts>()), threads_(2, kThreads) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setKeepAlive(true);
    params->setMaxThreads(kThreads);
    params->setMaxQueued(1000);
    server_ = std::make_unique<Poco::Net::HTTPServer>(new Factory(counts_, std::move(answer)),
                                                      threads_, socketFor(tls), params);
    server_->start();
}

HttpService::~HttpService() {
    server_->stopAll(true);
    threads_.joinAll();
}

std::uint16_t HttpService::port() const {
    return server_->port();
}

std::string HttpService::url() const {
    return (isSecure_ ? "https" : "http") + ("://127.0.0.1:" + std::to_string(port()) + "/auth");
}

std::size_t HttpService::calls() const {
    const std::scoped_lock lock(counts_->mutex);
    return counts_->calls;
}

std::size_t HttpService::mostAtOnce() const {
    const std::scoped_lock lock(counts_->mutex);
    return counts_->most;
}

}  // namespace gnatsd::tests
