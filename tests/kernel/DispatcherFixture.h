// DispatcherFixture: messages as the parser makes them, and receivers on two reactors' worth of
// kernel state.

#pragma once

#include "kernel/Account.h"
#include "kernel/Dispatcher.h"
#include "tests/kernel/FakeLink.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::kernel {

/// A message as the parser makes it of "PUB subject [reply] size CRLF payload CRLF" or of HPUB.
struct Made {
    Made(std::string_view subject, std::string_view reply, std::string_view payload,
         std::size_t headerSize = 0, bool withTail = true) {
        const std::string sizes = (headerSize > 0 ? std::to_string(headerSize) + ' ' : "") +
                                  std::to_string(payload.size());
        input = std::string(subject) + ' ' + std::string(reply) + (reply.empty() ? "" : " ") +
                sizes + "\r\n" + std::string(payload) + "\r\n";
        const std::string_view in(input);
        message.subject = in.substr(0, subject.size());
        message.tail = in.substr(subject.size() + 1);
        message.reply = message.tail.substr(0, reply.size());
        message.sizes = message.tail.substr(reply.empty() ? 0 : reply.size() + 1, sizes.size());
        message.payload = in.substr(in.size() - payload.size() - 2, payload.size());
        message.headerSize = headerSize;
        if (!withTail) {
            message.tail = {};
        }
    }
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;

    std::string input;
    Message message;
};

/// Two reactors' worth of kernel state with one client each, "near" the publisher and "far" of it.
struct Bench {
    explicit Bench(std::size_t maxPending = 1'000'000)
        : link(std::make_unique<FakeLink>(shard, maxPending)),
          farLink(std::make_unique<FakeLink>(farShard, maxPending, "9.9.9.9:9 - cid:2")),
          publisher(std::make_unique<FakeLink>(shard, maxPending, "1.1.1.1:1 - cid:3")) {}

    Ref<Subscription> add(FakeLink& of, std::string_view subject, std::string_view sid,
                          std::string_view queue = {}) {
        Ref<Subscription> made = Subscription::make(&of.outbox(), subject, queue, sid);
        account.sublist().insert(made);
        return made;
    }

    std::size_t deliver(const Message& message, bool echo = true) {
        Dispatcher dispatcher(shard, log);
        return dispatcher.deliver(message, {account, &publisher->outbox(), echo});
    }
    std::size_t deliver(std::string_view subject, std::string_view payload) {
        const Made made(subject, "", payload);
        return deliver(made.message);
    }

    std::string near() {
        shard.flushAll();
        return link->taken();
    }
    std::string far() {
        shard.flushAll();
        for (const Ref<Outbox>& outbox : farTarget.takeAsked()) {
            outbox->link()->flush();
        }
        return farLink->taken();
    }

    TextLog log;
    FakeTarget target;
    FakeTarget farTarget;
    Shard shard{0, target};
    Shard farShard{1, farTarget};
    Account account{"$G"};
    std::unique_ptr<FakeLink> link;
    std::unique_ptr<FakeLink> farLink;
    std::unique_ptr<FakeLink> publisher;
};

}  // namespace gnatsd::kernel
