// Reconfiguration: new settings of a running plug-in, read and checked, that can take effect.
//
// Threads: made, applied and destroyed on the host's main thread.
// Lifetime: the host destroys it after apply(), or without apply() when another plug-in or the
// server itself cannot take the new configuration.

#pragma once

#include <memory>
#include <utility>

namespace gnatsd::sdk {

class Reconfiguration {
public:
    Reconfiguration() = default;
    virtual ~Reconfiguration() = default;
    Reconfiguration(const Reconfiguration&) = delete;
    Reconfiguration& operator=(const Reconfiguration&) = delete;

    /// Switches over to what prepare() has made ready; nothing may fail any more.
    virtual void apply() noexcept = 0;
};

/// A Reconfiguration that calls a function:
///     return whenApplied([this, users = readUsers(config)]() mutable { use(std::move(users)); });
template <class Apply>
std::unique_ptr<Reconfiguration> whenApplied(Apply apply) {
    class Calls final : public Reconfiguration {
    public:
        explicit Calls(Apply call) : call_(std::move(call)) {}
        void apply() noexcept override { call_(); }

    private:
        Apply call_;
    };
    return std::make_unique<Calls>(std::move(apply));
}

/// Nothing has to change.
inline std::unique_ptr<Reconfiguration> nothingChanges() {
    return whenApplied([] {});
}

}  // namespace gnatsd::sdk
