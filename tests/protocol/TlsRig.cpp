#include "tests/protocol/TlsRig.h"

#include "plugins/host/options/LoadOptions.h"
#include "tests/support/TestServer.h"

#include <Poco/Exception.h>
#include <openssl/err.h>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace gnatsd::tests {

namespace {

constexpr long kDeadline = GNATSD_INSTRUMENTED ? 60 : 10;  // seconds

host::Options load(const TlsFiles& files, const std::string& content) {
    const std::string path = files.file("server.conf");
    writeFile(path, content);
    host::LoadedOptions loaded = host::loadOptions(path, {});
    if (!loaded.isGood()) {
        throw std::runtime_error(loaded.report());
    }
    loaded.options.executable = GNATSD_TEST_PROGRAM;
    return std::move(loaded.options);
}

std::string plainConfiguration(const std::string& text) {
    return "listen: \"127.0.0.1:-1\"\n" + text + "\n";
}

std::string sslProblem() {
    const unsigned long code = ERR_peek_error();
    const char* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "end of the connection";
}

std::string takeAll(BIO* out) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string all(data, static_cast<std::size_t>(size));
    (void)BIO_reset(out);
    return all;
}

int connectTo(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{kDeadline, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error("cannot connect");
    }
    return fd;
}

}  // namespace

std::string TlsServer::configuration(const TlsFiles& files, const std::string& block,
                                     const std::string& text) {
    const auto given = [&block](const char* key) { return block.find(key) != std::string::npos; };
    std::string tls = "tls {\n";
    if (!given("cert_file")) {
        tls += "  cert_file: \"" + files.pem("server") + "\"\n";
        tls += "  key_file: \"" + files.key("server") + "\"\n";
    }
    if (!given("ca_file")) {
        tls += "  ca_file: \"" + files.pem("ca") + "\"\n";
    }
    return plainConfiguration(tls + block + "\n}\n" + text);
}

TlsServer::TlsServer(const TlsFiles& files, const std::string& block, const std::string& text,
                     unsigned reactors)
    : files_(files), options_(load(files, configuration(files, block, text))) {
    log_.setDebug(true);
    options_.reactors = reactors;
    server_ = makeServer(options_, log_);
    server_->start();
    port_ = server_->ports().front().port;
}

void TlsServer::reload(const std::string& block, const std::string& text) {
    reloadFile(configuration(files_, block, text));
}

void TlsServer::reloadPlain() {
    reloadFile(plainConfiguration(""));
}

void TlsServer::reloadFile(const std::string& content) {
    try {
        host::Options next = load(files_, content);
        next.reactors = options_.reactors;
        server_->reload(std::move(next), [](const host::LogSettings&) {});
    } catch (const Poco::Exception& error) {
        throw std::runtime_error(error.message());  // with the text in what()
    }
}

TlsClient::TlsClient(const TlsServer& server, const TlsFiles& files, Where where)
    : TlsClient(server, files, Wish(), where) {}

TlsClient::TlsClient(const TlsServer& server, const TlsFiles& files, const Wish& wish, Where where)
    : TlsClient(server.port(), files, wish, where) {}

TlsClient::TlsClient(std::uint16_t port, const TlsFiles& files, const Wish& wish, Where where)
    : fd_(connectTo(port)), context_(SSL_CTX_new(TLS_client_method())), bytewise_(wish.bytewise) {
    SSL_CTX_set_security_level(context_, 0);
    SSL_CTX_set_min_proto_version(context_, wish.lowest);
    SSL_CTX_set_max_proto_version(context_, wish.highest);
    if (!wish.ciphers.empty()) {
        SSL_CTX_set_cipher_list(context_, wish.ciphers.c_str());
    }
    SSL_CTX_load_verify_locations(context_, files.pem(wish.authority).c_str(), nullptr);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    if (!wish.certificate.empty()) {
        SSL_CTX_use_certificate_file(context_, files.pem(wish.certificate).c_str(),
                                     SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context_, files.key(wish.certificate).c_str(),
                                    SSL_FILETYPE_PEM);
    }
    SSL_CTX_set_tlsext_max_fragment_length(context_, wish.fragment);
    ssl_ = SSL_new(context_);
    SSL_set_connect_state(ssl_);
    SSL_set1_host(ssl_, "localhost");
    if (wish.session != nullptr) {
        SSL_set_session(ssl_, wish.session);
    }
    if (wish.infoFirst) {
        info_ = clearLine(where);
    }
}

TlsClient::~TlsClient() {
    close();
    SSL_free(ssl_);
    SSL_CTX_free(context_);
}

