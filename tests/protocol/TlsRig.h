// What the TLS tests share: a server with a configuration of its own, and a client on OpenSSL's
// blocking calls, each with a deadline.
//
// Threads: confined.

#pragma once

#include "plugins/host/Server.h"
#include "tests/plugins/Fixtures.h"
#include "tests/support/CapturedLog.h"
#include "tests/support/TlsFiles.h"
#include "tests/support/Where.h"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gnatsd::tests {

/// A server on a free port, with `text` behind the address and TLS block of its file.
class TlsServer {
public:
    /// `block`: more lines of the `tls` block; `text`: more of the file.
    explicit TlsServer(const TlsFiles& files, const std::string& block = {},
                       const std::string& text = {}, unsigned reactors = 1);

    std::uint16_t port() const { return port_; }
    CapturedLog& log() noexcept { return log_; }
    host::Server& server() noexcept { return *server_; }
    /// Goes over to another file.
    void reload(const std::string& block, const std::string& text = {});
    /// The same without a `tls` block.
    void reloadPlain();

    static std::string configuration(const TlsFiles& files, const std::string& block,
                                     const std::string& text);

private:
    void reloadFile(const std::string& content);

    const TlsFiles& files_;
    CapturedLog log_;
    std::unique_ptr<host::Server> server_;
    host::Options options_;
    std::uint16_t port_ = 0;
};

class TlsClient {
public:
    struct Wish {
        std::string certificate{};    // a name in TlsFiles; empty: none
        std::string authority{"ca"};  // whom it trusts
        int lowest = TLS1_2_VERSION;
        int highest = 0;
        std::string ciphers{};  // of TLS 1.2
        bool infoFirst = true;
        bool bytewise = false;  // sends its handshake one byte at a time
        SSL_SESSION* session = nullptr;
        std::uint8_t fragment = TLSEXT_max_fragment_length_DISABLED;  // asks for small records
    };

    /// Connects; takes INFO if it comes first.
    TlsClient(std::uint16_t port, const TlsFiles& files, const Wish& wish, Where where = {});
    TlsClient(const TlsServer& server, const TlsFiles& files, const Wish& wish, Where where = {});
    TlsClient(const TlsServer& server, const TlsFiles& files, Where where = {});
    ~TlsClient();
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    /// Empty when it succeeds.
    std::string tryHandshake();
    void handshake(Where where = {});
    /// Handshake and CONNECT; waits for PONG.
    void connect(std::string_view more = {}, Where where = {});

    /// Goes through the handshake; answers what the client has to say last, unsent. With 1.2 it is
    /// not over then.
    std::string lastFlight();
    /// What the client would send for that, unsent.
    std::string recordOf(std::string_view bytes);

    void send(std::string_view bytes, Where where = {});
    void ask(std::string_view question, std::string_view answer, Where where = {});
    void expect(std::string_view bytes, Where where = {});
    std::string line(Where where = {});
    std::string bytes(std::size_t size, Where where = {});
    /// Everything until the end; whether it ended with a close-notify.
    bool untilClosed(std::string& rest);
    /// Of the socket, below TLS.
    std::string rawUntilClosed();
    void sendRaw(std::string_view bytes) const;

    const std::string& info() const noexcept { return info_; }
    /// Of the server's certificate: "/CN=localhost".
    std::string peerSubject() const;
    SSL* ssl() const noexcept { return ssl_; }
    int fd() const noexcept { return fd_; }
    void close();

private:
    std::string clearLine(Where where) const;
    int feedBytewise();

    int fd_ = -1;
    SSL_CTX* context_ = nullptr;
    SSL* ssl_ = nullptr;
    const bool bytewise_;
    std::string input_;
    std::string info_;
};

}  // namespace gnatsd::tests
