// HttpService: a real HTTP or HTTPS server in the test, which answers what the test wants and
// counts.
//
// Threads: answers are asked for on several threads at once; the rest is for the test's thread.
// Lifetime: the destructor ends the server; what still waits at a Gate must be let go before.

#pragma once

#include <Poco/JSON/Object.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/ThreadPool.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace gnatsd::tests {

/// Holds whoever comes until it is opened.
class Gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.wait(lock, [this] { return isOpen_; });
        --waiting_;
    }
    void open() {
        const std::scoped_lock lock(mutex_);
        isOpen_ = true;
        changed_.notify_all();
    }
    std::size_t waiting() const {
        const std::scoped_lock lock(mutex_);
        return waiting_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool isOpen_ = false;
    std::size_t waiting_ = 0;
};

class HttpService {
public:
    struct Question {
        std::string method;
        std::string path;
        std::string authorization;
        Poco::JSON::Object::Ptr body;

        std::string text(const std::string& name) const {
            return body->optValue(name, std::string());
        }
    };
    struct Reply {
        int status = 200;
        std::string body = "{}";
    };
    using Answer = std::function<Reply(const Question&)>;

    explicit HttpService(Answer answer, const Poco::Net::Context::Ptr& tls = {});
    ~HttpService();
    HttpService(const HttpService&) = delete;
    HttpService& operator=(const HttpService&) = delete;

    std::uint16_t port() const;
    /// "http://127.0.0.1:PORT/auth", or https.
    std::string url() const;

    std::size_t calls() const;
    std::size_t mostAtOnce() const;
    /// How many connections there were.
    int connections() const { return server_->totalConnections(); }

private:
    struct Counts {
        std::mutex mutex;
        std::size_t calls = 0;
        std::size_t now = 0;
        std::size_t most = 0;
    };
    class Handler;
    class Factory;

    const bool isSecure_;
    const std::shared_ptr<Counts> counts_;
    Poco::ThreadPool threads_;
    std::unique_ptr<Poco::Net::HTTPServer> server_;
};

}  // namespace gnatsd::tests
