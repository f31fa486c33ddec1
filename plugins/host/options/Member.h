// at<&Options::limits, &Limits::pingMax>: how the table reaches a member of Options, to set it from
// a setting and to show it again.
//
// Shape: templates over overloads, one for each type that a member may have.

#pragma once

#include "plugins/host/Options.h"
#include "plugins/host/options/Duration.h"
#include "plugins/host/options/Key.h"
#include "plugins/host/options/Tree.h"

#include <chrono>
#include <cmath>
#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

namespace gnatsd::host::options {

namespace detail {

template <class Object>
auto& reach(Object& object) {
    return object;
}

template <class Object, class First, class... Rest>
auto& reach(Object& object, First first, Rest... rest) {
    return reach(object.*first, rest...);
}

inline void store(bool& member, const conf::Value& value) {
    member = *value.boolean();
}

inline void store(std::string& member, const conf::Value& value) {
    member = *value.string();
}

inline void store(std::vector<std::string>& member, const conf::Value& value) {
    member.clear();
    for (const conf::Value& item : *value.array()) {
        member.push_back(*item.string());
    }
}

/// Below a millisecond nothing is measured: zero would switch the limit off.
inline void store(std::chrono::milliseconds& member, const conf::Value& value) {
    const double milliseconds = *value.real() * 1000;
    member = std::chrono::milliseconds(std::llround(std::ceil(milliseconds)));
}

/// A negative count means: unlimited, which is zero in Limits.
template <std::integral Integer>
void store(Integer& member, const conf::Value& value) {
    const std::int64_t number = *value.integer();
    member = static_cast<Integer>(std::is_unsigned_v<Integer> && number < 0 ? 0 : number);
}

inline std::string show(bool member) {
    return member ? "true" : "false";
}

inline std::string show(const std::string& member) {
    return member;
}

inline std::string show(const std::vector<std::string>& member) {
    std::string text;
    for (const std::string& item : member) {
        text += text.empty() ? item : " " + item;
    }
    return text;
}

inline std::string show(std::chrono::milliseconds member) {
    return durationText(member);
}

template <std::integral Integer>
std::string show(Integer member) {
    return std::to_string(member);
}

}  // namespace detail

template <auto... kPath>
constexpr Member at() {
    return {[](Options& options, const conf::Value& value) {
                detail::store(detail::reach(options, kPath...), value);
            },
            [](const Options& options) { return detail::show(detail::reach(options, kPath...)); }};
}

}  // namespace gnatsd::host::options
