#include "plugins/host/conf/Value.h"

#include <algorithm>

namespace gnatsd::host::conf {

namespace {

constexpr std::size_t kBytesPerWeight = 64;

std::vector<const Entry*> sorted(const Map& map) {
    std::vector<const Entry*> entries;
    entries.reserve(map.entries.size());
    for (const Entry& entry : map.entries) {
        entries.push_back(&entry);
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry* a, const Entry* b) { return a->key < b->key; });
    return entries;
}

bool same(const Map& a, const Map& b) {
    if (a.entries.size() != b.entries.size()) {
        return false;
    }
    const std::vector<const Entry*> first = sorted(a);
    const std::vector<const Entry*> second = sorted(b);
    return std::equal(
        first.begin(), first.end(), second.begin(),
        [](const Entry* x, const Entry* y) { return x->key == y->key && x->value == y->value; });
}

}  // namespace

struct Value::Content {
    explicit Content(Data content) : data(std::move(content)) {
        if (const auto* text = std::get_if<std::string>(&data)) {
            weight += text->size() / kBytesPerWeight;
        } else if (const auto* array = std::get_if<Array>(&data)) {
            depth = 1;
            for (const Value& item : *array) {
                add(item);
            }
        } else if (auto* map = std::get_if<Map>(&data)) {
            depth = 1;
            map->entries.shrink_to_fit();  // it is never changed again
            for (const Entry& entry : map->entries) {
                add(entry.value);
            }
        }
    }

    void add(const Value& child) {
        weight += child.weight();
        depth = std::max(depth, child.depth() + 1);
    }

    Data data;
    std::size_t weight = 1;
    int depth = 0;
};

std::string Place::text() const {
    return (file ? *file : std::string()) + ":" + std::to_string(line) + ":" +
           std::to_string(column);
}

const Entry* Map::find(std::string_view key) const {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

Value::Value(Data data, Place place)
    : content_(std::make_shared<const Content>(std::move(data))), place_(std::move(place)) {}

const Value::Data& Value::data() const noexcept {
    static const Data kEmpty;
    return content_ ? content_->data : kEmpty;
}

Value Value::at(Place place) const {
    Value copy(*this);
    copy.place_ = std::move(place);
    return copy;
}

std::size_t Value::weight() const noexcept {
    return content_ ? content_->weight : 1;
}

int Value::depth() const noexcept {
    return content_ ? content_->depth : 0;
}

const char* Value::typeName() const noexcept {
    constexpr const char* kNames[] = {"a string", "a boolean", "an integer", "a float",
                                      "a date",   "an array",  "a map"};
    static_assert(std::size(kNames) == std::variant_size_v<Data>);
    return kNames[data().index()];
}

bool Value::operator==(const Value& other) const {
    if (content_ == other.content_) {
        return true;
    }
    if (data().index() != other.data().index()) {
        return false;
    }
    return std::visit(
        [&](const auto& mine) {
            using Type = std::decay_t<decltype(mine)>;
            const Type& theirs = *std::get_if<Type>(&other.data());
            if constexpr (std::is_same_v<Type, Map>) {
                return same(mine, theirs);
            } else {
                return mine == theirs;
            }
        },
        data());
}

}  // namespace gnatsd::host::conf
