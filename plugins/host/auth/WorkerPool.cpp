#include "plugins/host/auth/WorkerPool.h"

#include "kernel/Mutex.h"
#include "plugins/host/auth/Background.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::host::auth {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

class WorkerPool::Core : public std::enable_shared_from_this<Core> {
public:
    explicit Core(const Shape& shape) : shape_(shape) {}

    bool post(std::shared_ptr<Work> work, Lane lane) GNATSD_EXCLUDES(mutex_);
    void watch() GNATSD_EXCLUDES(mutex_);
    void stop(std::chrono::milliseconds grace) GNATSD_EXCLUDES(mutex_);

private:
    struct Waiting {
        std::shared_ptr<Work> work;
        Clock::time_point since;
    };
    struct Worker {
        std::thread thread;
        Clock::time_point since;  // when it took what it works on
        bool busy = false;
        bool replaced = false;
        bool ended = false;
    };

    void serve(Worker& self) GNATSD_EXCLUDES(mutex_);
    void addWorker() GNATSD_REQUIRES(mutex_);
    bool hasWork() const GNATSD_REQUIRES(mutex_) { return !clients_.empty() || !patient_.empty(); }
    std::shared_ptr<Work> take() GNATSD_REQUIRES(mutex_);
    std::deque<Waiting> takeAbandoned() GNATSD_REQUIRES(mutex_);
    bool allEnded() const GNATSD_REQUIRES(mutex_) {
        return std::all_of(workers_.begin(), workers_.end(),
                           [](const Worker& worker) { return worker.ended; });
    }

    const Shape shape_;
    kernel::Mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Waiting> clients_ GNATSD_GUARDED_BY(mutex_);
    std::deque<Waiting> patient_ GNATSD_GUARDED_BY(mutex_);
    std::list<Worker> workers_ GNATSD_GUARDED_BY(mutex_);
    std::size_t active_ GNATSD_GUARDED_BY(mutex_) = 0;  // workers that are not replaced
    std::size_t replaced_ GNATSD_GUARDED_BY(mutex_) = 0;
    bool stopping_ GNATSD_GUARDED_BY(mutex_) = false;
};

bool WorkerPool::Core::post(std::shared_ptr<Work> work, Lane lane) {
    std::deque<Waiting> abandoned;
    const kernel::MutexLock lock(mutex_);
    if (stopping_) {
        return false;
    }
    if (lane == Lane::client && clients_.size() >= shape_.queue) {
        abandoned = takeAbandoned();
        if (clients_.size() >= shape_.queue) {
            return false;
        }
    }
    (lane == Lane::client ? clients_ : patient_).push_back({std::move(work), Clock::now()});
    // Threads only for servers that authenticate at all.
    while (active_ < shape_.threads) {
        addWorker();
    }
    changed_.notify_one();
    return true;
}

std::deque<WorkerPool::Core::Waiting> WorkerPool::Core::takeAbandoned() {
    const auto first = std::stable_partition(
        clients_.begin(), clients_.end(), [](const Waiting& one) { return one.work->isAwaited(); });
    std::deque<Waiting> abandoned(std::make_move_iterator(first),
                                  std::make_move_iterator(clients_.end()));
    clients_.erase(first, clients_.end());
    return abandoned;
}

void WorkerPool::Core::addWorker() {
    ++active_;
    workers_.emplace_back();
    Worker& worker = workers_.back();
    worker.thread = std::thread([self = shared_from_this(), &worker] { self->serve(worker); });
}

std::shared_ptr<Work> WorkerPool::Core::take() {
    std::deque<Waiting>& lane = clients_.empty() ? patient_ : clients_;
    const bool isLate = Clock::now() - lane.front().since > shape_.patience;
    const bool takesLast = isLate && &lane == &clients_ && lane.front().work->isAwaited();
    std::shared_ptr<Work> work = std::move(takesLast ? lane.back().work : lane.front().work);
    if (takesLast) {
        lane.pop_back();
    } else {
        lane.pop_front();
    }
    return work;
}

void WorkerPool::Core::serve(Worker& self) {
    if (shape_.background) {
        giveWay();
    }
    for (;;) {
        std::shared_ptr<Work> work;
        {
            const kernel::MutexLock lock(mutex_);
            if (std::exchange(self.replaced, false)) {
                --replaced_;
                ++active_;
            }
            self.busy = false;
            while (!hasWork() && !stopping_ && active_ <= shape_.threads) {
                changed_.wait(mutex_);
            }
            if (!hasWork() || active_ > shape_.threads) {
                --active_;
                self.ended = true;
                changed_.notify_all();
                return;
            }
            work = take();
            self.busy = true;
            self.since = Clock::now();
        }
        if (work->isAwaited()) {
            work->run();
        }
    }
}

void WorkerPool::Core::watch() {
    std::list<Worker> ended;
    {
        const auto limit = Clock::now() - shape_.replaceAfter;
        const kernel::MutexLock lock(mutex_);
        for (auto worker = workers_.begin(); worker != workers_.end();) {
            const auto next = std::next(worker);
            if (worker->ended) {
                ended.splice(ended.end(), workers_, worker);
            } else if (worker->busy && !worker->replaced && worker->since < limit && !stopping_ &&
                       replaced_ < shape_.spare) {
                worker->replaced = true;
                ++replaced_;
                --active_;
                addWorker();
            }
            worker = next;
        }
    }
    for (Worker& worker : ended) {
        worker.thread.join();
    }
}

void WorkerPool::Core::stop(std::chrono::milliseconds grace) {
    std::deque<Waiting> waiting;
    std::list<Worker> workers;
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
        waiting.swap(clients_);
        std::move(patient_.begin(), patient_.end(), std::back_inserter(waiting));
        patient_.clear();
        changed_.notify_all();
    }
    for (const Waiting& one : waiting) {
        one.work->refuse();
    }
    const auto deadline = Clock::now() + grace;
    {
        const kernel::MutexLock lock(mutex_);
        while (!allEnded() && changed_.wait_until(mutex_, deadline) != std::cv_status::timeout) {
        }
        for (auto worker = workers_.begin(); worker != workers_.end();) {
            const auto next = std::next(worker);
            if (worker->ended) {
                workers.splice(workers.end(), workers_, worker);
            } else if (worker->thread.joinable()) {
                worker->thread.detach();
            }
            worker = next;
        }
    }
    for (Worker& worker : workers) {
        if (worker.thread.joinable()) {  // or it was left behind by an earlier stop()
            worker.thread.join();
        }
    }
}

WorkerPool::WorkerPool(const Shape& shape) : core_(std::make_shared<Core>(shape)) {}

WorkerPool::~WorkerPool() {
    stop(std::chrono::milliseconds(0));
}

bool WorkerPool::post(std::shared_ptr<Work> work, Lane lane) {
    return core_->post(std::move(work), lane);
}

void WorkerPool::watch() {
    core_->watch();
}

void WorkerPool::stop(std::chrono::milliseconds grace) {
    core_->stop(grace);
}

}  // namespace gnatsd::host::auth
