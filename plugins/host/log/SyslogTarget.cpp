#include "plugins/host/log/SyslogTarget.h"

#include "kernel/Text.h"
#include "plugins/host/HostError.h"
#include "plugins/host/SystemError.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <string_view>
#include <sys/un.h>

namespace gnatsd::host {

namespace {

constexpr int kKernelFacility = 0;
constexpr int kDaemonFacility = 3;

[[noreturn]] void fail(const std::string& reason) {
    throw HostError(syslogConnectError(reason));
}

/// Appends nothing when the path does not fit.
void addUnixAddress(const std::string& path, int type, std::vector<SyslogAddress>& addresses) {
    sockaddr_un address = {};
    if (path.size() >= sizeof address.sun_path) {
        return;
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    SyslogAddress added;
    std::memcpy(&added.bytes, &address, sizeof address);
    added.length = sizeof address;
    added.type = type;
    added.name = (type == SOCK_DGRAM ? "unixgram " : "unix ") + path;
    addresses.push_back(std::move(added));
}

struct HostPort {
    std::string host;
    std::string port;
};

/// HOST:PORT, with an IPv6 address in brackets.
HostPort splitHostPort(const std::string& scheme, const std::string& text) {
    const std::size_t colon = text.rfind(':');
    const std::size_t bracket = text.rfind(']');
    if (colon == text.npos || (bracket != text.npos && colon < bracket) ||
        colon + 1 == text.size()) {
        fail("dial " + scheme + ": address " + text + ": missing port in address");
    }
    HostPort parts{text.substr(0, colon), text.substr(colon + 1)};
    if (parts.host.size() > 2 && parts.host.front() == '[' && parts.host.back() == ']') {
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    }
    return parts;
}

std::vector<SyslogAddress> lookUp(const std::string& scheme, const std::string& authority) {
    const HostPort parts = splitHostPort(scheme, authority);
    addrinfo wanted = {};
    wanted.ai_socktype = scheme == "udp" ? SOCK_DGRAM : SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    // Without a host the original connects to this machine.
    const int error = ::getaddrinfo(parts.host.empty() ? nullptr : parts.host.c_str(),
                                    parts.port.c_str(), &wanted, &found);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    if (error != 0) {
        fail("dial " + scheme + ": lookup " + authority + ": " +
             (error == EAI_SYSTEM ? systemErrorText(errno) : ::gai_strerror(error)));
    }
    const std::string name = scheme + " " + authority;
    std::vector<SyslogAddress> addresses;
    for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
        SyslogAddress added;
        std::memcpy(&added.bytes, entry->ai_addr, entry->ai_addrlen);
        added.length = entry->ai_addrlen;
        added.type = wanted.ai_socktype;
        added.name = name;
        addresses.push_back(std::move(added));
    }
    return addresses;
}

}  // namespace

SyslogTarget localSyslog(const std::vector<std::string>& paths) {
    static const char* const kUsual[] = {"/dev/log", "/var/run/syslog", "/var/run/log"};
    SyslogTarget target{
        SyslogTarget::Form::local, kDaemonFacility, {}, "Unix syslog delivery error"};
    const std::vector<std::string> tried =
        paths.empty() ? std::vector<std::string>(std::begin(kUsual), std::end(kUsual)) : paths;
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
        for (const std::string& path : tried) {
            addUnixAddress(path, type, target.addresses);
        }
    }
    return target;
}

SyslogTarget remoteSyslog(const std::string& url) {
    const std::size_t colon = url.find(':');
    const std::string scheme = colon == url.npos ? "" : url.substr(0, colon);
    std::string rest = colon == url.npos ? "" : url.substr(colon + 1);
    if (scheme != "udp" && scheme != "tcp" && scheme != "unix") {
        throw HostError("error invalid network type: " + kernel::quote(scheme));
    }
    if (rest.starts_with("//")) {
        rest.erase(0, 2);
    }
    if (scheme == "unix") {
        SyslogTarget target{SyslogTarget::Form::local, kKernelFacility, {}, {}};
        addUnixAddress(rest, SOCK_STREAM, target.addresses);
        addUnixAddress(rest, SOCK_DGRAM, target.addresses);
        if (target.addresses.empty()) {
            fail("dial unix " + rest + ": " + systemErrorText(ENAMETOOLONG));
        }
        return target;
    }
    // The rest of a URL's form: a path behind, and a user in front, who might have a password.
    rest.erase(std::min(rest.find('/'), rest.size()));
    rest.erase(0, rest.rfind('@') + 1);
    return {SyslogTarget::Form::remote, kKernelFacility, lookUp(scheme, rest), {}};
}

std::string syslogConnectError(const std::string& reason) {
    return "error connecting to syslog: " + kernel::quote(reason);
}

}  // namespace gnatsd::host
