// What the tests of the log share: a pipe to log into, a syslog that receives, and texts.
//
// Threads: one each.

#pragma once

#include "plugins/host/log/Logger.h"
#include "tests/plugins/Fixtures.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gnatsd::tests {

/// A pipe whose writing end is the log's output.
class Pipe {
public:
    Pipe();
    ~Pipe();
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int writer() const { return ends_[1]; }
    void closeWriter() { closeEnd(1); }
    void closeReader() { closeEnd(0); }

    /// All that was written; closes the writing end.
    std::string readAll();

    /// Reads until nobody has the writing end any more.
    std::string readToEnd() const;

    /// Bytes from one read.
    std::size_t readSome() const;

private:
    void closeEnd(std::size_t end);

    std::array<int, 2> ends_{-1, -1};
};

/// A syslog on 127.0.0.1 or on a path.
class SyslogReceiver {
public:
    enum class Kind { udp, tcp, unixDatagram, unixStream };

    /// `port` 0: any free one.
    explicit SyslogReceiver(Kind kind, std::string path = {}, std::uint16_t port = 0);
    ~SyslogReceiver();
    SyslogReceiver(const SyslogReceiver&) = delete;
    SyslogReceiver& operator=(const SyslogReceiver&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url() const;

    /// The next `count` datagrams, or lines with their newlines; fewer when they do not come.
    std::vector<std::string> receive(std::size_t count);

    /// Ends the connection that a stream has.
    void hangUp();

private:
    bool await(int fd) const;
    bool isStream() const { return kind_ == Kind::tcp || kind_ == Kind::unixStream; }
    bool fill();

    const Kind kind_;
    const std::string path_;
    int socket_ = -1;
    int connection_ = -1;
    std::uint16_t port_ = 0;
    std::vector<char> buffer_ = std::vector<char>(256 * 1024);
    std::string pending_;
};

/// A log on the pipe, without time; with colours if wanted.
std::unique_ptr<host::LogSink> pipeSink(const Pipe& pipe, bool colours = false, bool time = false);

host::LogSettings fileSettings(const std::string& path);

std::vector<std::string> linesOf(const std::string& text);
std::vector<std::string> linesOfFile(const std::string& path);

/// "[PID] "
std::string pidText();

bool contains(const std::string& text, const std::string& part);

}  // namespace gnatsd::tests
