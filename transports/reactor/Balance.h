// chooseMoves: which connections a busy reactor gives away. A pure function.
//
// Connections that exchange messages belong together: on one reactor they need no lock and no
// wake-up. So whole groups of partners move, and a group is taken apart only when it is the only
// one and `maySplit` says that there are cores to spare; then some of its publishers go.

#pragma once

#include "kernel/FlushTarget.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gnatsd::reactor {

struct Candidate {
    const void* self;        // its outbox, as a name
    const void* partner;     // of whom it received last; null: nobody
    std::uint64_t read = 0;  // bytes since the last look
    std::uint64_t wrote = 0;
    bool movable = true;  // not paused, blocked or closing
    /// The reactor that sent it most of its messages since the last look; null: its own.
    const kernel::FlushTarget* farFrom = nullptr;
};

/// Answers indices into `candidates`; together they do about half of the work, never all of it.
std::vector<std::size_t> chooseMoves(std::span<const Candidate> candidates, bool maySplit);

}  // namespace gnatsd::reactor
