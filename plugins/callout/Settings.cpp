#include "plugins/callout/Settings.h"

#include "plugins/common/Settings.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <openssl/crypto.h>

#include <tuple>

namespace gnatsd::callout {

using common::readCount;
using common::readDuration;
using common::readText;

namespace {

constexpr std::chrono::milliseconds kLongestCall = std::chrono::minutes(1);

}  // namespace

std::shared_ptr<const Settings> Settings::read(const sdk::Config& config) {
    const auto settings = std::make_shared<Settings>();
    settings->readUrl(config);
    settings->readCertificates(config);
    settings->bearer = readText(config, "bearer");
    if (settings->bearer.find_first_of("\r\n") != std::string::npos) {
        sdk::refuseSetting(config, "bearer", "bearer is one line");
    }
    settings->timeout = readDuration(config, "timeout", settings->timeout);
    if (settings->timeout.count() == 0 || settings->timeout > kLongestCall) {
        sdk::refuseSetting(config, "timeout", "timeout is more than 0 and at most one minute");
    }
    settings->connections = static_cast<std::size_t>(readCount(config, "connections", 4, 1, 64));
    settings->queue = static_cast<std::size_t>(readCount(config, "queue", 8192, 1, 1'000'000));
    settings->cacheTtl = readDuration(config, "cache_ttl", settings->cacheTtl);
    settings->cacheSize =
        static_cast<std::size_t>(readCount(config, "cache_size", 10'000, 1, 1'000'000));
    const std::string onError = readText(config, "on_error", "refuse");
    if (onError != "refuse" && onError != "abstain") {
        sdk::refuseSetting(config, "on_error", "on_error is refuse or abstain");
    }
    settings->abstainOnError = onError == "abstain";
    settings->rank = static_cast<int>(readCount(config, "rank", 50, -1000, 1000));
    return settings;
}

Settings::~Settings() {
    OPENSSL_cleanse(bearer.data(), bearer.size());
}

bool Settings::equals(const Settings& other) const {
    const auto all = [](const Settings& one) {
        return std::tie(one.url, one.caFile, one.bearer, one.timeout, one.connections, one.queue,
                        one.cacheTtl, one.cacheSize, one.abstainOnError, one.rank);
    };
    return all(*this) == all(other);
}

void Settings::readUrl(const sdk::Config& config) {
    url = common::requireText(config, "url");
    try {
        const Poco::URI uri(url);
        isSecure = uri.getScheme() == "https";
        if (!isSecure && uri.getScheme() != "http") {
            sdk::refuseSetting(config, "url", "url begins with http:// or https://");
        }
        if (!uri.getUserInfo().empty()) {
            sdk::refuseSetting(config, "url", "url holds a user; use the setting bearer instead");
        }
        host = uri.getHost();
        port = uri.getPort();
        path = uri.getPathAndQuery();
        path = path.empty() ? "/" : path;
    } catch (const Poco::SyntaxException&) {
        sdk::refuseSetting(config, "url", "url is no URL");
    }
    if (host.empty()) {
        sdk::refuseSetting(config, "url", "url names no host");
    }
}

void Settings::readCertificates(const sdk::Config& config) {
    caFile = readText(config, "ca_file");
    if (!isSecure) {
        if (!caFile.empty()) {
            sdk::refuseSetting(config, "ca_file", "ca_file is for https:// alone");
        }
        return;
    }
    constexpr int kDepth = 9;
    try {
        // Strict: Poco would otherwise not look at the name of a service on this machine.
        tls = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, caFile,
                                     Poco::Net::Context::VERIFY_STRICT, kDepth, caFile.empty());
        tls->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    } catch (const Poco::Exception& error) {
        sdk::refuseSetting(config, "ca_file", "cannot use the certificates: " + error.message());
    }
}

}  // namespace gnatsd::callout
