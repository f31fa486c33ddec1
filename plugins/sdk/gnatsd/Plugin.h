// Plugin: the class that a plug-in derives from, and GNATSD_PLUGIN, the macro that makes it
// loadable. One source builds as a module or into the program.
//
// Threads: all calls come from the host's main thread, one after the other.
// Lifetime: created once, configured, started, opened, quiesced, stopped, destroyed; prepared for
// new settings any number of times while it is open. The library stays loaded until the process
// ends, so avoid objects with constructors at namespace scope.
// Exceptions: the host catches what leaves these calls; in configure() and start() they end the
// start of the server with the plug-in's name, in prepare() the reload, afterwards they are logged.

#pragma once

#include <gnatsd/Descriptor.h>
#include <gnatsd/PluginContext.h>
#include <gnatsd/Reconfiguration.h>

#include <Poco/ClassLibrary.h>
#include <Poco/Exception.h>
#include <Poco/Util/AbstractConfiguration.h>

#include <memory>
#include <string>

namespace gnatsd::sdk {

/// The plug-in's own settings. getString() expands ${...}; read secrets with getRawString().
using Config = Poco::Util::AbstractConfiguration;

/// Throws `problem` as the fault of one setting: the host shows where the file has it. Without
/// this it shows the place of the setting that was read last.
[[noreturn]] inline void refuseSetting(const Config& config, const std::string& key,
                                       const std::string& problem) {
    static_cast<void>(config.has(key));  // now it is the one that was read last
    throw Poco::DataFormatException(problem);
}

class Plugin {
public:
    Plugin() = default;
    virtual ~Plugin() = default;
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    /// Reads and checks settings; throws what is wrong with them. All plug-ins are configured
    /// before any is started. `config` is valid during the call.
    virtual void configure(const Config& config) = 0;

    /// Binds ports, looks up and provides services; nobody is served yet. When this throws it
    /// must have undone itself: stop() is not called, only the destructor.
    virtual void start(PluginContext& context) = 0;

    /// Begins to serve; every plug-in has started.
    virtual void open() {}

    /// A reload: reads and checks settings as configure() does, changes nothing, and answers how
    /// to switch over; throws what is wrong. All plug-ins are prepared before any is switched,
    /// and none is when one throws. Called at every reload, as files that settings name may have
    /// changed even if the settings did not. Null: this plug-in cannot change at run time; if its
    /// settings did change, the reload fails and names it. `config` is valid during the call.
    virtual std::unique_ptr<Reconfiguration> prepare(const Config& config) {
        static_cast<void>(config);
        return nullptr;
    }

    /// Stops accepting new work.
    virtual void quiesce() {}

    /// Finishes, revokes its registrations and joins its own threads.
    virtual void stop() = 0;
};

/// What GNATSD_PLUGIN defines instead of a C function when the plug-in is part of the program.
struct BuiltinPlugin {
    const Descriptor* descriptor;
    std::unique_ptr<Plugin> (*create)();
};

}  // namespace gnatsd::sdk

#define GNATSD_DETAIL_JOIN(a, b) a##b
#define GNATSD_DETAIL_JOIN_VALUES(a, b) GNATSD_DETAIL_JOIN(a, b)
#define GNATSD_DETAIL_DESCRIPTOR(Class, pluginName, pluginVersion, level)     \
    {                                                                         \
        sizeof(::gnatsd::sdk::Descriptor), static_cast<std::uint32_t>(level), \
            ::gnatsd::sdk::abiSignature(), pluginName, pluginVersion, #Class  \
    }

#if defined(GNATSD_BUILTIN_PLUGIN)

/// Several manifests in one program would collide, so a built-in has one function of its own name.
#define GNATSD_PLUGIN(Class, pluginName, pluginVersion, level)                                     \
    const ::gnatsd::sdk::BuiltinPlugin& GNATSD_DETAIL_JOIN_VALUES(gnatsdBuiltin_,                  \
                                                                  GNATSD_BUILTIN_PLUGIN)() {       \
        static constexpr ::gnatsd::sdk::Descriptor kDescriptor =                                   \
            GNATSD_DETAIL_DESCRIPTOR(Class, pluginName, pluginVersion, level);                     \
        static constexpr ::gnatsd::sdk::BuiltinPlugin kBuiltin = {                                 \
            &kDescriptor,                                                                          \
            []() -> std::unique_ptr<::gnatsd::sdk::Plugin> { return std::make_unique<Class>(); }}; \
        return kBuiltin;                                                                           \
    }

#else

/// Once per module, at global scope: class, name, version, run level.
#define GNATSD_PLUGIN(Class, pluginName, pluginVersion, level)                                  \
    extern "C" GNATSD_PLUGIN_EXPORT const ::gnatsd::sdk::Descriptor* gnatsdPluginDescriptor() { \
        static constexpr ::gnatsd::sdk::Descriptor kDescriptor =                                \
            GNATSD_DETAIL_DESCRIPTOR(Class, pluginName, pluginVersion, level);                  \
        return &kDescriptor;                                                                    \
    }                                                                                           \
    POCO_BEGIN_MANIFEST(::gnatsd::sdk::Plugin)                                                  \
    POCO_EXPORT_CLASS(Class)                                                                    \
    POCO_END_MANIFEST

#endif
