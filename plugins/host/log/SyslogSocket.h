// SyslogSocket: a connection to a syslog that is made anew when it breaks.
//
// While there is none, send() waits and tries again, at growing intervals. What a stream's peer had
// not read when it went away is lost; nobody learns of that.
//
// Threads: one; the OutputWait may be cancelled from others.

#pragma once

#include "plugins/host/log/Descriptor.h"
#include "plugins/host/log/OutputWait.h"
#include "plugins/host/log/SyslogTarget.h"

#include <string>
#include <string_view>

namespace gnatsd::host {

class SyslogSocket {
public:
    SyslogSocket(SyslogTarget target, const OutputWait& wait);

    /// Connects for the first time. Throws HostError when nobody answers (CLI-72).
    void connect();

    /// Sends one message, which ends with a newline; one that is too long for a datagram is cut.
    /// False when it was not sent because the wait was cancelled.
    bool send(std::string& message);

private:
    enum class Sent { yes, broken, cancelled };

    int connectAny();
    static int connectTo(const SyslogAddress& address, const OutputWait& wait, Descriptor& out);
    Sent sendOn(std::string& message);
    Sent sendStream(std::string_view message) const;
    Sent sendDatagram(std::string& message) const;
    bool peerHasGone() const noexcept;

    const SyslogTarget target_;
    const OutputWait& wait_;
    Descriptor socket_;
    std::size_t used_ = 0;  // the address that socket_ is connected to
    OutputWait::Milliseconds delay_{0};
};

}  // namespace gnatsd::host
