// AuthFixture: a chain of authenticators to ask, and authenticators made of functions.
//
// Threads: those of the test.

#pragma once

#include "plugins/host/AuthChain.h"
#include "plugins/host/RegistryImpl.h"
#include "tests/plugins/Fixtures.h"
#include <gnatsd/AsyncAuthenticator.h>
#include <gnatsd/Authenticator.h>

#include <cppunit/extensions/HelperMacros.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

namespace gnatsd::tests {

class Asked final : public sdk::Authenticator {
public:
    using Answer = std::function<sdk::AuthResult(const sdk::ConnectRequest&)>;
    explicit Asked(Answer answer, sdk::Cost cost = sdk::Cost::slow)
        : answer_(std::move(answer)), cost_(cost) {}
    sdk::AuthResult authenticate(const sdk::ConnectRequest& request) const override {
        return answer_(request);
    }
    sdk::Cost cost(const sdk::ConnectRequest&) const override { return cost_; }

private:
    const Answer answer_;
    const sdk::Cost cost_;
};

class AskedLater final : public sdk::AsyncAuthenticator {
public:
    using Begin = std::function<void(const sdk::ConnectRequest&, const sdk::AuthReply&)>;
    explicit AskedLater(Begin begin) : begin_(std::move(begin)) {}
    void authenticate(const sdk::ConnectRequest& request, sdk::AuthReply reply) const override {
        begin_(request, reply);
    }

private:
    const Begin begin_;
};

/// A door that calls wait at until it is opened; opened at the latest by its end.
class Gate {
public:
    Gate() : open_(opener_.get_future().share()) {}
    ~Gate() { open(); }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    void wait() const { open_.wait(); }
    void open() {
        if (!std::exchange(isOpen_, true)) {
            opener_.set_value();
        }
    }

private:
    std::promise<void> opener_;
    std::shared_future<void> open_;
    bool isOpen_ = false;
};

class AuthFixture : public CppUnit::TestFixture {
protected:
    using Future = std::future<kernel::AuthAnswer>;

    sdk::Registration provide(const std::string& name, Asked::Answer answer, int rank = 0,
                              sdk::Cost cost = sdk::Cost::slow) {
        return view_->provide<sdk::Authenticator>(
            name, std::make_shared<Asked>(std::move(answer), cost), rank);
    }
    sdk::Registration provideLater(const std::string& name, AskedLater::Begin begin, int rank = 0) {
        return view_->provide<sdk::AsyncAuthenticator>(
            name, std::make_shared<AskedLater>(std::move(begin)), rank);
    }

    static host::auth::Settings settings(std::size_t workers = 1, std::size_t queue = 4096) {
        host::auth::Settings settings;
        settings.fastWorkers = workers;
        settings.slowWorkers = workers;
        settings.queue = queue;
        settings.slowDown = false;
        return settings;
    }

    static kernel::AuthRequest requestOf(const std::string& user,
                                         const std::string& address = "127.0.0.1:9") {
        kernel::AuthRequest request;
        request.connect.user = user;
        request.peerAddress = address;
        return request;
    }

    static Future begin(host::AuthChain& chain, kernel::AuthRequest request) {
        auto promise = std::make_shared<std::promise<kernel::AuthAnswer>>();
        Future answer = promise->get_future();
        chain.check(std::move(request),
                    [promise](kernel::AuthAnswer given) { promise->set_value(std::move(given)); });
        return answer;
    }

    static kernel::AuthAnswer await(Future answer) {
        CPPUNIT_ASSERT(answer.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        return answer.get();
    }

    static kernel::AuthAnswer ask(host::AuthChain& chain, kernel::AuthRequest request) {
        return await(begin(chain, std::move(request)));
    }

    /// Whether the answer is a refusal for that reason.
    static bool isRefused(const kernel::AuthAnswer& answer, const std::string& reason) {
        return !answer.accepted && answer.reason.starts_with(reason);
    }

    RecordingLog log_;
    host::RegistryImpl registry_{log_};
    std::unique_ptr<sdk::ServiceRegistry> view_ = registry_.view("tester");
};

}  // namespace gnatsd::tests
