// Audit: tells the registered AuditListeners, on a thread of its own, and writes the line for an
// accepted client; the lines for refused ones and for violations are the session's (LOG-105 ff.).
//
// Threads: any. Nothing blocks: events wait in a bounded queue and are counted when they are lost.
// Without listeners an event costs one load.
// Lifetime: registry and log outlive it; stop() before the plug-ins stop.

#pragma once

#include "kernel/AuthGate.h"
#include "kernel/Log.h"
#include "kernel/Mutex.h"
#include <gnatsd/AuditListener.h>
#include <gnatsd/ServiceRegistry.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <thread>

namespace gnatsd::host::auth {

class Request;

class Audit {
public:
    static constexpr std::size_t kMost = 8192;  // events that wait

    /// What was decided about a client, and by whom.
    struct Decision {
        std::string_view user;
        std::string_view account;
        std::string_view method;
        std::string_view reason;
        std::chrono::microseconds duration{0};
    };

    Audit(sdk::ServiceRegistry& registry, kernel::Log& log);
    ~Audit();
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;

    void setLogAccepts(bool on) noexcept { logAccepts_ = on; }

    void accepted(const Request& request, const Decision& decision) GNATSD_EXCLUDES(mutex_);
    void refused(const Request& request, const Decision& decision) GNATSD_EXCLUDES(mutex_);
    void violated(const kernel::Violation& violation) noexcept GNATSD_EXCLUDES(mutex_);

    void stop() GNATSD_EXCLUDES(mutex_);

private:
    using Kind = sdk::AuditEvent::Kind;

    struct Record {
        Kind kind = Kind::refused;
        std::chrono::system_clock::time_point time;
        std::uint64_t clientId = 0;
        std::string address;
        std::string clientName;
        std::string user;
        std::string account;
        std::string method;
        std::string reason;
        std::chrono::microseconds duration{0};
        std::string subject;
        std::string queue;
    };

    static Record recordOf(Kind kind, const Request& request, const Decision& decision);
    void push(Record record) GNATSD_EXCLUDES(mutex_);
    void serve() GNATSD_EXCLUDES(mutex_);
    void tell(const Record& record);
    bool wanted() const noexcept { return listeners_.load() > 0; }

    sdk::ServiceRegistry& registry_;
    kernel::Log& log_;
    std::atomic<bool> logAccepts_{false};
    std::atomic<int> listeners_{0};

    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Record> records_ GNATSD_GUARDED_BY(mutex_);
    std::uint64_t lost_ GNATSD_GUARDED_BY(mutex_) = 0;
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;
    std::thread thread_ GNATSD_GUARDED_BY(mutex_);

    sdk::Watch watch_;
};

}  // namespace gnatsd::host::auth
