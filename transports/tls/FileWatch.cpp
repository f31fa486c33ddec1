#include "transports/tls/FileWatch.h"

#include <Poco/Delegate.h>
#include <Poco/Path.h>

#include <algorithm>
#include <set>
#include <utility>

namespace gnatsd::tls {

FileWatch::FileWatch(std::function<void(Why)> call)
    : call_(std::move(call)), thread_([this] { run(); }) {}

FileWatch::~FileWatch() {
    folders_.clear();
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
    }
    woken_.notify_all();
    thread_.join();
}

void FileWatch::watch(const std::vector<std::string>& files) {
    std::set<std::string> wanted;
    for (const std::string& file : files) {
        wanted.insert(Poco::Path(file).makeAbsolute().makeParent().toString());
    }
    std::vector<std::unique_ptr<Poco::DirectoryWatcher>> folders;
    for (const std::string& folder : wanted) {
        auto watcher = std::make_unique<Poco::DirectoryWatcher>(folder);
        for (auto* event : {&watcher->itemAdded, &watcher->itemModified, &watcher->itemMovedTo}) {
            *event += Poco::delegate(this, &FileWatch::onEvent);
        }
        folders.push_back(std::move(watcher));
    }
    folders_ = std::move(folders);
    noteChange();  // a watcher begins a little later, on its own thread
}

void FileWatch::onEvent(const Poco::DirectoryWatcher::DirectoryEvent&) {
    noteChange();
}

void FileWatch::noteChange() {
    {
        const kernel::MutexLock lock(mutex_);
        changed_ = Clock::now();
    }
    woken_.notify_all();
}

void FileWatch::run() {
    Clock::time_point day = Clock::now() + kDay;
    mutex_.lock();
    while (!stopping_) {
        const bool isChanged = changed_ != Clock::time_point();
        const Clock::time_point due = isChanged ? std::min(changed_ + kQuiet, day) : day;
        const Clock::time_point now = Clock::now();
        if (now < due) {
            woken_.wait_until(mutex_, std::chrono::system_clock::now() + (due - now));
            continue;
        }
        const Why why = due == day ? Why::daily : Why::changed;
        if (why == Why::daily) {
            day += kDay;
        } else {
            changed_ = {};
        }
        mutex_.unlock();
        call_(why);
        mutex_.lock();
    }
    mutex_.unlock();
}

}  // namespace gnatsd::tls
