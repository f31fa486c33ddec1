#include "plugins/common/Outage.h"

namespace gnatsd::common {

void Outage::began(const std::string& why) {
    {
        const std::lock_guard lock(mutex_);
        if (why == why_) {
            return;
        }
        why_ = why;
    }
    logger_->warning(what_ + ": " + why);
}

void Outage::ended() {
    {
        const std::lock_guard lock(mutex_);
        if (why_.empty()) {
            return;
        }
        why_.clear();
    }
    logger_->info(what_ + " is back");
}

}  // namespace gnatsd::common
