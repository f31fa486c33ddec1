#include "plugins/host/log/SyslogSink.h"

#include "plugins/host/log/TextFormat.h"

#include <array>
#include <climits>
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace gnatsd::host {

namespace {

int severity(kernel::Level level) {
    // LOG-40, in the order of kernel::Level.
    static constexpr std::array<int, 6> kSeverities{2, 3, 4, 5, 7, 5};
    return kSeverities[static_cast<std::size_t>(level)];
}

std::string hostName() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data()
                                                                               : "localhost";
}

std::string tagOf(const std::string& executable) {
    const std::string name = std::filesystem::path(executable).filename().string();
    return name + "[" + std::to_string(::getpid()) + "]: ";
}

}  // namespace

SyslogSink::SyslogSink(SyslogTarget target, const std::string& executable)
    : form_(target.form),
      facility_(target.facility),
      host_(hostName()),
      tag_(tagOf(executable)),
      clock_(form_ == SyslogTarget::Form::remote ? "%Y-%m-%dT%H:%M:%S" : "%e %H:%M:%S", false),
      socket_(std::move(target), outputWait()) {
    socket_.connect();
}

std::size_t SyslogSink::write(std::span<const LogRecord> records) {
    for (std::size_t done = 0; done < records.size(); ++done) {
        format(records[done]);
        if (!socket_.send(message_)) {
            return done;
        }
    }
    return records.size();
}

void SyslogSink::format(const LogRecord& record) {
    // strftime's names of months depend on the locale.
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    message_ = '<';
    message_.append(std::to_string(facility_ * 8 + severity(record.level))).append(">");
    if (form_ == SyslogTarget::Form::remote) {
        clock_.append(record.time, message_);
        clock_.appendZone(record.time, message_);
        message_.append(" ").append(host_);
    } else {
        message_ += kMonths[static_cast<std::size_t>(clock_.fields(record.time).tm_mon)];
        message_ += ' ';
        clock_.append(record.time, message_);
    }
    message_.append(" ").append(tag_);
    appendVisible(record.text, message_);
    message_ += '\n';
}

}  // namespace gnatsd::host
