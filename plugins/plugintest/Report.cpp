#include "plugins/plugintest/Report.h"

#include "plugins/host/log/TextFormat.h"

#include <ostream>

namespace gnatsd::plugintest {

namespace {

constexpr std::size_t kMostLeaks = 5;

}  // namespace

void Report::plan(std::size_t checks) {
    planned_ = checks;
    out_ << "1.." << checks << std::endl;
}

void Report::check(const std::string& what, const std::vector<std::string>& problems) {
    ++checks_;
    if (!problems.empty()) {
        ++failed_;
        out_ << "not ";
    }
    out_ << "ok " << checks_ << " - " << what << '\n';
    for (const std::string& problem : problems) {
        comment(shown(problem));
    }
    out_ << std::flush;
}

void Report::bailOut(const std::string& why) {
    out_ << "Bail out! " << why << std::endl;
}

void Report::log(const std::vector<HeldLog::Line>& lines) {
    for (const HeldLog::Line& line : lines) {
        comment("[" + std::string(host::levelWord(line.level)) + "] " + shown(line.text));
    }
    out_ << std::flush;
}

void Report::summary() {
    out_ << "# " << checks_ << " checks, ";
    if (failed_ == 0) {
        out_ << "all as wanted" << std::endl;
    } else {
        out_ << failed_ << " not as wanted" << std::endl;
    }
}

std::string Report::shown(std::string_view text) {
    std::string safe = secrets_.hide(text);
    if (secrets_.isTold(text) && leaks_.size() < kMostLeaks) {
        leaks_.push_back(safe);
    }
    return safe;
}

void Report::comment(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out_ << "# " << text.substr(0, end) << '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace gnatsd::plugintest
