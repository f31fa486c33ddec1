#include "plugins/host/auth/Audit.h"
#include "tests/plugins/AuthFixture.h"
#include <gnatsd/AuditListener.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

using sdk::AuditEvent;
using sdk::AuthResult;
using sdk::ConnectRequest;

class Listener final : public sdk::AuditListener {
public:
    void onEvent(const AuditEvent& event) override {
        static constexpr const char* kKinds[] = {"accepted", "refused", "publish", "subscribe",
                                                 "reply"};
        std::string line = kKinds[static_cast<std::size_t>(event.kind)];
        line += " " + std::to_string(event.clientId);
        for (const auto part : {event.address, event.clientName, event.user, event.account,
                                event.method, event.reason, event.subject, event.queue}) {
            line += "," + std::string(part);
        }
        const kernel::MutexLock lock(mutex_);
        lines_.push_back(line);
    }
    std::vector<std::string> lines() const {
        const kernel::MutexLock lock(mutex_);
        return lines_;
    }

private:
    mutable kernel::Mutex mutex_;
    std::vector<std::string> lines_ GNATSD_GUARDED_BY(mutex_);
};

class Broken final : public sdk::AuditListener {
public:
    void onEvent(const AuditEvent&) override { throw std::runtime_error("disk full"); }
};

class Slow final : public sdk::AuditListener {
public:
    explicit Slow(Gate& gate) : gate_(gate) {}
    void onEvent(const AuditEvent&) override { gate_.wait(); }

private:
    Gate& gate_;
};

}  // namespace

class AuditTest : public AuthFixture {
    CPPUNIT_TEST_SUITE(AuditTest);
    CPPUNIT_TEST(listenersHearOfEveryDecision);
    CPPUNIT_TEST(listenersHearOfViolations);
    CPPUNIT_TEST(noSecretIsInAnyLineOrEvent);
    CPPUNIT_TEST(aListenerThatThrowsDisturbsNobody);
    CPPUNIT_TEST(aListenerThatHangsDisturbsNobody);
    CPPUNIT_TEST(acceptedClientsAreLoggedAtDebugOrInfo);
    CPPUNIT_TEST_SUITE_END();

    sdk::Registration aliceOnly() {
        return provide("names", [](const ConnectRequest& request) {
            return request.user == "alice" ? AuthResult::accept("alice", nullptr, "ACC")
                                           : AuthResult::reject("who\nis that");
        });
    }

    static kernel::AuthRequest requestWithSecrets(const std::string& user) {
        auto request = requestOf(user, "192.0.2.1:5");
        request.clientId = 7;
        request.connect.name = "app";
        request.connect.pass = "s3cret-pass";
        request.connect.authToken = "s3cret-token";
        request.connect.sig = "s3cret-sig";
        request.connect.jwt = "s3cret-jwt";
        return request;
    }

