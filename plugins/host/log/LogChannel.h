// LogChannel: a Poco channel that ends in our log, so that a plug-in's Poco::Logger writes there.
//
// Threads: log() from any. Lifetime: the Log must outlive the channel; Poco's logger registry keeps
// a channel until another one replaces it, so the host takes it out again before the Log goes.

#pragma once

#include "kernel/Log.h"

#include <Poco/Channel.h>
#include <Poco/Message.h>

namespace gnatsd::host {

class LogChannel final : public Poco::Channel {
public:
    explicit LogChannel(kernel::Log& log) : log_(log) {}

    /// "SOURCE: text" at the nearest level. Poco's fatal and critical become errors: a plug-in has
    /// no say in ending the process (LOG-3).
    void log(const Poco::Message& message) override;

private:
    kernel::Log& log_;
};

}  // namespace gnatsd::host
