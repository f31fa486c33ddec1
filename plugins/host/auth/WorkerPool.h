// WorkerPool: a bounded queue and the threads that work it off. Threads start with the first work.
//
// While the oldest work has waited less than the patience, the oldest is next; under overload the
// youngest is: it is the one whose client still waits when its turn is over. Work that nobody
// awaits any more is thrown away. A worker that does not come back is replaced, by a bounded number
// of others.
//
// Threads: any. Work is run and thrown away outside the lock.
// Lifetime: stop() before the end. A worker that still hangs then is left behind; it touches
// nothing but its work and what it shares with the pool.

#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

namespace gnatsd::host::auth {

class Work {
public:
    Work() = default;
    virtual ~Work() = default;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    virtual void run() = 0;
    virtual bool isAwaited() const noexcept = 0;
    /// The pool stops before it came to this.
    virtual void refuse() = 0;
};

class WorkerPool {
public:
    struct Shape {
        std::size_t threads = 1;
        std::size_t spare = 0;
        std::size_t queue = 4096;
        bool background = false;  // gives way to all other threads of the program
        std::chrono::milliseconds patience{1000};
        std::chrono::milliseconds replaceAfter{1000};
    };
    enum class Lane {
        client,   // a client waits: bounded
        patient,  // after all others; as many as come
    };

    explicit WorkerPool(const Shape& shape);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False when there is no room, or when the pool has stopped.
    bool post(std::shared_ptr<Work> work, Lane lane);

    /// Replaces workers that have not come back; to be called now and then.
    void watch();

    /// Refuses what waits, and gives what runs that much time to end.
    void stop(std::chrono::milliseconds grace);

private:
    class Core;
    const std::shared_ptr<Core> core_;
};

}  // namespace gnatsd::host::auth