    void listenersHearOfEveryDecision() {
        const auto names = aliceOnly();
        const auto listener = std::make_shared<Listener>();
        const auto registration = view_->provide<sdk::AuditListener>("list", listener);
        host::AuthChain chain(*view_, log_, settings());
        ask(chain, requestWithSecrets("alice"));
        ask(chain, requestWithSecrets("mallory"));

        CPPUNIT_ASSERT(waitFor([&] { return listener->lines().size() == 2; }));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted 7,192.0.2.1:5,app,alice,ACC,names,,,"),
                             listener->lines()[0]);
        CPPUNIT_ASSERT_EQUAL(
            std::string("refused 7,192.0.2.1:5,app,mallory,,names,who\\nis that,,"),
            listener->lines()[1]);
    }

    void listenersHearOfViolations() {
        const auto listener = std::make_shared<Listener>();
        const auto registration = view_->provide<sdk::AuditListener>("list", listener);
        host::AuthChain chain(*view_, log_, settings());
        kernel::Violation violation;
        violation.clientId = 3;
        violation.peerAddress = "192.0.2.1:5";
        violation.clientName = "app";
        violation.user = "bob";
        violation.account = "ACC";
        violation.subject = "secret.x";
        violation.queue = "q";
        for (const auto kind :
             {kernel::Violation::Kind::publish, kernel::Violation::Kind::subscribe,
              kernel::Violation::Kind::reply}) {
            violation.kind = kind;
            chain.violated(violation);
        }

        CPPUNIT_ASSERT(waitFor([&] { return listener->lines().size() == 3; }));
        CPPUNIT_ASSERT_EQUAL(
            std::string("publish 3,192.0.2.1:5,app,bob,ACC,,permissions,secret.x,q"),
            listener->lines()[0]);
        CPPUNIT_ASSERT(listener->lines()[1].starts_with("subscribe 3,"));
        CPPUNIT_ASSERT(listener->lines()[2].starts_with("reply 3,"));
    }

    void noSecretIsInAnyLineOrEvent() {
        const auto names = aliceOnly();
        const auto listener = std::make_shared<Listener>();
        const auto registration = view_->provide<sdk::AuditListener>("list", listener);
        log_.setDebug(true);
        log_.setTrace(true);
        host::AuthChain chain(*view_, log_, settings());
        std::string seen = ask(chain, requestWithSecrets("alice")).reason;
        seen += ask(chain, requestWithSecrets("mallory")).reason;
        CPPUNIT_ASSERT(waitFor([&] { return listener->lines().size() == 2; }));

        for (const std::string& line : listener->lines()) {
            seen += line;
        }
        for (const std::string& line : log_.lines()) {
            seen += line;
        }
        CPPUNIT_ASSERT_MESSAGE(seen, seen.find("alice") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(seen, seen.find("s3cret") == std::string::npos);
    }

    void aListenerThatThrowsDisturbsNobody() {
        const auto names = aliceOnly();
        const auto broken =
            view_->provide<sdk::AuditListener>("broken", std::make_shared<Broken>(), -1);
        const auto listener = std::make_shared<Listener>();
        const auto registration = view_->provide<sdk::AuditListener>("list", listener);
        host::AuthChain chain(*view_, log_, settings());
        ask(chain, requestOf("alice"));

        CPPUNIT_ASSERT(waitFor([&] { return listener->lines().size() == 1; }));
        CPPUNIT_ASSERT(log_.has("E Audit listener broken failed: disk full"));
    }

    void aListenerThatHangsDisturbsNobody() {
        Gate gate;
        const auto names = aliceOnly();
        const auto slow = view_->provide<sdk::AuditListener>("slow", std::make_shared<Slow>(gate));
        host::AuthChain chain(*view_, log_, settings());
        const kernel::Violation violation;
        for (std::size_t i = 0; i < 2 * host::auth::Audit::kMost + 100; ++i) {
            chain.violated(violation);
        }
        CPPUNIT_ASSERT(ask(chain, requestOf("alice")).accepted);
        gate.open();

        CPPUNIT_ASSERT(
            waitFor([&] { return log_.has("W Audit listeners are too slow, events lost: "); }));
    }

    void acceptedClientsAreLoggedAtDebugOrInfo() {
        const auto names = aliceOnly();
        auto quiet = settings();
        host::AuthChain chain(*view_, log_, quiet);
        ask(chain, requestWithSecrets("alice"));
        CPPUNIT_ASSERT(!log_.has("Authenticated"));

        log_.setDebug(true);
        ask(chain, requestWithSecrets("alice"));
        CPPUNIT_ASSERT(log_.has("D 192.0.2.1:5 - cid:7 - "));
        CPPUNIT_ASSERT(
            log_.has(" - Authenticated - User \"alice\", Account \"ACC\", Method "
                     "\"names\", Duration "));

        quiet.logAccepts = true;
        chain.configure(quiet);
        ask(chain, requestWithSecrets("alice"));
        CPPUNIT_ASSERT(log_.has("I 192.0.2.1:5 - cid:7 - "));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AuditTest);

}  // namespace gnatsd::tests
