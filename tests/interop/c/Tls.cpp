#include "tests/interop/c/Checks.h"
#include "tests/support/TlsFiles.h"

#include <string>

namespace gnatsd::interop {
namespace {

constexpr int kManyMessages = 100'000;

using tests::TlsFiles;

std::string tlsBlock(const TlsFiles& files, const std::string& more = {}) {
    return "tls { cert_file: \"" + files.pem("server") + "\", key_file: \"" + files.key("server") +
           "\"" + more + " }\n";
}

/// With TLS, trusting the CA of that name, expecting the server to be `host`.
Client::Tweak trusting(const TlsFiles& files, const std::string& authority,
                       const std::string& host = "localhost") {
    return [file = files.pem(authority), host](natsOptions* options) {
        must(natsOptions_SetSecure(options, true), "secure");
        must(natsOptions_LoadCATrustedCertificates(options, file.c_str()), "CA");
        must(natsOptions_SetExpectedHostname(options, host.c_str()), "expected host name");
    };
}

Client::Tweak presenting(const TlsFiles& files, const std::string& certificate) {
    return [&files, certificate](natsOptions* options) {
        trusting(files, "ca")(options);
        must(natsOptions_LoadCertificatesChain(options, files.pem(certificate).c_str(),
                                               files.key(certificate).c_str()),
             "client certificate");
    };
}

void expectRefused(const Server& server, const Client::Tweak& tweak, const std::string& why) {
    try {
        const Client client(server.url(), tweak);
    } catch (const Failure&) {
        return;
    }
    throw Failure("connected " + why);
}

void manyMessagesArrive(const Server& server, const TlsFiles& files) {
    const Client publisher(server.url(), trusting(files, "ca"));
    const Client subscriber(server.url(), trusting(files, "ca"));
    const Subscription subscription = subscriber.subscribe("tls.many");
    must(natsSubscription_SetPendingLimits(subscription.get(), -1, -1), "pending limits");
    subscriber.flush();

    for (int i = 0; i < kManyMessages; ++i) {
        publisher.publish("tls.many", std::to_string(i));
    }

    for (int i = 0; i < kManyMessages; ++i) {
        expectNext(subscription, "tls.many", std::to_string(i));
    }
}

void onlyTheRightServerIsTrusted(const Server& server, const TlsFiles& files) {
    expectRefused(server, trusting(files, "stranger"), "to a server of another CA");
    expectRefused(server, trusting(files, "ca", "example.com"), "to a server of another name");
    expectRefused(server, {}, "without TLS");
}

void clientCertificateIsChecked(const Server& server, const TlsFiles& files) {
    expectRefused(server, trusting(files, "ca"), "without a certificate");
    expectRefused(server, presenting(files, "stranger"), "with a certificate of another CA");
    const Client client(server.url(), presenting(files, "client"));
    client.flush();
}

/// Only erin may publish, and only to open.>.
void clientCertificateNamesTheUser(const Server& server, const TlsFiles& files) {
    const Client erin(server.url(), presenting(files, "client"));
    const Subscription open = erin.subscribe("open.>");
    const Subscription denied = erin.subscribe("closed.a");
    erin.publish("open.a", "for all");
    erin.flush();
    expectNext(open, "open.a", "for all");

    const char* error = nullptr;
    natsConnection_GetLastError(erin.get(), &error);
    expect(error != nullptr && std::string(error).find("closed.a") != std::string::npos,
           "erin may subscribe to closed.a");
    expectRefused(server, presenting(files, "nobody"), "as somebody whom no user is");
}

}  // namespace

void checkTls(Report& report) {
    TlsFiles files;
    files.make("stranger", {.subject = "CN=Stranger", .names = "", .issuer = "stranger"});
    files.make("nobody", {.subject = "CN=nobody", .names = "email:nobody@example.com"});
    {
        Server server(tlsBlock(files));
        report.check("tls: 100,000 messages arrive in order",
                     [&] { manyMessagesArrive(server, files); });
        report.check("tls: only the right server is trusted",
                     [&] { onlyTheRightServerIsTrusted(server, files); });
        checkReconnect(report, server, "tls: ", trusting(files, "ca"));
    }
    const std::string ca = ", ca_file: \"" + files.pem("ca") + "\"";
    {
        const Server server(tlsBlock(files, ca + ", verify: true"));
        report.check("tls: the client's certificate is checked",
                     [&] { clientCertificateIsChecked(server, files); });
    }
    const Server server(tlsBlock(files, ca + ", verify_and_map: true") +
                        "authorization { users: [ { user: \"erin@example.com\", permissions: {\n"
                        "  publish: \"open.>\", subscribe: \"open.>\" } } ] }\n");
    report.check("tls: the client's certificate names the user",
                 [&] { clientCertificateNamesTheUser(server, files); });
}

}  // namespace gnatsd::interop
