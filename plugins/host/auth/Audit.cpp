#include "plugins/host/auth/Audit.h"

#include "kernel/Text.h"
#include "plugins/host/Barrier.h"
#include "plugins/host/auth/Request.h"

#include <utility>

namespace gnatsd::host::auth {

Audit::Audit(sdk::ServiceRegistry& registry, kernel::Log& log) : registry_(registry), log_(log) {
    watch_ = registry_.watch<sdk::AuditListener>(
        [this](sdk::Change change, const sdk::ServiceRef<sdk::AuditListener>&) {
            listeners_ += change == sdk::Change::added ? 1 : -1;
        });
}

Audit::~Audit() {
    stop();
}

void Audit::accepted(const Request& request, const Decision& decision) {
    if (logAccepts_ || log_.debugOn()) {
        std::string line = request.label() + " - Authenticated - User " +
                           kernel::quote(decision.user.empty() ? "N/A" : decision.user);
        if (!decision.account.empty()) {
            line += ", Account " + kernel::quote(decision.account);
        }
        line += ", Method " + kernel::quote(decision.method) + ", Duration " +
                std::to_string(decision.duration.count()) + "us";
        log_.write(logAccepts_ ? kernel::Level::info : kernel::Level::debug, line);
    }
    if (wanted()) {
        push(recordOf(Kind::accepted, request, decision));
    }
}

void Audit::refused(const Request& request, const Decision& decision) {
    if (wanted()) {
        push(recordOf(Kind::refused, request, decision));
    }
}

void Audit::violated(const kernel::Violation& violation) noexcept {
    if (!wanted()) {
        return;
    }
    Record record;
    switch (violation.kind) {
        case kernel::Violation::Kind::publish:
            record.kind = Kind::publishDenied;
            break;
        case kernel::Violation::Kind::subscribe:
            record.kind = Kind::subscribeDenied;
            break;
        case kernel::Violation::Kind::reply:
            record.kind = Kind::replyDenied;
            break;
    }
    record.time = std::chrono::system_clock::now();
    record.clientId = violation.clientId;
    record.address = violation.peerAddress;
    record.clientName = violation.clientName;
    record.user = violation.user;
    record.account = violation.account;
    record.reason = "permissions";
    record.subject = violation.subject;
    record.queue = violation.queue;
    push(std::move(record));
}

Audit::Record Audit::recordOf(Kind kind, const Request& request, const Decision& decision) {
    Record record;
    record.kind = kind;
    record.time = std::chrono::system_clock::now();
    record.clientId = request.asked().clientId;
    record.address = request.asked().peerAddress;
    record.clientName = request.asked().connect.name;
    record.user = decision.user.empty() ? request.asked().connect.user : std::string(decision.user);
    record.account = decision.account;
    record.method = decision.method;
    record.reason = decision.reason;
    record.duration = decision.duration;
    return record;
}

void Audit::push(Record record) {
    const kernel::MutexLock lock(mutex_);
    if (stopping_) {
        return;
    }
    if (records_.size() >= kMost) {
        ++lost_;
        return;
    }
    records_.push_back(std::move(record));
    if (!thread_.joinable()) {
        thread_ = std::thread([this] { serve(); });
    }
    changed_.notify_one();
}

void Audit::serve() {
    for (;;) {
        std::deque<Record> records;
        std::uint64_t lost = 0;
        {
            const kernel::MutexLock lock(mutex_);
            while (records_.empty() && !stopping_) {
                changed_.wait(mutex_);
            }
            if (records_.empty()) {
                return;
            }
            records.swap(records_);
            lost = std::exchange(lost_, 0);
        }
        if (lost > 0) {
            log_.write(kernel::Level::warning,
                       "Audit listeners are too slow, events lost: " + std::to_string(lost));
        }
        for (const Record& record : records) {
            tell(record);
        }
    }
}

void Audit::tell(const Record& record) {
    const sdk::AuditEvent event{record.kind,       record.time,     record.clientId, record.address,
                                record.clientName, record.user,     record.account,  record.method,
                                record.reason,     record.duration, record.subject,  record.queue};
    for (const auto& reference : registry_.all<sdk::AuditListener>()) {
        const auto listener = reference.lock();
        const auto error = caught([&] {
            if (listener) {
                listener->onEvent(event);
            }
        });
        if (error) {
            log_.write(kernel::Level::error, "Audit listener " + std::string(reference.name()) +
                                                 " failed: " + error->text);
        }
    }
}

void Audit::stop() {
    watch_.revoke();
    std::thread thread;
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
        thread.swap(thread_);
        changed_.notify_all();
    }
    if (thread.joinable()) {
        thread.join();
    }
}

}  // namespace gnatsd::host::auth
