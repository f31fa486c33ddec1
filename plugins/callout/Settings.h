// Settings: what the configuration says about the service that is asked, see README.md.
//
// Threads: constant after read(), so any.

#pragma once

#include <gnatsd/Plugin.h>

#include <Poco/Net/Context.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace gnatsd::callout {

struct Settings {
    /// Throws what is wrong.
    static std::shared_ptr<const Settings> read(const sdk::Config& config);

    Settings() = default;
    ~Settings();
    Settings(const Settings&) = default;
    Settings& operator=(const Settings&) = delete;

    /// Whether the service would be asked in the same way.
    bool equals(const Settings& other) const;

    std::string url;
    bool isSecure = false;
    std::string host;
    std::uint16_t port = 0;
    std::string path;  // with the query
    std::string caFile;
    std::string bearer;  // a secret
    Poco::Net::Context::Ptr tls;

    std::chrono::milliseconds timeout{1000};  // of one call
    std::size_t connections = 4;
    std::size_t queue = 8192;  // calls that wait

    std::chrono::milliseconds cacheTtl{10'000};
    std::size_t cacheSize = 10'000;

    bool abstainOnError = false;
    int rank = 50;

private:
    void readUrl(const sdk::Config& config);
    void readCertificates(const sdk::Config& config);
};

}  // namespace gnatsd::callout
