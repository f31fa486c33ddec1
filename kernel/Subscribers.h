// Subscribers: the subscriptions of exactly one subject or pattern, in one word.
//
// A million subjects have one subscriber each: that one is pointed at directly; from two on they
// lie in a vector. The subject's bytes are those of the first of them, so no copy is kept.
//
// Threads: guarded by the Sublist's mutex. Lifetime: owns a reference to each.
// Cost: add and take O(1), whatever the number.

#pragma once

#include "kernel/RefCounted.h"
#include "kernel/Subscription.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace gnatsd::kernel {

class Subscribers {
public:
    Subscribers() = default;
    explicit Subscribers(const Ref<Subscription>& only) noexcept;
    Subscribers(Subscribers&& other) noexcept : word_(std::exchange(other.word_, nullptr)) {}
    Subscribers& operator=(Subscribers&& other) noexcept {
        std::swap(word_, other.word_);
        return *this;
    }
    ~Subscribers() { clear(); }

    bool empty() const noexcept { return word_ == nullptr; }
    std::size_t size() const noexcept;

    /// The first one's bytes: valid until that one is taken. Requires: !empty().
    std::string_view subject() const noexcept { return first()->subject(); }

    /// Requires: not in here yet, and the subject is that of the others.
    void add(const Ref<Subscription>& subscription);

    /// Takes one out; answers an empty Ref when it is not in here.
    Ref<Subscription> take(const Subscription& subscription);

    void clear() noexcept;

    template <class Visitor>
    void each(Visitor&& visit) const {
        if (tag() == kMany) {
            for (const Ref<Subscription>& subscription : *many()) {
                visit(*subscription);
            }
        } else if (word_ != nullptr) {
            visit(*one());
        }
    }

protected:
    // The two low bits of the word, free because of alignment, say what it points at.
    enum Tag : std::uintptr_t { kOne = 0, kMany = 1, kOther = 2 };

    explicit Subscribers(char* word) noexcept : word_(word) {}

    Tag tag() const noexcept {
        return static_cast<Tag>(reinterpret_cast<std::uintptr_t>(word_) & 3U);
    }
    char* object() const noexcept { return word_ - tag(); }
    char* dropWord() noexcept { return std::exchange(word_, nullptr); }

private:
    using Many = std::vector<Ref<Subscription>>;

    Subscription* one() const noexcept { return reinterpret_cast<Subscription*>(word_); }
    Many* many() const noexcept { return reinterpret_cast<Many*>(object()); }
    const Subscription* first() const noexcept {
        return tag() == kMany ? many()->front().get() : one();
    }
    Ref<Subscription> takeOfMany(const Subscription& subscription);

    char* word_ = nullptr;
};

}  // namespace gnatsd::kernel
