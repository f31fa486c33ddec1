#include "transports/reactor/PollerPoll.h"

#include "kernel/Check.h"

#include <poll.h>
#include <unordered_map>
#include <vector>

namespace gnatsd::reactor {

namespace {

short maskOf(Interest interest) noexcept {
    return static_cast<short>((interest.read ? POLLIN : 0) | (interest.write ? POLLOUT : 0));
}

class PollerPoll final : public Poller {
public:
    void add(int fd, Pollable& who, Interest interest) override {
        GNATSD_CHECK(index_.emplace(fd, fds_.size()).second);
        fds_.push_back({fd, maskOf(interest), 0});
        who_.push_back(&who);
    }

    void change(int fd, Pollable& who, Interest interest) override {
        const std::size_t at = index_.at(fd);
        fds_[at].events = maskOf(interest);
        who_[at] = &who;
    }

    void remove(int fd) noexcept override {
        const auto found = index_.find(fd);
        if (found == index_.end()) {
            return;
        }
        const std::size_t at = found->second;
        index_.erase(found);
        if (at + 1 != fds_.size()) {
            fds_[at] = fds_.back();
            who_[at] = who_.back();
            index_[fds_[at].fd] = at;
        }
        fds_.pop_back();
        who_.pop_back();
        if (next_ >= fds_.size()) {
            next_ = 0;
        }
    }

    std::size_t wait(PollEvent* events, std::chrono::nanoseconds timeout) override {
        // Rounded up: poll knows milliseconds, and waking early would turn a wait into a spin.
        const auto rounded = (timeout.count() + 999'999) / 1'000'000;
        const int ready = ::poll(fds_.data(), static_cast<nfds_t>(fds_.size()),
                                 timeout.count() < 0 ? -1 : static_cast<int>(rounded));
        if (ready <= 0) {
            return 0;
        }
        // Starts behind the last one served, so that a full batch starves nobody.
        std::size_t count = 0;
        const std::size_t size = fds_.size();
        for (std::size_t i = 0; i < size && count < kBatch; ++i) {
            const std::size_t at = (next_ + i) % size;
            const short got = fds_[at].revents;
            if (got != 0) {
                events[count++] = {who_[at], (got & POLLIN) != 0, (got & POLLOUT) != 0,
                                   (got & (POLLERR | POLLHUP | POLLNVAL)) != 0};
                if (count == kBatch) {
                    next_ = (at + 1) % size;
                }
            }
        }
        return count;
    }

private:
    std::vector<pollfd> fds_;
    std::vector<Pollable*> who_;
    std::unordered_map<int, std::size_t> index_;
    std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Poller> makePollerPoll() {
    return std::make_unique<PollerPoll>();
}

}  // namespace gnatsd::reactor
