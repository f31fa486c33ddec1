// RefCounted, Ref<T>: intrusive shared ownership. One word in the object, one in the handle.
//
// Threads: counting is atomic; the object's own rules apply to the rest.
// Why not shared_ptr: subscriptions and outboxes exist by the million, and a result list holds
// one word for each of them.

#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace gnatsd::kernel {

/// Base of an object with intrusive count. T::destroy(T*) frees it.
template <class T>
class RefCounted {
public:
    RefCounted(const RefCounted&) = delete;
    RefCounted& operator=(const RefCounted&) = delete;

    // Relaxed: a new reference is always made from one that exists.
    void retain() const noexcept { count_.fetch_add(1, std::memory_order_relaxed); }

    void release() const noexcept {
        // Release publishes this owner's writes, acquire makes all of them visible to the last.
        if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            T::destroy(const_cast<T*>(static_cast<const T*>(this)));
        }
    }

    std::uint32_t refCount() const noexcept { return count_.load(std::memory_order_relaxed); }

protected:
    RefCounted() = default;
    ~RefCounted() = default;

private:
    mutable std::atomic<std::uint32_t> count_{0};
};

template <class T>
class Ref {
public:
    Ref() = default;
    explicit Ref(T* object) noexcept : object_(object) {
        if (object_ != nullptr) {
            object_->retain();
        }
    }
    Ref(const Ref& other) noexcept : Ref(other.object_) {}
    Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    ~Ref() { reset(); }

    Ref& operator=(Ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }

    void reset() noexcept {
        if (T* old = std::exchange(object_, nullptr); old != nullptr) {
            old->release();
        }
    }

    T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    T& operator*() const noexcept { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }
    bool operator==(const Ref& other) const noexcept = default;

private:
    T* object_ = nullptr;
};

}  // namespace gnatsd::kernel
