#include "kernel/Subscribers.h"

#include <memory>

namespace gnatsd::kernel {

namespace {

constexpr std::size_t kSmallest = 4;

char* wordOf(const Subscription* subscription) noexcept {
    subscription->retain();
    return reinterpret_cast<char*>(const_cast<Subscription*>(subscription));
}

}  // namespace

Subscribers::Subscribers(const Ref<Subscription>& only) noexcept : word_(wordOf(only.get())) {}

std::size_t Subscribers::size() const noexcept {
    if (tag() == kMany) {
        return many()->size();
    }
    return word_ == nullptr ? 0 : 1;
}

void Subscribers::add(const Ref<Subscription>& subscription) {
    if (word_ == nullptr) {
        word_ = wordOf(subscription.get());
        return;
    }
    if (tag() == kOne) {
        auto list = std::make_unique<Many>();
        list->reserve(2);
        list->emplace_back(one());
        list->front()->place_ = 0;
        one()->release();
        word_ = reinterpret_cast<char*>(list.release()) + kMany;
    }
    subscription->place_ = static_cast<std::uint32_t>(many()->size());
    many()->push_back(subscription);
}

Ref<Subscription> Subscribers::take(const Subscription& subscription) {
    if (tag() == kMany) {
        return takeOfMany(subscription);
    }
    if (word_ == nullptr || one() != &subscription) {
        return {};
    }
    Ref<Subscription> taken(one());
    clear();
    return taken;
}

Ref<Subscription> Subscribers::takeOfMany(const Subscription& subscription) {
    Many& list = *many();
    // One that is not in here has any place, so look whether it is the one there.
    const std::size_t place = subscription.place_;
    if (place >= list.size() || list[place].get() != &subscription) {
        return {};
    }
    Ref<Subscription> taken = std::move(list[place]);
    if (place + 1 != list.size()) {
        list[place] = std::move(list.back());
        list[place]->place_ = static_cast<std::uint32_t>(place);
    }
    list.pop_back();
    if (list.size() == 1) {
        char* last = wordOf(list.front().get());
        clear();
        word_ = last;
    } else if (list.capacity() > kSmallest && list.size() < list.capacity() / 4) {
        Many smaller;
        smaller.reserve(list.capacity() / 2);
        smaller.assign(std::make_move_iterator(list.begin()), std::make_move_iterator(list.end()));
        list.swap(smaller);
    }
    return taken;
}

void Subscribers::clear() noexcept {
    if (tag() == kMany) {
        const std::unique_ptr<Many> list(many());
    } else if (word_ != nullptr) {
        one()->release();
    }
    word_ = nullptr;
}

}  // namespace gnatsd::kernel
