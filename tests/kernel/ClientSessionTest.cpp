// ClientSession where time, threads or answers must be in the test's hand; its conversation is
// tested through sockets, in tests/protocol.

#include "kernel/ClientSession.h"
#include "tests/kernel/FakeLink.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::kernel {

using namespace std::chrono_literals;

namespace {

class FakeGate final : public AuthGate {
public:
    bool required() const noexcept override { return true; }
    void check(AuthRequest request, std::function<void(AuthAnswer)> done) override {
        requests.push_back(std::move(request));
        answers.push_back(std::move(done));
    }
    void answer(bool accepted) {
        AuthAnswer answer;
        answer.accepted = accepted;
        std::exchange(answers, {}).front()(answer);
    }

    std::vector<AuthRequest> requests;
    std::vector<std::function<void(AuthAnswer)>> answers;
};

Limits testLimits() {
    Limits limits;
    limits.pingInterval = 10s;
    limits.authTimeout = 2s;
    return limits;
}

/// One client on one shard, with a clock that stands still until told.
struct Client {
    explicit Client(AuthGate* gate = nullptr, const Limits& limits = testLimits())
        : broker(limits, ServerInfo{}, log, gate), link(shard, limits.maxPending) {
        shard.now = Clock::time_point(1000s);
        session =
            std::make_unique<ClientSession>(broker, shard, link, link.outboxRef(), 7, "1.2.3.4");
        link.setProtocol(session.get());
        session->onOpen();
        take();
    }
    ~Client() { session->onClosed(CloseReason::clientClosed); }

    std::string take() {
        shard.flushAll();
        return link.taken();
    }
    std::string say(std::string_view bytes) {
        session->onBytes(bytes);
        return take();
    }
    /// Moves time on and lets the timer strike if it is due; answers what was sent.
    std::string pass(std::chrono::milliseconds time) {
        shard.now += time;
        next = session->onTimer(shard.now);
        return take();
    }

    TextLog log;
    FakeTarget target;
    Shard shard{0, target};
    Broker broker;
    FakeLink link;
    std::unique_ptr<ClientSession> session;
    Clock::time_point next;
};

}  // namespace

class ClientSessionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClientSessionTest);
    CPPUNIT_TEST(timerAsksToBeCalledAtTheNextPing);
    CPPUNIT_TEST(pingsGoOutWhenNothingComesIn);
    CPPUNIT_TEST(unansweredPingsEndTheConnection);
    CPPUNIT_TEST(inputPutsThePingOffButDoesNotAnswerIt);
    CPPUNIT_TEST(readingIsPausedWhileTheGateThinks);
    CPPUNIT_TEST(inputDuringACheckWaits);
    CPPUNIT_TEST(secondCheckWithinTheWaitingInput);
    CPPUNIT_TEST(answerAfterTheTimeoutIsIgnored);
    CPPUNIT_TEST(answerAfterTheEndIsIgnored);
    CPPUNIT_TEST(gateSeesWhatTheClientSaid);
    CPPUNIT_TEST(closedSessionLeavesNoSubscription);
    CPPUNIT_TEST(countersTellWhatCameIn);
    CPPUNIT_TEST(farHalfComesBeforeThePong);
    CPPUNIT_TEST(sidOfAnExpiredSubscriptionMayBeTakenAtOnce);
    CPPUNIT_TEST_SUITE_END();

    // CP-94
    void timerAsksToBeCalledAtTheNextPing() {
        Client client;

        CPPUNIT_ASSERT_EQUAL(std::string(), client.pass(0s));
        CPPUNIT_ASSERT(client.next == client.shard.now + 10s);
    }

    // CP-94
    void pingsGoOutWhenNothingComesIn() {
        Client client;

        CPPUNIT_ASSERT_EQUAL(std::string(), client.pass(9999ms));
        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), client.pass(1ms));
        CPPUNIT_ASSERT(client.next == client.shard.now + 10s);
        client.say("PONG\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), client.pass(10s));
        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), client.pass(10s));
    }

    // CP-94, CP-219
    void unansweredPingsEndTheConnection() {
        Client client;

        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), client.pass(10s));
        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), client.pass(10s));
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Stale Connection'\r\n"), client.pass(10s));
        CPPUNIT_ASSERT(client.link.reason == CloseReason::staleConnection);
        CPPUNIT_ASSERT(client.next == Clock::time_point::max());
    }

    // CP-94
    void inputPutsThePingOffButDoesNotAnswerIt() {
        Client client;

        client.pass(6s);
        client.say("SUB a 1\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string(), client.pass(4s));
        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), client.pass(6s));
        client.say("+OK\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("PING\r\n"), client.pass(10s));
        client.say("+OK\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Stale Connection'\r\n"), client.pass(10s));
    }

    // CP-111
    void readingIsPausedWhileTheGateThinks() {
        FakeGate gate;
        Client client(&gate);

        CPPUNIT_ASSERT_EQUAL(std::string(), client.say("CONNECT {\"user\":\"u\"}\r\n"));
        CPPUNIT_ASSERT(client.link.paused);
        gate.answer(true);
        CPPUNIT_ASSERT(client.link.paused);  // the answer is on its way to the session's thread
        client.target.runTasks();

        CPPUNIT_ASSERT(!client.link.paused);
        CPPUNIT_ASSERT_EQUAL(std::string("+OK\r\n"), client.take());
    }

    // CP-10, CP-11
    void inputDuringACheckWaits() {
        FakeGate gate;
        Client client(&gate);

        client.say("CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPU");
        CPPUNIT_ASSERT_EQUAL(std::string(), client.say("B a 1\r\nx\r"));
        gate.answer(true);
        client.target.runTasks();
        CPPUNIT_ASSERT_EQUAL(std::string(), client.take());

        CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 1\r\nx\r\n"), client.say("\n"));
    }

    // CP-32
    void secondCheckWithinTheWaitingInput() {
        FakeGate gate;
        Client client(&gate);

        client.say("CONNECT {}\r\nCONNECT {\"user\":\"x\"}\r\nPING\r\n");
        gate.answer(true);
        client.target.runTasks();
        CPPUNIT_ASSERT_EQUAL(std::string("+OK\r\n"), client.take());
        CPPUNIT_ASSERT(client.link.paused);
        gate.answer(false);
        client.target.runTasks();

        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Authorization Violation'\r\n"), client.take());
        CPPUNIT_ASSERT(client.link.reason == CloseReason::authenticationViolation);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, gate.requests.size());
    }

    // CP-112
    void answerAfterTheTimeoutIsIgnored() {
        FakeGate gate;
        Client client(&gate);

        client.say("CONNECT {}\r\nPING\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string(), client.pass(1999ms));
        CPPUNIT_ASSERT_EQUAL(std::string("-ERR 'Authentication Timeout'\r\n"), client.pass(1ms));
        gate.answer(true);
        client.target.runTasks();

        CPPUNIT_ASSERT_EQUAL(std::string(), client.take());
        CPPUNIT_ASSERT(client.link.reason == CloseReason::authenticationTimeout);
    }

    void answerAfterTheEndIsIgnored() {
        FakeGate gate;
        Client client(&gate);
        client.say("CONNECT {}\r\n");
        client.link.outbox().close(client.shard.pool);

        gate.answer(true);

        while (client.target.runTasks() > 0) {
        }
        CPPUNIT_ASSERT(client.link.paused);
    }

    void gateSeesWhatTheClientSaid() {
        FakeGate gate;
        Client client(&gate);

        client.say(
            "CONNECT {\"user\":\"u\",\"pass\":\"p\",\"auth_token\":\"t\",\"name\":\"n\"}\r\n");

        const AuthRequest& request = gate.requests.at(0);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, request.clientId);
        CPPUNIT_ASSERT_EQUAL(std::string("u"), request.connect.user);
        CPPUNIT_ASSERT_EQUAL(std::string("p"), request.connect.pass);
        CPPUNIT_ASSERT_EQUAL(std::string("t"), request.connect.authToken);
        CPPUNIT_ASSERT_EQUAL(std::string("1.2.3.4:5"), request.peerAddress);
        gate.answer(true);
    }

    // CP-71
    void closedSessionLeavesNoSubscription() {
        Client client;
        client.say("SUB a 1\r\nSUB b q 2\r\nSUB > 3\r\nUNSUB 3 100\r\n");
        Sublist& list = client.broker.globalAccount().sublist();
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, list.size());
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, client.broker.clients());

        client.session->onClosed(CloseReason::readError);

        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, list.size());
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, client.broker.clients());
    }

    void countersTellWhatCameIn() {
        Client client;

        client.say(
            "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPUB a 3\r\nabc\r\nPUB a "
            "4\r\nabcd\r\n");
        client.say("PUB b 20000\r\n" + std::string(20'000, 'x'));
        client.say("\r\n");

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, client.session->inMessages());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{20'007}, client.session->inBytes());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, client.shard.counters.inMessages.get());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{20'007}, client.shard.counters.inBytes.get());
    }

    // CP-91: what a publisher elsewhere has flushed is before the PONG of a later PING
    void farHalfComesBeforeThePong() {
        Client client;
        FakeTarget elsewhere;
        Shard far(1, elsewhere);
        client.link.outbox().appendFar(
            far, 4, 1, [] { return true; },
            [&](OutQueue& queue) { queue.append("far ", far.pool); });

        CPPUNIT_ASSERT_EQUAL(std::string("far PONG\r\n"), client.say("PING\r\n"));
    }

    // CP-63, CP-70
    void sidOfAnExpiredSubscriptionMayBeTakenAtOnce() {
        Client client;

        client.say("CONNECT {\"verbose\":false}\r\n");
        const std::string got =
            client.say("SUB a 1\r\nUNSUB 1 1\r\nPUB a 1\r\nx\r\nSUB b 1\r\nPUB b 1\r\ny\r\n");

        CPPUNIT_ASSERT_EQUAL(std::string("MSG a 1 1\r\nx\r\nMSG b 1 1\r\ny\r\n"), got);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, client.session->subscriptions());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, client.broker.globalAccount().sublist().size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientSessionTest);

}  // namespace gnatsd::kernel
