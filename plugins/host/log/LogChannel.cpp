#include "plugins/host/log/LogChannel.h"

#include <string>

namespace gnatsd::host {

namespace {

kernel::Level levelOf(Poco::Message::Priority priority) {
    switch (priority) {
        case Poco::Message::PRIO_FATAL:
        case Poco::Message::PRIO_CRITICAL:
        case Poco::Message::PRIO_ERROR:
            return kernel::Level::error;
        case Poco::Message::PRIO_WARNING:
            return kernel::Level::warning;
        case Poco::Message::PRIO_NOTICE:
        case Poco::Message::PRIO_INFORMATION:
            return kernel::Level::info;
        case Poco::Message::PRIO_DEBUG:
            return kernel::Level::debug;
        case Poco::Message::PRIO_TRACE:
            return kernel::Level::trace;
    }
    return kernel::Level::info;
}

}  // namespace

void LogChannel::log(const Poco::Message& message) {
    const std::string& source = message.getSource();
    const std::string& text = message.getText();
    log_.write(levelOf(message.getPriority()), source.empty() ? text : source + ": " + text);
}

}  // namespace gnatsd::host
