#include "plugins/host/ListenAddress.h"

#include <algorithm>
#include <charconv>

namespace gnatsd::host {

namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool parsePort(std::string_view text, int& port) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc() && stop == end && (port == -1 || (port >= 1 && port <= 65535));
}

// `[host]` or `[host]:port`.
bool parseBracketed(std::string_view text, ListenAddress& address) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || close == 1) {
        return false;
    }
    address.host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    return rest.empty() || (rest.front() == ':' && parsePort(rest.substr(1), address.port));
}

bool parseOne(std::string_view text, ListenAddress& address) {
    if (text.find_first_of(" \t\"/") != std::string_view::npos) {
        return false;
    }
    if (!text.empty() && text.front() == '[') {
        return parseBracketed(text, address);
    }
    // Two colons or more can only be an IPv6 address without brackets, which has no room for a
    // port.
    const bool hasPort = std::count(text.begin(), text.end(), ':') == 1;
    const std::size_t colon = hasPort ? text.find(':') : text.size();
    address.host = text.substr(0, colon);
    return !hasPort || parsePort(text.substr(colon + 1), address.port);
}

}  // namespace

std::string ListenAddress::text() const {
    const bool brackets = host.find(':') != std::string::npos;
    return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<std::vector<ListenAddress>> ListenAddress::parseList(std::string_view text) {
    std::vector<ListenAddress> addresses;
    const bool several = text.find(',') != std::string_view::npos;
    while (true) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view item = trimmed(text.substr(0, comma));
        ListenAddress address;
        if ((item.empty() && several) || !parseOne(item, address)) {
            return std::nullopt;
        }
        addresses.push_back(std::move(address));
        if (comma == text.size()) {
            return addresses;
        }
        text.remove_prefix(comma + 1);
    }
}

}  // namespace gnatsd::host
