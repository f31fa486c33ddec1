// Held: the modes idle, subs and match, where the server holds many connections or subscriptions.

#pragma once

#include "tests/bench/Options.h"
#include "tests/bench/Result.h"

namespace gnatsd::bench {

/// Connections with one subscription each; memory per connection, CPU time per connect.
Result runIdle(const Options& options);

/// Subscriptions to random subjects; memory and CPU time per subscription.
Result runSubs(const Options& options);

/// Publishes to subjects drawn from as many subscriptions; CPU time per published message.
Result runMatch(const Options& options);

}  // namespace gnatsd::bench
