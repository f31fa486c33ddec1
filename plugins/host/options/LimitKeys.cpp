// The rows about limits and times (OPT-37 to OPT-40, OPT-142 to OPT-146).

#include "plugins/host/options/Member.h"
#include "plugins/host/options/OptionTable.h"

namespace gnatsd::host::options {

namespace {

using kernel::Limits;

constexpr std::int64_t kLargestPayload = std::numeric_limits<std::int32_t>::max();

/// -1 is unlimited: as much as a message can have at all (OPT-38).
constexpr Member kMaxPayload{
    [](Options& options, const conf::Value& value) {
        const std::int64_t number = *value.integer();
        options.limits.maxPayload = static_cast<std::size_t>(number < 0 ? kLargestPayload : number);
    },
    [](const Options& options) { return detail::show(options.limits.maxPayload); }};

// clang-format off
constexpr Key kKeys[] = {
    {.names = {"max_control_line"}, .kind = Kind::integer,
     .member = at<&Options::limits, &Limits::maxControlLine>(), .reload = Reload::atOnce,
     .range = kAtLeastZero},
    {.names = {"max_payload"}, .kind = Kind::integer, .member = kMaxPayload,
     .reload = Reload::atOnce, .range = {-1, kLargestPayload}},
    {.names = {"max_pending", "max_pending_size"}, .kind = Kind::integer,
     .member = at<&Options::limits, &Limits::maxPending>(), .goName = "MaxPending",
     .range = kBytes},
    {.names = {"max_connections", "max_conn"}, .kind = Kind::integer,
     .member = at<&Options::limits, &Limits::maxConnections>(), .reload = Reload::atOnce},
    {.names = {"max_subscriptions", "max_subs"}, .kind = Kind::integer,
     .member = at<&Options::limits, &Limits::maxSubscriptions>(), .goName = "MaxSubs"},
    {.names = {"max_sub_tokens", "max_subscription_tokens"}, .kind = Kind::integer,
     .member = at<&Options::limits, &Limits::maxSubscriptionTokens>(), .goName = "MaxSubTokens",
     .range = {1, 255}},
    {.names = {"ping_interval"}, .kind = Kind::duration,
     .member = at<&Options::limits, &Limits::pingInterval>(), .reload = Reload::atOnce},
    {.names = {"ping_max"}, .kind = Kind::integer,
     .member = at<&Options::limits, &Limits::pingMax>(), .reload = Reload::atOnce,
     .range = kAtLeastZero},
    {.names = {"write_deadline"}, .kind = Kind::duration,
     .member = at<&Options::limits, &Limits::writeDeadline>(), .reload = Reload::atOnce},
};
// clang-format on

}  // namespace

std::span<const Key> limitKeys() {
    return kKeys;
}

}  // namespace gnatsd::host::options
