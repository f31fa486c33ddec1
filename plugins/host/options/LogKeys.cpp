// The rows about the log (OPT-23 to OPT-25, OPT-32 to OPT-34, OPT-150 to OPT-154).

#include "plugins/host/options/Checks.h"
#include "plugins/host/options/Member.h"
#include "plugins/host/options/OptionTable.h"

namespace gnatsd::host::options {

namespace {

constexpr FlagGroup kLogging = FlagGroup::logging;

constexpr Member kFormat{
    [](Options& options, const conf::Value& value) {
        options.log.format = *value.string() == "json" ? LogFormat::json : LogFormat::text;
    },
    [](const Options& options) {
        return std::string(options.log.format == LogFormat::json ? "json" : "text");
    }};

/// Whoever wants all of the trace wants the trace.
constexpr Member kTraceVerbose{
    [](Options& options, const conf::Value& value) {
        options.traceVerbose = *value.boolean();
        options.trace = options.trace || options.traceVerbose;
    },
    [](const Options& options) { return detail::show(options.traceVerbose); }};

void mergeDebugTrace(conf::Map& tree, const conf::Value& value, Problems&) {
    put(tree, "debug", value);
    put(tree, "trace", value);
}

void mergeTraceVerbose(conf::Map& tree, const conf::Value& value, Problems&) {
    put(tree, "trace", value);
    put(tree, "trace_verbose", value);
}

void mergeAll(conf::Map& tree, const conf::Value& value, Problems& problems) {
    mergeDebugTrace(tree, value, problems);
    mergeTraceVerbose(tree, value, problems);
}

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"log_file", "logfile"},
     .flag = {{"l", "log"}, kLogging, "<file>", "File to redirect log output"},
     .member = at<&Options::log, &LogSettings::file>(), .reload = Reload::atOnce},
    {.names = {"logtime"}, .kind = Kind::boolean,
     .flag = {{"T", "logtime"}, kLogging, "", "Timestamp log entries (default: true)"},
     .member = at<&Options::log, &LogSettings::time>(), .reload = Reload::atOnce},
    {.names = {"syslog"}, .kind = Kind::boolean,
     .flag = {{"s", "syslog"}, kLogging, "", "Enable syslog as log method."},
     .member = at<&Options::log, &LogSettings::syslog>(), .reload = Reload::atOnce},
    {.names = {"remote_syslog"},
     .flag = {{"r", "remote_syslog"}, kLogging, "<addr>",
              "Syslog server addr (udp://localhost:514)."},
     .member = at<&Options::log, &LogSettings::remoteSyslog>(), .reload = Reload::atOnce},
    {.names = {"debug"}, .kind = Kind::boolean,
     .flag = {{"D", "debug"}, kLogging, "", "Enable debugging output"},
     .member = at<&Options::debug>(), .reload = Reload::atOnce},
    {.names = {"trace"}, .kind = Kind::boolean,
     .flag = {{"V", "trace"}, kLogging, "", "Trace the raw protocol"},
     .member = at<&Options::trace>(), .reload = Reload::atOnce},
    {.kind = Kind::boolean,
     .flag = {{"DV"}, kLogging, "", "Debug and Trace", mergeDebugTrace}},
    {.kind = Kind::boolean,
     .flag = {{"VV"}, kLogging, "", "Trace, of all accounts", mergeTraceVerbose}},
    {.kind = Kind::boolean,
     .flag = {{"DVV"}, kLogging, "", "Debug and Trace, of all accounts", mergeAll}},
    {.names = {"trace_verbose"}, .kind = Kind::boolean, .member = kTraceVerbose,
     .reload = Reload::atOnce},
    {.names = {"max_traced_msg_len"}, .kind = Kind::integer,
     .flag = {{"max_traced_msg_len"}, kLogging, "<len>", "Payload bytes in the trace (0: all)"},
     .member = at<&Options::limits, &kernel::Limits::maxTracedMessage>(),
     .reload = Reload::atOnce, .range = kAtLeastZero},
    {.names = {"logfile_size_limit", "log_size_limit"}, .kind = Kind::integer,
     .flag = {{"log_size_limit"}, kLogging, "<bytes>", "Rotate the log file at this size"},
     .member = at<&Options::log, &LogSettings::sizeLimit>(), .goName = "LogSizeLimit",
     .range = kBytes},
    {.names = {"logfile_max_num", "log_max_num"}, .kind = Kind::integer,
     .member = at<&Options::log, &LogSettings::maxFiles>(), .reload = Reload::atOnce,
     .range = kAtLeastZero},
    {.names = {"logtime_utc"}, .kind = Kind::boolean,
     .member = at<&Options::log, &LogSettings::utc>(), .reload = Reload::atOnce},
    // ours
    {.names = {"log_format"}, .member = kFormat, .reload = Reload::atOnce,
     .check = checkLogFormat},
};
// clang-format on

}  // namespace

std::span<const Key> logKeys() {
    return kKeys;
}

}  // namespace gnatsd::host::options
