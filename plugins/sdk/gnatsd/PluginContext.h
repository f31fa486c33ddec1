// PluginContext: what a started plug-in gets from the host: a logger and the registry.
// Logger: writes to the host's log, each line with the plug-in's name in front.
//
// The logger is an interface of this SDK and no Poco::Logger: Poco's loggers, channels and
// formatters are process-wide and would outlive a plug-in that touched them, and Poco formats
// arguments before it looks at the level.
//
// Threads: logger and registry from any thread.
// Lifetime: from start() until stop() has returned.

#pragma once

#include <gnatsd/ServiceRegistry.h>

#include <string_view>

namespace gnatsd::sdk {

enum class LogLevel { error, warning, info, debug, trace };

class Logger {
public:
    Logger() = default;
    virtual ~Logger() = default;
    Logger(const Logger&) = delete;
    Logger& operator=(const Logger&) = delete;

    /// Ask before building the text of a debug or trace line.
    virtual bool wants(LogLevel level) const noexcept = 0;

    /// Writes one line if the level is on. Control characters are escaped. Never blocks on I/O.
    virtual void write(LogLevel level, std::string_view text) noexcept = 0;

    void error(std::string_view text) noexcept { write(LogLevel::error, text); }
    void warning(std::string_view text) noexcept { write(LogLevel::warning, text); }
    void info(std::string_view text) noexcept { write(LogLevel::info, text); }
    void debug(std::string_view text) noexcept { write(LogLevel::debug, text); }
};

class PluginContext {
public:
    PluginContext() = default;
    virtual ~PluginContext() = default;
    PluginContext(const PluginContext&) = delete;
    PluginContext& operator=(const PluginContext&) = delete;

    virtual Logger& logger() noexcept = 0;
    virtual ServiceRegistry& registry() noexcept = 0;
};

}  // namespace gnatsd::sdk
