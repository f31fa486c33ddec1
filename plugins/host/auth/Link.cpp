#include "plugins/host/auth/Link.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace gnatsd::host::auth {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// What "fast" may take at most, on a machine that is busy.
constexpr milliseconds kFast{50};

}  // namespace

Link::Call::Call(Link& link) : link_(link) {
    const kernel::MutexLock lock(link_.mutex_);
    self_ = link_.calls_.insert(link_.calls_.end(), Clock::now());
}

Link::Call::~Call() {
    const kernel::MutexLock lock(link_.mutex_);
    link_.calls_.erase(self_);
}

Link::Link(sdk::ServiceRef<sdk::Authenticator> service)
    : direct_(std::move(service)), name_(direct_.name()), rank_(direct_.rank()) {}

Link::Link(sdk::ServiceRef<sdk::AsyncAuthenticator> service)
    : async_(std::move(service)), name_(async_.name()), rank_(async_.rank()) {}

void Link::watch(Clock::time_point limit, kernel::Log& log) {
    std::size_t count = 0;
    {
        const kernel::MutexLock lock(mutex_);
        count = static_cast<std::size_t>(
            std::count_if(calls_.begin(), calls_.end(),
                          [limit](Clock::time_point since) { return since < limit; }));
    }
    const std::size_t before = hung_.exchange(count);
    if (count > before) {
        log.write(kernel::Level::warning,
                  "Authenticator " + name_ +
                      " hangs: calls that do not come back: " + std::to_string(count));
    } else if (count == 0 && before > 0) {
        log.write(kernel::Level::info, "Authenticator " + name_ + " has come back");
    }
}

void Link::noteFast(Clock::duration duration, kernel::Log& log) {
    if (duration > kFast && ++slowCalls_ == kBelieved) {
        log.write(kernel::Level::warning,
                  "Authenticator " + name_ + " calls itself fast but took " +
                      std::to_string(duration_cast<milliseconds>(duration).count()) +
                      " ms; it is run with the slow ones from now on");
    }
}

Links::Links(sdk::ServiceRegistry& registry) {
    direct_ = registry.watch<sdk::Authenticator>(
        [this](sdk::Change change, const sdk::ServiceRef<sdk::Authenticator>& service) {
            if (change == sdk::Change::added) {
                add(std::make_shared<Link>(service));
            } else {
                remove([&](const Link& link) { return link.direct() == service; });
            }
        });
    async_ = registry.watch<sdk::AsyncAuthenticator>(
        [this](sdk::Change change, const sdk::ServiceRef<sdk::AsyncAuthenticator>& service) {
            if (change == sdk::Change::added) {
                add(std::make_shared<Link>(service));
            } else {
                remove([&](const Link& link) { return link.async() == service; });
            }
        });
}

Links::Snapshot Links::snapshot() const {
    const kernel::MutexLock lock(mutex_);
    return links_;
}

void Links::stop() {
    direct_.revoke();
    async_.revoke();
}

void Links::add(std::shared_ptr<Link> link) {
    const kernel::MutexLock lock(mutex_);
    auto links = std::make_shared<std::vector<std::shared_ptr<Link>>>(*links_);
    const auto place =
        std::upper_bound(links->begin(), links->end(), link,
                         [](const std::shared_ptr<Link>& a, const std::shared_ptr<Link>& b) {
                             return std::tuple(a->rank(), std::string_view(a->name())) <
                                    std::tuple(b->rank(), std::string_view(b->name()));
                         });
    links->insert(place, std::move(link));
    links_ = std::move(links);
}

template <class Same>
void Links::remove(Same same) {
    const kernel::MutexLock lock(mutex_);
    auto links = std::make_shared<std::vector<std::shared_ptr<Link>>>(*links_);
    std::erase_if(*links, [&](const std::shared_ptr<Link>& link) { return same(*link); });
    links_ = std::move(links);
}

}  // namespace gnatsd::host::auth
