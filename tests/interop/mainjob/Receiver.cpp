#include "tests/interop/mainjob/Receiver.h"

#include <optional>

namespace gnatsd::interop::mainjob {

Receiver::Receiver(const Plan& plan, Tally& tally, Problems& problems)
    : plan_(plan), tally_(tally), problems_(problems) {}

void Receiver::subscribe(const Client& client, const std::string& queue) {
    natsSubscription* raw = nullptr;
    const char* pattern = tally_.pattern().c_str();
    must(queue.empty() ? natsConnection_Subscribe(&raw, client.get(), pattern, &receive, this)
                       : natsConnection_QueueSubscribe(&raw, client.get(), pattern, queue.c_str(),
                                                       &receive, this),
         "subscribe to " + tally_.pattern());
    subscription_.reset(raw);
    must(natsSubscription_SetPendingLimits(raw, -1, -1), "pending limits");
}

void Receiver::receive(natsConnection*, natsSubscription*, natsMsg* message, void* self) {
    static_cast<Receiver*>(self)->check(Message(message));
}

void Receiver::check(const Message& message) {
    const std::string_view payload = dataOf(message);
    ++received_;
    bytes_ += payload.size();
    const std::optional<Identity> identity = plan_.identify(replyOf(message), payload);
    const auto complain = [&](const std::string& what) {
        problems_.add(tally_.name() + ": " + what + ", subject " + std::string(subjectOf(message)) +
                      ", " + std::to_string(payload.size()) + " bytes" +
                      (identity ? ", publisher " + std::to_string(identity->publisher) +
                                      ", sequence " + std::to_string(identity->sequence)
                                : std::string()));
    };
    if (!identity) {
        complain("not a message of this job");
        return;
    }
    const Content content = plan_.content(*identity);
    if (plan_.subject(content.subject) != subjectOf(message)) {
        complain("wrong subject");
    } else if (!plan_.matches(*identity, content, payload)) {
        complain("altered content");
    } else if (!tally_.wants(content.subject)) {
        complain("does not belong here");
    } else if (identity->sequence < next_[identity->publisher]) {
        complain("out of order or twice");
    } else if (next_[identity->publisher] = identity->sequence + 1; !tally_.count(*identity)) {
        complain("a second time in the group");
    }
}

}  // namespace gnatsd::interop::mainjob
