// Mutex, MutexLock: std::mutex with Clang's thread-safety annotations.
// ThreadRole: a capability without a lock; it states "on the thread that owns this".
//
// Every lock of the project is listed in kernel/README.md with its order.

#pragma once

#include <mutex>

#if defined(__clang__)
#define GNATSD_ANNOTATE(x) __attribute__((x))
#else
#define GNATSD_ANNOTATE(x)
#endif

#define GNATSD_CAPABILITY(name) GNATSD_ANNOTATE(capability(name))
#define GNATSD_SCOPED_CAPABILITY GNATSD_ANNOTATE(scoped_lockable)
#define GNATSD_GUARDED_BY(x) GNATSD_ANNOTATE(guarded_by(x))
#define GNATSD_REQUIRES(...) GNATSD_ANNOTATE(requires_capability(__VA_ARGS__))
#define GNATSD_EXCLUDES(...) GNATSD_ANNOTATE(locks_excluded(__VA_ARGS__))
#define GNATSD_ACQUIRE(...) GNATSD_ANNOTATE(acquire_capability(__VA_ARGS__))
#define GNATSD_RELEASE(...) GNATSD_ANNOTATE(release_capability(__VA_ARGS__))
#define GNATSD_ASSERTS(x) GNATSD_ANNOTATE(assert_capability(x))

namespace gnatsd::kernel {

class GNATSD_CAPABILITY("mutex") Mutex {
public:
    void lock() GNATSD_ACQUIRE() { mutex_.lock(); }
    void unlock() GNATSD_RELEASE() { mutex_.unlock(); }

    /// Tells the analysis that a caller further up holds it, where it cannot see that itself.
    void assertHeld() const GNATSD_ASSERTS(this) {}

    /// For condition variables, which need the standard type.
    std::mutex& native() { return mutex_; }

private:
    std::mutex mutex_;
};

class GNATSD_SCOPED_CAPABILITY MutexLock {
public:
    explicit MutexLock(Mutex& mutex) GNATSD_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~MutexLock() GNATSD_RELEASE() { mutex_.unlock(); }

    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

private:
    Mutex& mutex_;
};

/// Confinement to one thread, checked by the compiler and free at run time.
class GNATSD_CAPABILITY("thread") ThreadRole {
public:
    /// Tells the analysis that the caller runs on the owning thread.
    void assertHeld() const GNATSD_ASSERTS(this) {}
};

}  // namespace gnatsd::kernel
