// Tls13Records by itself: two of them, each with the secrets of the other.

#include "transports/tls/Tls13Records.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

using tls::RecordLayer;
using tls::Secret;
using tls::Target;
using tls::Tls13Records;
using tls::Wire;

constexpr std::uint16_t kSuite = 0x1301;

Secret secretOf(unsigned char first, std::size_t size) {
    Secret secret;
    secret.size = size;
    for (std::size_t i = 0; i < size; ++i) {
        secret.bytes[i] = static_cast<unsigned char>(first + i);
    }
    return secret;
}

/// One side of a connection.
struct Side {
    explicit Side(bool first, std::uint16_t suite = kSuite,
                  std::uint64_t most = Tls13Records::kMostRecords) {
        const std::size_t size = suite == 0x1302 ? 48 : 32;
        const Secret one = secretOf(1, size);
        const Secret other = secretOf(101, size);
        records = Tls13Records::make(
            suite, first ? Tls13Records::Secrets{one, other} : Tls13Records::Secrets{other, one}, 0,
            most);
        CPPUNIT_ASSERT(records != nullptr);
    }

    std::string seal(const std::string& text) const {
        Wire& wire = Wire::here();
        CPPUNIT_ASSERT(records->seal(text, wire));
        return std::string(wire.output());
    }

    /// Of bytes that came; `answer`: what goes back.
    RecordLayer::Input open(const std::string& bytes) {
        Wire& wire = Wire::here();
        wire.put(bytes);
        std::vector<char> room(64 * 1024);
        Target target{{}, room};
        const RecordLayer::Input input = records->open(wire, target);
        got.assign(room.data(), target.size);
        left = wire.rest().size();
        answer = wire.output();
        return input;
    }

    std::unique_ptr<Tls13Records> records;
    std::string got;
    std::size_t left = 0;
    std::string answer;
};

/// A key made of a secret as the records make it, to send what they never do.
struct Forger {
    explicit Forger(unsigned char first) {
        CPPUNIT_ASSERT(key.begin(kSuite, secretOf(first, 32), 0));
    }
    std::string record(unsigned char type, const std::string& content) {
        std::string out(content.size() + 64, '\0');
        out.resize(key.seal(type, content, out.data()));
        return out;
    }

    tls::TrafficKey key{tls::TrafficKey::Use::seal};
};

constexpr unsigned char kAlert = 21;
constexpr unsigned char kHandshake = 22;
constexpr unsigned char kData = 23;

}  // namespace

class TlsRecordsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsRecordsTest);
    CPPUNIT_TEST(keysAreThoseOfTheStandard);
    CPPUNIT_TEST(everySuiteGoesBothWays);
    CPPUNIT_TEST(unknownSuitesAndSecretsAreRefused);
    CPPUNIT_TEST(everyCutOfTheInputIsTheSame);
    CPPUNIT_TEST(changedBitsAreFound);
    CPPUNIT_TEST(orderAndRepetitionAreFound);
    CPPUNIT_TEST(keysAreRenewedInTime);
    CPPUNIT_TEST(keyUpdateIsAnsweredWhenAskedFor);
    CPPUNIT_TEST(paddingIsTakenAway);
    CPPUNIT_TEST(whatAClientMayNotSendEndsIt);
    CPPUNIT_TEST(recordsWithoutDataAreCounted);
    CPPUNIT_TEST(closeNotifyIsTheEnd);
    CPPUNIT_TEST_SUITE_END();

    // The key and nonce of the application data of RFC 8448, section 3: the client's first record.
    void keysAreThoseOfTheStandard() {
        const std::string secret =
            bytesOf("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
        Secret read;
        read.size = secret.size();
        std::copy(secret.begin(), secret.end(), read.bytes.begin());
        const auto records = Tls13Records::make(kSuite, {read, secretOf(1, 32)}, 0);
        CPPUNIT_ASSERT(records != nullptr);
        std::string plain;
        for (int i = 0; i < 50; ++i) {
            plain += static_cast<char>(i);
        }
        Wire& wire = Wire::here();
        wire.put(
            bytesOf("1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5"
                    "b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4"));
        std::vector<char> room(64 * 1024);
        Target target{{}, room};
        CPPUNIT_ASSERT(records->open(wire, target) == RecordLayer::Input::goesOn);
        CPPUNIT_ASSERT_EQUAL(plain, std::string(room.data(), target.size));
    }

    void everySuiteGoesBothWays() {
        for (const std::uint16_t suite : std::array<std::uint16_t, 3>{0x1301, 0x1302, 0x1303}) {
            Side a(true, suite);
            Side b(false, suite);
            for (const std::size_t size : {1U, 100U, 16'383U, 16'384U}) {
                const std::string text(size, 'x');
                CPPUNIT_ASSERT(b.open(a.seal(text)) == RecordLayer::Input::goesOn);
                CPPUNIT_ASSERT_EQUAL(text, b.got);
                CPPUNIT_ASSERT(a.open(b.seal(text)) == RecordLayer::Input::goesOn);
                CPPUNIT_ASSERT_EQUAL(text, a.got);
            }
        }
    }

    void unknownSuitesAndSecretsAreRefused() {
        const Secret good = secretOf(1, 32);
        CPPUNIT_ASSERT(Tls13Records::make(kSuite, {good, {}}, 0) == nullptr);
        CPPUNIT_ASSERT(Tls13Records::make(kSuite, {secretOf(1, 48), good}, 0) == nullptr);
        CPPUNIT_ASSERT(Tls13Records::make(0x1304, {good, good}, 0) == nullptr);
    }

    void everyCutOfTheInputIsTheSame() {
        const std::string text = "PING\r\n";
        for (std::size_t cut = 0; cut < text.size() + 22; ++cut) {
            Side a(true);
            Side b(false);
            const std::string record = a.seal(text);
            CPPUNIT_ASSERT(b.open(record.substr(0, cut)) == RecordLayer::Input::goesOn);
            CPPUNIT_ASSERT_EQUAL(std::string(), b.got);
            CPPUNIT_ASSERT_EQUAL(cut, b.left);
            CPPUNIT_ASSERT(b.open(record) == RecordLayer::Input::goesOn);
            CPPUNIT_ASSERT_EQUAL(text, b.got);
        }
    }

    void changedBitsAreFound() {
        const std::size_t size = Side(true).seal("hello").size();
        for (std::size_t at = 0; at < size * 8; ++at) {
            Side a(true);
            Side b(false);
            std::string record = a.seal("hello");
            record[at / 8] = static_cast<char>(record[at / 8] ^ (1 << (at % 8)));
            const RecordLayer::Input input = b.open(record);
            // Only a length may grow: then more is waited for.
            const bool waits = input == RecordLayer::Input::goesOn && b.left == size;
            CPPUNIT_ASSERT_MESSAGE("bit " + std::to_string(at),
                                   input == RecordLayer::Input::failed || waits);
            CPPUNIT_ASSERT_EQUAL(std::string(), b.got);
        }
    }

    void orderAndRepetitionAreFound() {
        Side a(true);
        Side b(false);
        const std::string first = a.seal("first");
        const std::string second = a.seal("second");
        CPPUNIT_ASSERT(Side(false).open(second) == RecordLayer::Input::failed);
        CPPUNIT_ASSERT(b.open(first) == RecordLayer::Input::goesOn);
        CPPUNIT_ASSERT(b.open(first) == RecordLayer::Input::failed);
    }

    void keysAreRenewedInTime() {
        Side a(true, kSuite, 10);
        Side b(false, kSuite, 10);
        for (int i = 0; i < 100; ++i) {
            const std::string text = std::to_string(i);
            CPPUNIT_ASSERT(b.open(a.seal(text)) == RecordLayer::Input::goesOn);
            CPPUNIT_ASSERT_EQUAL(text, b.got);
            CPPUNIT_ASSERT_EQUAL(std::string(), b.answer);
        }
    }

    void keyUpdateIsAnsweredWhenAskedFor() {
        Side server(true);
        Forger client(1);
        CPPUNIT_ASSERT(server.open(client.record(kHandshake, std::string("\x18\0\0\1\1", 5))) ==
                       RecordLayer::Input::goesOn);
        Side other(false);
        const std::string answer = server.answer;
        CPPUNIT_ASSERT(other.open(answer) == RecordLayer::Input::goesOn);
        CPPUNIT_ASSERT(client.key.update());
        CPPUNIT_ASSERT(server.open(client.record(kData, "on")) == RecordLayer::Input::goesOn);
        CPPUNIT_ASSERT_EQUAL(std::string("on"), server.got);
        CPPUNIT_ASSERT(other.open(server.seal("back")) == RecordLayer::Input::goesOn);
        CPPUNIT_ASSERT_EQUAL(std::string("back"), other.got);
    }

    void paddingIsTakenAway() {
        Side server(true);
        Forger client(1);
        CPPUNIT_ASSERT(server.open(client.record(0, std::string("hi\x17\0\0\0", 6))) ==
                       RecordLayer::Input::goesOn);
        CPPUNIT_ASSERT_EQUAL(std::string("hi"), server.got);
        CPPUNIT_ASSERT(server.open(client.record(0, std::string(3, '\0'))) ==
                       RecordLayer::Input::failed);
    }

    void whatAClientMayNotSendEndsIt() {
        const std::vector<std::pair<unsigned char, std::string>> all{
            {kHandshake, "\x01 a new hello"},              // renegotiation
            {kHandshake, std::string("\x18\0\0\1", 4)},    // in pieces
            {kHandshake, std::string("\x18\0\0\1\2", 5)},  // asks for what is not there
            {kAlert, std::string("\2\x28", 2)},            // has given up
            {kAlert, "\2"},
            {20, "\1"},
            {24, "heartbeat"},
        };
        for (const auto& [type, content] : all) {
            Side server(true);
            CPPUNIT_ASSERT_MESSAGE(content, server.open(Forger(1).record(type, content)) ==
                                                RecordLayer::Input::failed);
        }
        for (const std::string& bytes :
             {std::string("\x16\x03\x03\0\x20", 5), std::string("\x17\x03\x03\x41\x01", 5),
              std::string("\x17\x03\x03\0\x10", 5)}) {
            Side server(true);
            CPPUNIT_ASSERT(server.open(bytes) == RecordLayer::Input::failed);
            CPPUNIT_ASSERT(!server.answer.empty());
        }
    }

    void recordsWithoutDataAreCounted() {
        Side server(true);
        Forger client(1);
        for (unsigned i = 0; i < Tls13Records::kMostIdle; ++i) {
            CPPUNIT_ASSERT(server.open(client.record(kData, "")) == RecordLayer::Input::goesOn);
        }
        CPPUNIT_ASSERT(server.open(client.record(kData, "x")) == RecordLayer::Input::goesOn);
        for (unsigned i = 0; i < Tls13Records::kMostIdle; ++i) {
            CPPUNIT_ASSERT(server.open(client.record(kData, "")) == RecordLayer::Input::goesOn);
        }
        CPPUNIT_ASSERT(server.open(client.record(kData, "")) == RecordLayer::Input::failed);
    }

    void closeNotifyIsTheEnd() {
        Side a(true);
        Side b(false);
        Wire& wire = Wire::here();
        a.records->close(wire);
        const std::string notify(wire.output());
        CPPUNIT_ASSERT(b.open(notify) == RecordLayer::Input::ended);
    }

private:
    static std::string bytesOf(const std::string& hex) {
        std::string bytes;
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
            bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
        }
        return bytes;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsRecordsTest);

}  // namespace gnatsd::tests
