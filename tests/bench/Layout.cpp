#include "tests/bench/Layout.h"

#include "tests/bench/FrameRing.h"

#include <algorithm>

namespace gnatsd::bench {

namespace {

// A server of today drops a client that is 64 MiB behind, and slows publishers down from half of
// that on: stay well below, and keep the sum over all receivers from filling the memory.
constexpr std::uint64_t kMaxWindow = 8 * 1024 * 1024;
constexpr std::uint64_t kMinWindow = 512 * 1024;
constexpr std::uint64_t kWindowOfAll = 64 * 1024 * 1024;

std::string padded(std::size_t number, std::size_t below) {
    const std::size_t width = std::to_string(below - 1).size();
    const std::string digits = std::to_string(number);
    return std::string(width - digits.size(), '0') + digits;
}

void addSubjects(GroupLayout& group, const std::string& prefix, const Options& options) {
    if (options.subjects == 1) {
        group.subjects = {prefix};
    }
    for (std::size_t i = 0; options.subjects > 1 && i < options.subjects; ++i) {
        group.subjects.push_back(prefix + "." + padded(i, options.subjects));
    }
    const bool one = options.subjects == 1 || options.wildcard;
    for (std::size_t i = 0; i < group.subjects.size(); ++i) {
        // "1" in front makes the subscription ids equally long too.
        const std::string sid = one ? "1" : std::string("1").append(padded(i, options.subjects));
        group.messages.push_back({group.subjects[i], sid});
    }
    if (options.subjects > 1 && options.wildcard) {
        group.subscriptions = {{prefix + ".*", "1"}};
    } else {
        group.subscriptions = group.messages;
    }
}

std::uint64_t windowOf(const Options& options, const GroupLayout& group) {
    const std::uint64_t fanOut =
        group.delivery == Delivery::all ? std::max<std::size_t>(group.receivers, 1) : 1;
    const std::uint64_t bytes = options.window != 0
                                    ? options.window
                                    : std::clamp(kWindowOfAll / fanOut, kMinWindow, kMaxWindow);
    const std::size_t line = group.messages.front().subject.size() + 20;
    return std::max<std::uint64_t>(bytes / (line + options.size), 2);
}

}  // namespace

std::vector<GroupLayout> layoutOf(const Options& options) {
    std::vector<GroupLayout> groups(options.pairs ? options.pubs : 1);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        GroupLayout& group = groups[i];
        const bool publishes = options.mode != Mode::sub;
        const bool receives = options.mode != Mode::pub;
        group.publishers = options.pairs ? 1 : publishes ? options.pubs : 0;
        group.receivers = options.pairs ? 1 : receives ? options.subs : 0;
        const std::string suffix =
            options.pairs ? std::string(".").append(padded(i, groups.size())) : "";
        addSubjects(group, options.subject + suffix, options);
        if (options.mode == Mode::queue) {
            group.queue = "bench";
            group.delivery = Delivery::shared;
            group.order = OrderCheck::Kind::increasing;
        }
        if (options.size < kWordSize) {
            group.order = OrderCheck::Kind::countOnly;
        }
        group.window = windowOf(options, group);
    }
    return groups;
}

}  // namespace gnatsd::bench
