// HeldLog: a log whose lines wait until main shows them between two steps.
//
// Threads: any.

#pragma once

#include "kernel/Log.h"
#include "kernel/Mutex.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::plugintest {

class HeldLog final : public kernel::Log {
public:
    struct Line {
        kernel::Level level;
        std::string text;
    };

    void write(kernel::Level level, std::string_view text) noexcept override
        GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        lines_.push_back({level, std::string(text)});
    }

    std::vector<Line> take() GNATSD_EXCLUDES(mutex_) {
        const kernel::MutexLock lock(mutex_);
        return std::exchange(lines_, {});
    }

private:
    kernel::Mutex mutex_;
    std::vector<Line> lines_ GNATSD_GUARDED_BY(mutex_);
};

}  // namespace gnatsd::plugintest
