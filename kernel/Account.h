// Account: a separate space of subjects. Without configuration there is one, `$G`.
//
// Threads: any; the Sublist has its own lock. Lifetime: owned by the Broker, as long as it.

#pragma once

#include "kernel/Sublist.h"

#include <string>
#include <utility>

namespace gnatsd::kernel {

class Account {
public:
    explicit Account(std::string name) : name_(std::move(name)) {}

    const std::string& name() const noexcept { return name_; }
    Sublist& sublist() noexcept { return sublist_; }

private:
    const std::string name_;
    Sublist sublist_;
};

}  // namespace gnatsd::kernel