void TlsClient::close() {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

std::string TlsClient::clearLine(Where where) const {
    std::string line;
    char c = 0;
    while (line.find('\n') == std::string::npos) {
        if (::recv(fd_, &c, 1, 0) != 1) {
            where.fail("no line in clear", line);
        }
        line += c;
    }
    return line;
}

std::string TlsClient::tryHandshake() {
    ERR_clear_error();
    if (bytewise_) {
        return feedBytewise() == 1 ? std::string() : sslProblem();
    }
    SSL_set_fd(ssl_, fd_);
    return SSL_do_handshake(ssl_) == 1 ? std::string() : sslProblem();
}

/// What the client has to say goes through memory and out in single bytes.
int TlsClient::feedBytewise() {
    BIO* in = BIO_new(BIO_s_mem());
    BIO* out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in, -1);
    SSL_set_bio(ssl_, in, out);
    for (;;) {
        const int done = SSL_do_handshake(ssl_);
        char c = 0;
        while (BIO_read(out, &c, 1) == 1) {
            sendRaw({&c, 1});
        }
        if (done == 1 || SSL_get_error(ssl_, done) != SSL_ERROR_WANT_READ) {
            SSL_set_fd(ssl_, fd_);
            return done;
        }
        if (::recv(fd_, &c, 1, 0) != 1) {
            return 0;
        }
        BIO_write(in, &c, 1);
    }
}

void TlsClient::handshake(Where where) {
    if (const std::string problem = tryHandshake(); !problem.empty()) {
        where.fail("the handshake failed", problem);
    }
}

void TlsClient::connect(std::string_view more, Where where) {
    handshake(where);
    ask("CONNECT {\"verbose\":false,\"pedantic\":false" + std::string(more) + "}\r\nPING\r\n",
        "PONG\r\n", where);
}

std::string TlsClient::lastFlight() {
    BIO* in = BIO_new(BIO_s_mem());
    BIO* out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in, -1);
    SSL_set_bio(ssl_, in, out);
    const bool newer = SSL_get_max_proto_version(ssl_) != TLS1_2_VERSION;
    // In 1.2 the client's part ends before the server's: there it is its second flight.
    int flights = 0;
    std::string flight;
    while (SSL_do_handshake(ssl_) != 1) {
        flight = takeAll(out);
        flights += flight.empty() ? 0 : 1;
        if (!newer && flights == 2) {
            return flight;
        }
        sendRaw(flight);
        char buffer[16384];
        const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
        if (got <= 0) {
            throw std::runtime_error("the handshake ends early");
        }
        BIO_write(in, buffer, static_cast<int>(got));
    }
    flight = takeAll(out);
    SSL_set_fd(ssl_, fd_);
    return flight;
}

std::string TlsClient::recordOf(std::string_view bytes) {
    BIO* out = BIO_new(BIO_s_mem());
    SSL_set0_wbio(ssl_, out);
    SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    std::string records = takeAll(out);
    BIO* socket = SSL_get_rbio(ssl_);
    BIO_up_ref(socket);
    SSL_set0_wbio(ssl_, socket);
    return records;
}

void TlsClient::send(std::string_view bytes, Where where) {
    ERR_clear_error();
    if (SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) !=
        static_cast<int>(bytes.size())) {
        where.fail("cannot send", sslProblem());
    }
}

std::string TlsClient::peerSubject() const {
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(ssl_),
                                                            &X509_free);
    char text[200];
    X509_NAME_oneline(X509_get_subject_name(shown.get()), text, sizeof text);
    return text;
}

void TlsClient::sendRaw(std::string_view bytes) const {
    [[maybe_unused]] const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void TlsClient::ask(std::string_view question, std::string_view answer, Where where) {
    send(question, where);
    expect(answer, where);
}

void TlsClient::expect(std::string_view wanted, Where where) {
    const std::string got = bytes(wanted.size(), where);
    if (got != wanted) {
        where.fail("other bytes came", "wanted: " + std::string(wanted.substr(0, 200)) +
                                           "\ngot: " + got.substr(0, 200));
    }
}

std::string TlsClient::bytes(std::size_t size, Where where) {
    char buffer[65536];
    while (input_.size() < size) {
        ERR_clear_error();
        const int got = SSL_read(ssl_, buffer, sizeof buffer);
        if (got <= 0) {
            where.fail("the bytes did not come",
                       sslProblem() + ", so far: " + input_.substr(0, 200));
        }
        input_.append(buffer, static_cast<std::size_t>(got));
    }
    const std::string taken = input_.substr(0, size);
    input_.erase(0, size);
    return taken;
}

std::string TlsClient::line(Where where) {
    std::string text;
    while (!text.ends_with("\r\n")) {
        text += bytes(1, where);
    }
    return text.substr(0, text.size() - 2);
}

bool TlsClient::untilClosed(std::string& rest) {
    char buffer[65536];
    rest = std::exchange(input_, {});
    for (;;) {
        ERR_clear_error();
        const int got = SSL_read(ssl_, buffer, sizeof buffer);
        if (got <= 0) {
            return SSL_get_error(ssl_, got) == SSL_ERROR_ZERO_RETURN;
        }
        rest.append(buffer, static_cast<std::size_t>(got));
    }
}

std::string TlsClient::rawUntilClosed() {
    char buffer[65536];
    std::string all;
    for (ssize_t got = 0; (got = ::recv(fd_, buffer, sizeof buffer, 0)) != 0;) {
        if (got < 0) {
            return all + (errno == EAGAIN ? "(still open)" : "(reset)");
        }
        all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
}

}  // namespace gnatsd::tests
