// JsonFormat: one JSON object a line, for log collectors (`log_format: json`):
// {"time":"2016-04-26T13:21:20.379640Z","level":"info","pid":2842,"message":"Server is ready"}
//
// A message about a connection (LOG-8) has its identity as members of their own: "client" and "cid"
// (or "wid"), "route" and "rid"; "message" is what follows. Bytes that are not UTF-8 become U+FFFD.
//
// Threads: one.

#pragma once

#include "plugins/host/log/ClockText.h"
#include "plugins/host/log/LineFormat.h"

#include <string>

namespace gnatsd::host {

class JsonFormat final : public LineFormat {
public:
    JsonFormat(bool time, bool utc);

    void append(const LogRecord& record, std::string& out) override;

private:
    const std::string pid_;
    const bool time_;
    ClockText clock_;
};

}  // namespace gnatsd::host
