#include "plugins/host/AuthChain.h"

#include "kernel/Text.h"
#include "plugins/host/Barrier.h"

#include <string>
#include <utility>

namespace gnatsd::host {

namespace {

kernel::AuthAnswer refused(std::string reason) {
    kernel::AuthAnswer answer;
    answer.reason = std::move(reason);
    return answer;
}

sdk::ConnectRequest sdkRequest(const kernel::AuthRequest& request) {
    sdk::ConnectRequest view;
    view.user = request.connect.user;
    view.password = request.connect.pass;
    view.token = request.connect.authToken;
    view.nkey = request.connect.nkey;
    view.signature = request.connect.sig;
    view.jwt = request.connect.jwt;
    view.nonce = request.nonce;
    view.clientName = request.connect.name;
    view.clientLanguage = request.connect.lang;
    view.clientVersion = request.connect.version;
    view.peerAddress = request.peerAddress;
    view.transport = "tcp";
    return view;
}

}  // namespace

AuthChain::AuthChain(sdk::ServiceRegistry& registry, kernel::Log& log, Limits limits)
    : registry_(registry), log_(log), limits_(limits) {
    watch_ = registry_.watch<sdk::Authenticator>(
        [this](sdk::Change change, const sdk::ServiceRef<sdk::Authenticator>&) {
            if (change == sdk::Change::added) {
                required_ = true;
            }
        });
}

AuthChain::~AuthChain() {
    stop();
}

void AuthChain::check(kernel::AuthRequest request, std::function<void(kernel::AuthAnswer)> done) {
    std::string refusal;
    {
        const kernel::MutexLock lock(mutex_);
        if (stopping_) {
            refusal = "the server is stopping";
        } else if (jobs_.size() >= limits_.queue) {
            refusal = "too many clients wait to be authenticated";
        } else {
            jobs_.push_back({std::move(request), std::move(done)});
            // Threads only for those who authenticate at all.
            while (workers_.size() < limits_.workers) {
                workers_.emplace_back([this] { work(); });
            }
            changed_.notify_one();
            return;
        }
    }
    done(refused(std::move(refusal)));
}

void AuthChain::stop() {
    watch_.revoke();
    std::vector<std::thread> workers;
    std::deque<Job> waiting;
    {
        const kernel::MutexLock lock(mutex_);
        stopping_ = true;
        workers.swap(workers_);
        waiting.swap(jobs_);
        changed_.notify_all();
    }
    for (const Job& job : waiting) {
        job.done(refused("the server is stopping"));
    }
    for (std::thread& worker : workers) {
        worker.join();
    }
}

void AuthChain::work() {
    for (;;) {
        Job job;
        {
            const kernel::MutexLock lock(mutex_);
            while (jobs_.empty() && !stopping_) {
                changed_.wait(mutex_);
            }
            if (jobs_.empty()) {
                return;
            }
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job.done(decide(job.request));
    }
}

kernel::AuthAnswer AuthChain::decide(const kernel::AuthRequest& request) const {
    const sdk::ConnectRequest view = sdkRequest(request);
    for (const auto& reference : registry_.all<sdk::Authenticator>()) {
        const auto authenticator = reference.lock();
        if (!authenticator) {
            continue;
        }
        sdk::AuthResult result;
        if (const auto error = caught([&] { result = authenticator->authenticate(view); })) {
            log_.write(kernel::Level::error, "Authenticator " + std::string(reference.name()) +
                                                 " failed, the client is refused: " + error->text);
            return refused("authenticator " + std::string(reference.name()) + " failed");
        }
        if (result.verdict == sdk::Verdict::accept) {
            return accepted(result);
        }
        if (result.verdict != sdk::Verdict::abstain) {
            return refused(oneLine(result.reason));
        }
    }
    return refused("no authenticator accepts the client");
}

kernel::AuthAnswer AuthChain::accepted(const sdk::AuthResult& result) const {
    std::shared_ptr<const sdk::PermissionRules> rules = result.permissions;
    const auto error = caught([&] {
        for (const auto& reference : registry_.all<sdk::PermissionProvider>()) {
            const auto provider = rules ? nullptr : reference.lock();
            if (provider) {
                rules = provider->rulesFor(result.user, result.account);
            }
        }
    });
    if (error) {
        log_.write(kernel::Level::error,
                   "A permission provider failed, the client is refused: " + error->text);
        return refused("a permission provider failed");
    }
    if (rules) {
        // The kernel checks no permissions, and nobody may get more than the rules say.
        log_.write(kernel::Level::error, "User " + kernel::quote(result.user) +
                                             " has permission rules, which this server cannot "
                                             "enforce; the client is refused");
        return refused("permission rules cannot be enforced");
    }
    kernel::AuthAnswer answer;
    answer.accepted = true;
    answer.user = result.user;
    answer.account = result.account;
    return answer;
}

}  // namespace gnatsd::host
