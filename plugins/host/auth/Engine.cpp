#include "plugins/host/auth/Engine.h"

#include "plugins/host/auth/Check.h"
#include "plugins/host/auth/PeerAddress.h"
#include "plugins/host/auth/SdkRules.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

namespace gnatsd::host::auth {

namespace {

constexpr std::chrono::milliseconds kTick{100};

WorkerPool::Shape fastShape(const Settings& settings) {
    WorkerPool::Shape shape;
    shape.threads = settings.fastWorkers;
    shape.spare = settings.spareWorkers;
    shape.queue = settings.queue;
    shape.patience = settings.authTimeout / 2;
    shape.replaceAfter = settings.replaceAfter;
    return shape;
}

WorkerPool::Shape slowShape(const Settings& settings) {
    WorkerPool::Shape shape = fastShape(settings);
    shape.threads = settings.slowWorkers;
    if (shape.threads == 0) {
        shape.threads = std::max(std::thread::hardware_concurrency(), 2U) - 1;
    }
    shape.background = true;
    return shape;
}

}  // namespace

Engine::Engine(sdk::ServiceRegistry& registryToUse, kernel::Log& logToUse, const Settings& initial)
    : registry(registryToUse),
      log(logToUse),
      settings(initial),
      links(registry),
      audit(registry, log),
      rules(compileRules),
      networks([](const sdk::UserLimits& limits) {
          return std::make_shared<const AllowFrom>(limits.allowFrom);
      }),
      awaited(std::make_shared<Awaited>(settings.answers)),
      fast(fastShape(settings)),
      slow(slowShape(settings)),
      slowDown_(settings.slowDown) {
    audit.setLogAccepts(settings.logAccepts);
}

Engine::~Engine() = default;

void Engine::configure(const Settings& changed) {
    slowDown_ = changed.slowDown;
    audit.setLogAccepts(changed.logAccepts);
}

void Engine::start(const std::shared_ptr<Check>& check) {
    watchOver();
    if (!slowDown_ || check->isRecheck()) {
        check->postFast();
        return;
    }
    const std::string source = sourceOf(check->request().asked().peerAddress);
    const auto now = FailureTable::Clock::now();
    const auto delay = failures.enter(source, now);
    if (!delay) {
        check->refuse("too many failures from this address");
        return;
    }
    if (delay->count() == 0) {
        check->postFast();
        return;
    }
    const bool isSet = alarm_.at(now + *delay, [this, check, source] {
        failures.leave(source);
        check->postFast();
    });
    if (!isSet) {
        check->refuse();
    }
}

bool Engine::postLater(const std::shared_ptr<Check>& check, Alarm::Clock::duration pause) {
    return alarm_.at(Alarm::Clock::now() + pause, [check] { check->postFast(); });
}

void Engine::watchOver() {
    if (!watching_.exchange(true)) {
        alarm_.at(Alarm::Clock::now() + kTick, [this] { tick(); });
    }
}

void Engine::tick() {
    watching_ = false;
    const auto now = Alarm::Clock::now();
    for (const auto& link : *links.snapshot()) {
        link->watch(now - settings.hungAfter, log);
    }
    fast.watch();
    slow.watch();
    for (const auto& check : awaited->takeIf([](const Check& one) { return one.isOverdue(); })) {
        check->giveUp();
    }
    if (open_ > 0) {
        watchOver();
    }
}

void Engine::stop() {
    links.stop();
    alarm_.stop();
    for (const auto& check : awaited->takeIf([](const Check&) { return true; })) {
        check->refuse();
    }
    fast.stop(settings.stopGrace);
    slow.stop(settings.stopGrace);
    audit.stop();
    over_ = true;
}

}  // namespace gnatsd::host::auth
