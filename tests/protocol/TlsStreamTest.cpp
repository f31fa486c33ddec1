// TlsStream by itself: output in pieces of every kind over a socket that takes little at a time,
// and what it does where TLS has not begun or is over.

#include "tests/protocol/TlsRig.h"
#include "transports/reactor/PlainStream.h"
#include "transports/tls/CipherNames.h"
#include "transports/tls/TlsContext.h"
#include "transports/tls/TlsStream.h"

#include <Poco/Exception.h>
#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <fcntl.h>
#include <random>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace gnatsd::tests {

namespace {

using reactor::Handshake;
using reactor::Io;

/// A stream under test and a client on the other end of a socket pair, in one thread.
class Pair {
public:
    explicit Pair(const TlsFiles& files, int sendBuffer = 0) {
        std::array<int, 2> ends{};
        CPPUNIT_ASSERT_EQUAL(0, ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()));
        for (const int end : ends) {
            ::fcntl(end, F_SETFL, O_NONBLOCK);
        }
        if (sendBuffer > 0) {
            ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &sendBuffer, sizeof sendBuffer);
        }
        tls::TlsSettings settings;
        settings.certFile = files.pem("server");
        settings.keyFile = files.key("server");
        const auto context = tls::TlsContext::make(settings);
        stream = context->secure(std::make_unique<reactor::PlainStream>(ends[0]));
        peer_ = std::make_unique<reactor::PlainStream>(ends[1]);
        context_ = SSL_CTX_new(TLS_client_method());
        client = SSL_new(context_);
        SSL_set_fd(client, ends[1]);
        SSL_set_connect_state(client);
    }
    ~Pair() {
        SSL_free(client);
        SSL_CTX_free(context_);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    void shakeHands() {
        Handshake state = Handshake::wantsInput;
        for (int i = 0; i < 10'000 && (state != Handshake::done || SSL_do_handshake(client) != 1);
             ++i) {
            SSL_do_handshake(client);
            if (state != Handshake::done) {
                state = stream->handshake();
            }
        }
        CPPUNIT_ASSERT(state == Handshake::done);
    }

    std::unique_ptr<reactor::SecureStream> stream;
    SSL* client = nullptr;

private:
    SSL_CTX* context_ = nullptr;
    std::unique_ptr<reactor::PlainStream> peer_;
};

}  // namespace

class TlsStreamTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsStreamTest);
    CPPUNIT_TEST(piecesOfAnySizeArriveInOrder);
    CPPUNIT_TEST(inputFillsBothSpans);
    CPPUNIT_TEST(endOfTheHandshakeMayComeInTwoPieces);
    CPPUNIT_TEST(nothingGoesThroughBeforeTheHandshake);
    CPPUNIT_TEST(nothingIsReadAfterAFailure);
    CPPUNIT_TEST(knownSuitesThatTheLibraryLacksAreSkipped);
    CPPUNIT_TEST_SUITE_END();

    void piecesOfAnySizeArriveInOrder() {
        const unsigned seed = std::random_device()();
        std::minstd_rand random(seed);
        Pair pair(files_, 4608);
        pair.shakeHands();
        std::string sent(700'000, ' ');
        for (char& c : sent) {
            c = static_cast<char>('a' + random() % 26);
        }
        constexpr std::array<std::size_t, 6> kSizes{1, 7, 100, 4096, 16'384, 60'000};
        std::vector<kernel::OutSpan> spans;
        for (std::size_t at = 0; at < sent.size();) {
            const std::size_t size =
                std::min<std::size_t>(kSizes[random() % kSizes.size()], sent.size() - at);
            spans.push_back({sent.data() + at, size});
            at += size;
        }
        std::string got;
        std::span<kernel::OutSpan> rest(spans);
        for (int i = 0; i < 1'000'000 && got.size() < sent.size(); ++i) {
            const auto result =
                pair.stream->write(rest.first(std::min<std::size_t>(rest.size(), 20)));
            CPPUNIT_ASSERT(result.state == Io::done || result.state == Io::wouldBlock);
            for (std::size_t left = result.size; left > 0;) {
                const std::size_t taken = std::min(left, rest[0].size);
                rest[0] = {rest[0].data + taken, rest[0].size - taken};
                left -= taken;
                rest = rest[0].size == 0 ? rest.subspan(1) : rest;
            }
            char buffer[3000];
            if (const int size = SSL_read(pair.client, buffer, sizeof buffer); size > 0) {
                got.append(buffer, static_cast<std::size_t>(size));
            }
        }
        CPPUNIT_ASSERT_MESSAGE("seed " + std::to_string(seed), sent == got);
        CPPUNIT_ASSERT(!pair.stream->hasOutput());
    }

    void inputFillsBothSpans() {
        Pair pair(files_);
        pair.shakeHands();
        const std::string sent(40'000, 'x');
        std::size_t at = 0;
        std::string got;
        std::vector<char> room(40 * 1024);
        for (int i = 0; i < 1000 && got.size() < sent.size(); ++i) {
            const int size =
                SSL_write(pair.client, sent.data() + at,
                          static_cast<int>(std::min<std::size_t>(7000, sent.size() - at)));
            at += size > 0 ? static_cast<std::size_t>(size) : 0;
            const std::span<char> all(room);
            const auto result = pair.stream->read(all.first(3), all.subspan(3));
            if (result.state == Io::done) {
                got.append(room.data(), result.size);
            }
        }
        CPPUNIT_ASSERT_EQUAL(sent, got);
    }

    /// A piece may hold a whole record and a part of the next one.
    void endOfTheHandshakeMayComeInTwoPieces() {
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            std::size_t size = 2;
            for (std::size_t cut = 1; cut < size; ++cut) {
                size = endCutAt(version, cut);
            }
        }
    }

    /// With TLS 1.3 data follow the handshake at once. Answers the size of it all.
    std::size_t endCutAt(int version, std::size_t cut) const {
        const std::string data = version == TLS1_3_VERSION ? "CONNECT {}\r\n" : "";
        Pair pair(files_);
        SSL_set_max_proto_version(pair.client, version);
        SSL_do_handshake(pair.client);
        CPPUNIT_ASSERT(pair.stream->handshake() == Handshake::wantsInput);
        const int fd = SSL_get_wfd(pair.client);
        BIO* const out = BIO_new(BIO_s_mem());
        SSL_set0_wbio(pair.client, out);
        SSL_do_handshake(pair.client);
        SSL_write(pair.client, data.data(), static_cast<int>(data.size()));
        const char* bytes = nullptr;
        const auto size = static_cast<std::size_t>(BIO_get_mem_data(out, &bytes));
        const std::string message =
            "TLS " + std::to_string(version) + " cut at " + std::to_string(cut);

        ::send(fd, bytes, cut, 0);
        Handshake state = pair.stream->handshake();
        ::send(fd, bytes + cut, size - cut, 0);
        if (state != Handshake::done) {
            state = pair.stream->handshake();
        }

        CPPUNIT_ASSERT_MESSAGE(message, state == Handshake::done);
        std::array<char, 64 * 1024> room{};
        const auto read = pair.stream->read({}, room);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(message, data, std::string(room.data(), read.size));
        return size;
    }

    void nothingGoesThroughBeforeTheHandshake() {
        Pair pair(files_);
        const kernel::OutSpan span{"INFO", 4};
        CPPUNIT_ASSERT(pair.stream->write({&span, 1}).state == Io::failed);
        std::vector<char> room(40 * 1024);
        CPPUNIT_ASSERT(pair.stream->read({}, room).state == Io::failed);
    }

    void nothingIsReadAfterAFailure() {
        Pair pair(files_);
        const int fd = SSL_get_fd(pair.client);
        CPPUNIT_ASSERT_EQUAL(ssize_t{9}, ::send(fd,
                                                "\x16\x03\x01\x00\x04"
                                                "oops",
                                                9, 0));
        CPPUNIT_ASSERT(pair.stream->handshake() == Handshake::failed);
        CPPUNIT_ASSERT(!pair.stream->failure().empty());
        CPPUNIT_ASSERT_EQUAL(ssize_t{6}, ::send(fd, "PING\r\n", 6, 0));
        std::vector<char> room(40 * 1024);
        CPPUNIT_ASSERT(pair.stream->read({}, room).state == Io::wouldBlock);
        CPPUNIT_ASSERT(pair.stream->handshake() == Handshake::failed);
        const kernel::OutSpan span{"MSG", 3};
        CPPUNIT_ASSERT(pair.stream->write({&span, 1}).state == Io::failed);
    }

    // OPT-128
    void knownSuitesThatTheLibraryLacksAreSkipped() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305"),
            tls::cipherList({"TLS_RSA_WITH_RC4_128_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                             "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), tls::cipherList({"TLS_AES_128_GCM_SHA256"}));
        CPPUNIT_ASSERT_THROW(tls::cipherList({"TLS_RSA_WITH_RC4_128_SHA"}), Poco::Exception);
        CPPUNIT_ASSERT_THROW(tls::cipherList({"RC4-SHA"}), Poco::Exception);
        CPPUNIT_ASSERT(tls::defaultCipherList().starts_with(
            "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
            "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"));
        CPPUNIT_ASSERT_EQUAL(std::string("P-384:X25519"), tls::curveList({"CurveP384", "X25519"}));
    }

private:
    const TlsFiles files_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsStreamTest);

}  // namespace gnatsd::tests
