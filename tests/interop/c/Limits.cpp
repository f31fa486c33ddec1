#include "tests/interop/c/Checks.h"
#include "tests/interop/support/Nats.h"
#include "tests/interop/support/Relay.h"

#include <cstddef>
#include <string>

namespace gnatsd::interop {
namespace {

constexpr std::size_t kMaxPayload = 1024UL * 1024;

void largestPayloadArrives(const Server& server) {
    const Client publisher(server.url());
    const Client subscriber(server.url());
    expectEqual(static_cast<std::int64_t>(kMaxPayload),
                natsConnection_GetMaxPayload(publisher.get()), "announced max_payload");
    const Subscription subscription = subscriber.subscribe("max.ok");
    subscriber.flush();
    std::string content(kMaxPayload, ' ');
    for (std::size_t i = 0; i < content.size(); ++i) {
        content[i] = static_cast<char>(i * 31 >> 3);
    }

    publisher.publish("max.ok", content);
    publisher.publish("max.ok", "and on");

    expectNext(subscription, "max.ok", content);
    expectNext(subscription, "max.ok", "and on");
}

void libraryHoldsBackTooLarge(const Server& server) {
    const Client client(server.url());
    const Subscription subscription = client.subscribe("max.held");
    const std::string content(kMaxPayload + 1, 'x');

    mustBe(NATS_MAX_PAYLOAD,
           natsConnection_Publish(client.get(), "max.held", content.data(),
                                  static_cast<int>(content.size())),
           "publish one byte too many");

    client.publish("max.held", "still connected");
    expectNext(subscription, "max.held", "still connected");
}

void serverRefusesTooLarge(const Server& server) {
    Relay relay(server.port());
    const Client client(relay.url(), [](natsOptions* options) {
        must(natsOptions_SetAllowReconnect(options, false), "no reconnect");
    });
    expect(natsConnection_GetMaxPayload(client.get()) > static_cast<std::int64_t>(kMaxPayload),
           "the relay did not raise max_payload");

    client.publish("max.refused", std::string(kMaxPayload + 1, 'x'));

    const std::string text = client.awaitClosed();
    expect(text.find("Maximum Payload Violation") != std::string::npos,
           "the connection ended with <" + text + ">");
    mustBe(NATS_CONNECTION_CLOSED, natsConnection_PublishString(client.get(), "x", "y"),
           "publish after the server closed");
}

}  // namespace

void checkLimits(Report& report, const Server& server) {
    const auto check = [&](const std::string& name, void (*body)(const Server&)) {
        report.check(name, [&] { body(server); });
    };
    check("max payload: the largest arrives", largestPayloadArrives);
    check("max payload: the library holds back more", libraryHoldsBackTooLarge);
    check("max payload: the server refuses more and closes", serverRefusesTooLarge);
}

}  // namespace gnatsd::interop
