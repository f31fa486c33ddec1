// Report: the output, in the Test Anything Protocol: a line for each check, all else in comments.
// What a plug-in says goes through it, so that no secret gets out and none that was told is missed.
//
// Threads: main only. Lifetime: the stream and the secrets outlive it.

#pragma once

#include "plugins/plugintest/HeldLog.h"
#include "plugins/plugintest/Secrets.h"

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::plugintest {

class Report {
public:
    Report(std::ostream& out, const Secrets& secrets) : out_(out), secrets_(secrets) {}

    /// So many checks will come.
    void plan(std::size_t checks);

    /// A check: right when there are no problems. `what` is shown as it is.
    void check(const std::string& what, const std::vector<std::string>& problems);

    /// There is no point in going on.
    void bailOut(const std::string& why);

    void log(const std::vector<HeldLog::Line>& lines);

    /// Where a plug-in told a secret: what was shown there instead.
    const std::vector<std::string>& leaks() const noexcept { return leaks_; }

    void summary();
    bool isGood() const noexcept { return failed_ == 0 && checks_ == planned_; }

private:
    std::string shown(std::string_view text);
    void comment(std::string_view text);

    std::ostream& out_;
    const Secrets& secrets_;
    std::vector<std::string> leaks_;
    std::size_t planned_ = 0;
    std::size_t checks_ = 0;
    std::size_t failed_ = 0;
};

}  // namespace gnatsd::plugintest
