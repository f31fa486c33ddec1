// Runner: does what a script says with a plug-in, step by step, and reports.
//
// Threads: main only.

#pragma once

#include "kernel/AuthGate.h"
#include "plugins/plugintest/Client.h"
#include "plugins/plugintest/Desk.h"
#include "plugins/plugintest/Flags.h"
#include "plugins/plugintest/HeldLog.h"
#include "plugins/plugintest/LastWords.h"
#include "plugins/plugintest/Report.h"
#include "plugins/plugintest/Script.h"
#include "plugins/plugintest/Setup.h"
#include "plugins/plugintest/Stage.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::plugintest {

class Runner {
public:
    Runner(const Flags& flags, const Setup& setup, const Script& script, Report& report);
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    /// Whether all was as wanted.
    bool run();

    /// Calls into a plug-in still run: nothing may be taken apart any more.
    bool isStuck() const noexcept { return isStuck_; }

private:
    using Problems = std::vector<std::string>;

    Problems run(const Step& step);
    Problems start(const Step& step);
    Problems reload(const Step& step);
    Problems connect(const Step& step);
    Problems recheck(const Step& step);
    Problems ask(const Step& step, const Desk::Begin& begin);
    std::string reloadDuring(const std::function<void()>& work);
    Problems permit(const Step& step);

    std::string tryStart(const Setup& setup);
    void stop();
    void checkEnd();
    std::string describe(const Step& step) const;
    std::chrono::milliseconds limitOf(const Step& step) const;
    void showLog() { report_.log(log_.take()); }
    bool isPluginsLine(std::string_view line) const;

    const Flags& flags_;
    const Script& script_;
    const Setup initial_;
    Setup setup_;  // what runs now
    Report& report_;
    LastWords lastWords_;
    HeldLog log_;
    Desk desk_;
    std::unique_ptr<Stage> stage_;
    Client client_;
    std::vector<std::shared_ptr<const kernel::AuthTicket>> kept_;
    std::uint64_t lastClient_ = 0;
    Problems stopProblems_;
    bool isStuck_ = false;
};

}  // namespace gnatsd::plugintest
