// SyslogTarget: which syslog gets the lines, and in which form.
//
// Threads: a plain value.

#pragma once

#include <string>
#include <sys/socket.h>
#include <vector>

namespace gnatsd::host {

struct SyslogAddress {
    sockaddr_storage bytes = {};
    socklen_t length = 0;
    int type = SOCK_DGRAM;
    std::string name;  // "tcp 127.0.0.1:514"
};

struct SyslogTarget {
    /// local: "Nov 21 18:50:10 TAG[PID]: " (LOG-41); remote: RFC 3339 time and host (LOG-42).
    enum class Form { local, remote };

    Form form = Form::local;
    int facility = 0;
    std::vector<SyslogAddress> addresses;  // the first that answers is used
    std::string failure;                   // what is said when none does; empty: the reason
};

/// This machine's syslog: the first of `paths` that takes datagrams or a stream (LOG-41).
/// Without paths: those that LOG-41 names.
SyslogTarget localSyslog(const std::vector<std::string>& paths = {});

/// udp://HOST:PORT, tcp://HOST:PORT or unix:///PATH (LOG-42). A name is looked up now and not
/// again. Throws HostError with the texts of CLI-71 and CLI-72.
SyslogTarget remoteSyslog(const std::string& url);

/// The error of CLI-72 about `reason`, as text.
std::string syslogConnectError(const std::string& reason);

}  // namespace gnatsd::host
