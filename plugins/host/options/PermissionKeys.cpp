// The rows of a permission map (section 3.2 of OPT). Whatever form the file has, the setting is
// publish.allow, publish.deny, subscribe.allow, subscribe.deny: lists, absent when not given, and
// allow_responses.max and .expires.

#include "kernel/Subject.h"
#include "kernel/Text.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Read.h"
#include "plugins/host/options/Tree.h"

#include <algorithm>
#include <utility>

namespace gnatsd::host::options {

namespace {

constexpr std::int64_t kDefaultResponses = 1;
constexpr double kDefaultResponseSeconds = 120;
constexpr std::string_view kBlanks = " \t\r\n";

bool isSubject(std::string_view text) {
    return text.find_first_of(kBlanks) == std::string_view::npos && kernel::isPattern(text);
}

/// A subject; for subscriptions also a subject, a blank and a queue (AU-42).
bool isGrant(std::string_view text, bool mayHaveQueue) {
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos || !mayHaveQueue) {
        return isSubject(text);
    }
    const std::size_t queue = text.find_first_not_of(' ', blank);
    return queue != std::string_view::npos && isSubject(text.substr(0, blank)) &&
           isSubject(text.substr(queue));
}

void readSubjects(const Key& side, std::string_view name, const conf::Entry& entry,
                  Reading& reading) {
    auto subjects = readTexts(entry, true, reading);
    if (!subjects) {
        return;
    }
    for (const conf::Value& subject : *subjects) {
        if (!isGrant(*subject.string(), side.name() == "subscribe")) {
            reading.problems.error(subject.place(), "subject " + kernel::quote(*subject.string()) +
                                                        " is not a valid subject");
        }
    }
    put(reading.out, name, conf::Value(std::move(*subjects), entry.value.place()));
}

void readSide(const Key& key, const conf::Entry& entry, Reading& reading) {
    conf::Map side;
    Reading inner{side, reading.problems, reading.block};
    if (const conf::Map* map = entry.value.map()) {
        for (const conf::Entry& part : map->entries) {
            const std::string name = lowerCase(part.key);
            if (name == "allow" || name == "deny") {
                readSubjects(key, name, part, inner);
            } else if (!part.used) {
                reading.problems.error(part.value.place(),
                                       "unknown field " + kernel::quote(part.key) +
                                           " in subject permissions, only \"allow\" and \"deny\" "
                                           "are permitted");
            }
        }
    } else {
        readSubjects(key, "allow", entry, inner);
    }
    put(reading.out, key.name(), conf::Value(std::move(side), entry.value.place()));
}

constexpr Key kResponseKeys[] = {
    {.names = {"max", "max_msgs", "max_messages", "max_responses"}, .kind = Kind::integer},
    {.names = {"expires", "expiration", "ttl"}, .kind = Kind::duration},
};

constexpr Block kResponseBlock{"allow_responses", {kResponseKeys}};

void readResponses(const Key& key, const conf::Entry& entry, Reading& reading) {
    const conf::Place& place = entry.value.place();
    conf::Map responses;
    if (const bool* on = entry.value.boolean()) {
        if (!*on) {
            return drop(reading.out, key.name());
        }
    } else if (const conf::Map* map = entry.value.map()) {
        Reading inner{responses, reading.problems, reading.block};
        readBlock(kResponseBlock, *map, inner);
    } else {
        return wrongType(entry, "a boolean or a map", reading);
    }
    if (responses.find("max") == nullptr) {
        put(responses, "max", conf::Value(kDefaultResponses, place));
    }
    if (responses.find("expires") == nullptr) {
        put(responses, "expires", conf::Value(kDefaultResponseSeconds, place));
    }
    put(reading.out, key.name(), conf::Value(std::move(responses), place));
}

constexpr Key kKeys[] = {
    {.names = {"publish", "pub", "import"}, .kind = Kind::custom, .read = readSide},
    {.names = {"subscribe", "sub", "export"}, .kind = Kind::custom, .read = readSide},
    {.names = {"allow_responses", "publish_allow_responses"},
     .kind = Kind::custom,
     .read = readResponses},
};

constexpr Block kBlock{"permissions", {kKeys}};

}  // namespace

const Block& permissionsBlock() {
    return kBlock;
}

}  // namespace gnatsd::host::options
