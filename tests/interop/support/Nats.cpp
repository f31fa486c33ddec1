#include "tests/interop/support/Nats.h"

#include "tests/interop/support/Report.h"

#include <condition_variable>
#include <mutex>

namespace gnatsd::interop {
namespace {

Options makeOptions(const std::string& url, const Client::Tweak& tweak) {
    natsOptions* raw = nullptr;
    must(natsOptions_Create(&raw), "natsOptions_Create");
    Options options(raw);
    must(natsOptions_SetURL(raw, url.c_str()), "natsOptions_SetURL");
    must(natsOptions_SetTimeout(raw, kPatience.count()), "natsOptions_SetTimeout");
    if (tweak) {
        tweak(raw);
    }
    return options;
}

}  // namespace

void must(natsStatus status, std::string_view what) {
    mustBe(NATS_OK, status, what);
}

void mustBe(natsStatus expected, natsStatus actual, std::string_view what) {
    expectEqual(std::string(natsStatus_GetText(expected)), natsStatus_GetText(actual),
                std::string(what));
}

std::string_view subjectOf(const Message& message) {
    return natsMsg_GetSubject(message.get());
}

std::string_view replyOf(const Message& message) {
    const char* reply = natsMsg_GetReply(message.get());
    return reply == nullptr ? std::string_view() : std::string_view(reply);
}

std::string_view dataOf(const Message& message) {
    return {natsMsg_GetData(message.get()),
            static_cast<std::size_t>(natsMsg_GetDataLength(message.get()))};
}

Message makeMessage(const std::string& subject, const std::string& reply, std::string_view data) {
    natsMsg* raw = nullptr;
    must(natsMsg_Create(&raw, subject.c_str(), reply.empty() ? nullptr : reply.c_str(), data.data(),
                        static_cast<int>(data.size())),
         "natsMsg_Create");
    return Message(raw);
}

Message next(const Subscription& subscription) {
    natsMsg* raw = nullptr;
    must(natsSubscription_NextMsg(&raw, subscription.get(), kPatience.count()), "next message");
    return Message(raw);
}

void expectNext(const Subscription& subscription, std::string_view subject, std::string_view data) {
    const Message message = next(subscription);
    expectEqual(subject, subjectOf(message), "subject of the next message");
    expect(data == dataOf(message), "content of the next message differs, its subject is " +
                                        std::string(subjectOf(message)));
}

struct Client::Closed {
    bool await() {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, kPatience, [this] { return done; });
    }

    static void tell(natsConnection* connection, void* closure) {
        const std::unique_ptr<std::shared_ptr<Closed>> self(
            static_cast<std::shared_ptr<Closed>*>(closure));
        const char* text = nullptr;
        natsConnection_GetLastError(connection, &text);
        const std::lock_guard lock((*self)->mutex);
        (*self)->error = text == nullptr ? "" : text;
        (*self)->done = true;
        (*self)->changed.notify_all();
    }

    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::string error;
};

Client::Client(const std::string& url, const Tweak& tweak) : closed_(std::make_shared<Closed>()) {
    const Options options = makeOptions(url, tweak);
    auto closure = std::make_unique<std::shared_ptr<Closed>>(closed_);
    must(natsOptions_SetClosedCB(options.get(), &Closed::tell, closure.get()), "closed callback");
    natsConnection* raw = nullptr;
    must(natsConnection_Connect(&raw, options.get()), "connect to " + url);
    static_cast<void>(closure.release());  // Taken back by the callback.
    connection_.reset(raw);
}

Client::~Client() {
    natsConnection_Close(get());
    closed_->await();
}

std::string Client::awaitClosed() const {
    expect(closed_->await(), "the connection did not close");
    const std::lock_guard lock(closed_->mutex);
    return closed_->error;
}

void Client::publish(const std::string& subject, std::string_view data) const {
    must(natsConnection_Publish(get(), subject.c_str(), data.data(), static_cast<int>(data.size())),
         "publish to " + subject);
}

void Client::flush() const {
    must(natsConnection_FlushTimeout(get(), kPatience.count()), "flush");
}

Subscription Client::subscribe(const std::string& subject) const {
    natsSubscription* raw = nullptr;
    must(natsConnection_SubscribeSync(&raw, get(), subject.c_str()), "subscribe to " + subject);
    return Subscription(raw);
}

Subscription Client::subscribe(const std::string& subject, const std::string& queue) const {
    natsSubscription* raw = nullptr;
    must(natsConnection_QueueSubscribeSync(&raw, get(), subject.c_str(), queue.c_str()),
         "subscribe to " + subject + " as " + queue);
    return Subscription(raw);
}

Message Client::request(const std::string& subject, std::string_view data) const {
    natsMsg* raw = nullptr;
    must(natsConnection_Request(&raw, get(), subject.c_str(), data.data(),
                                static_cast<int>(data.size()), kPatience.count()),
         "request to " + subject);
    return Message(raw);
}

}  // namespace gnatsd::interop
