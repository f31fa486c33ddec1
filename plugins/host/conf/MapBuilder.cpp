#include "plugins/host/conf/MapBuilder.h"

#include <algorithm>

namespace gnatsd::host::conf {

namespace {

/// Up to so many a search from one to the next is faster than an index.
constexpr std::size_t kFew = 12;

}  // namespace

std::string folded(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

void MapBuilder::set(Entry entry) {
    if (Entry* const present = find(entry.key)) {
        *present = std::move(entry);
        return;
    }
    entries_.push_back(std::move(entry));
    if (entries_.size() > kFew) {
        for (std::size_t i = index_.size(); i < entries_.size(); ++i) {
            index_.emplace(entries_[i].key, i);
        }
    }
}

Entry* MapBuilder::find(std::string_view key) {
    if (index_.empty()) {
        const auto found = std::find_if(entries_.begin(), entries_.end(),
                                        [&](const Entry& entry) { return entry.key == key; });
        return found == entries_.end() ? nullptr : &*found;
    }
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &entries_[found->second];
}

Entry* MapBuilder::findIgnoringCase(std::string_view key) {
    for (; foldedCount_ < entries_.size(); ++foldedCount_) {
        folded_.insert_or_assign(folded(entries_[foldedCount_].key), foldedCount_);
    }
    const auto found = folded_.find(folded(key));
    return found == folded_.end() ? nullptr : &entries_[found->second];
}

}  // namespace gnatsd::host::conf
