// SublistFixture: subscriptions without a connection, and match results as comparable text.

#pragma once

#include "kernel/MatchResult.h"
#include "kernel/Sublist.h"
#include "kernel/Subscription.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gnatsd::kernel {

inline Ref<Subscription> subscription(std::string_view subject, std::string_view sid,
                                      std::string_view queue = {}) {
    return Subscription::make(nullptr, subject, queue, sid);
}

inline Ref<Subscription> subscribe(Sublist& list, std::string_view subject, std::string_view sid,
                                   std::string_view queue = {}) {
    Ref<Subscription> made = subscription(subject, sid, queue);
    list.insert(made);
    return made;
}

/// The sids in ascending order, with blanks between them.
inline std::string sids(const MatchResult::Subscriptions& subscriptions) {
    std::vector<std::string_view> sorted;
    for (const Ref<Subscription>& one : subscriptions) {
        sorted.push_back(one->sid());
    }
    std::sort(sorted.begin(), sorted.end());
    std::string text;
    for (const std::string_view sid : sorted) {
        text.append(text.empty() ? "" : " ").append(sid);
    }
    return text;
}

/// Plain sids, then each queue group in order of its name: "1 2 | q: 3 4 | r: 5".
inline std::string textOf(const MatchResult& result) {
    std::vector<std::string> groups;
    for (const MatchResult::Subscriptions& group : result.queues) {
        groups.push_back(" | " + std::string(group.at(0)->queue()) + ": " + sids(group));
    }
    std::sort(groups.begin(), groups.end());
    std::string text = sids(result.plain);
    for (const std::string& group : groups) {
        text += group;
    }
    return text;
}

inline std::string matchText(Sublist& list, std::string_view subject) {
    Sublist::Stamp stamp{};
    return textOf(*list.match(subject, stamp));
}

}  // namespace gnatsd::kernel
