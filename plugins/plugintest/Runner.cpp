#include "plugins/plugintest/Runner.h"

#include "kernel/Text.h"
#include "plugins/host/PluginSpec.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

namespace gnatsd::plugintest {

namespace {

using Verb = Step::Verb;

constexpr const char* kNotRunning = "found no plug-in that runs, wanted a start that succeeds";
constexpr const char* kNobodyThere =
    "found no client that was let in, wanted a connect before that is accepted";

/// How long calls that were given up may still take until they count as hanging.
constexpr std::chrono::milliseconds kPatience{1000};

/// A start, a reload or a stop may take so many times what a client waits.
constexpr int kStepPatience = 10;

host::auth::Settings settingsOf(const Flags& flags) {
    host::auth::Settings settings;
    settings.authTimeout = flags.timeout;
    settings.recheckPause = settings.recheckPatience;  // the script wants to hear of an outage
    settings.slowDown = false;  // one address fails as often as the script wants
    settings.fastWorkers = flags.threads;
    settings.slowWorkers = flags.threads;
    return settings;
}

/// For a step that succeeds or fails with a text.
std::vector<std::string> compare(const Expectation& wanted, const std::string& failure) {
    if ((wanted.result == Result::ok) != failure.empty()) {
        return {std::string("wanted ") + resultName(wanted.result),
                failure.empty() ? "found ok" : failure};
    }
    if (wanted.reason && failure.find(*wanted.reason) == std::string::npos) {
        return {"wanted " + kernel::quote(*wanted.reason) + " in the reason", failure};
    }
    return {};
}

}  // namespace

Runner::Runner(const Flags& flags, const Setup& setup, const Script& script, Report& report)
    : flags_(flags), script_(script), initial_(setup), setup_(setup), report_(report) {
    log_.setDebug(flags.debug);
}

Runner::~Runner() {
    if (isStuck_) {
        static_cast<void>(stage_.release());  // whoever still runs uses it
    }
}

bool Runner::run() {
    const bool startsItself = !script_.steps.empty() && script_.steps.front().verb == Verb::start;
    const auto checks =
        static_cast<std::size_t>(std::count_if(script_.steps.begin(), script_.steps.end(),
                                               [](const Step& step) { return step.isCheck(); }));
    report_.plan(checks + (startsItself ? 0 : 1) + 2);
    if (!startsItself) {
        lastWords_.set("the start", kStepPatience * flags_.timeout);
        const std::string failure = tryStart(setup_);
        showLog();
        report_.check("the plug-in is loaded, configured and started",
                      failure.empty() ? Problems() : Problems{failure});
        if (!failure.empty()) {
            report_.bailOut("the plug-in does not start");
            return false;
        }
    }
    for (const Step& step : script_.steps) {
        lastWords_.set(describe(step), limitOf(step));
        const Problems problems = run(step);
        showLog();
        if (step.isCheck()) {
            report_.check(describe(step), problems);
        }
    }
    checkEnd();
    report_.summary();
    return report_.isGood();
}

Runner::Problems Runner::run(const Step& step) {
    switch (step.verb) {
        case Verb::start:
            return start(step);
        case Verb::reload:
            return reload(step);
        case Verb::connect:
            return connect(step);
        case Verb::recheck:
            return recheck(step);
        case Verb::publish:
        case Verb::subscribe:
        case Verb::deliver:
            return permit(step);
        case Verb::keep:
            kept_.push_back(client_.answer().ticket);
            break;
    }
    return {};
}

std::string Runner::tryStart(const Setup& setup) {
    try {
        stage_ = std::make_unique<Stage>(setup.specs(), log_, settingsOf(flags_));
        return {};
    } catch (const Poco::Exception& error) {
        return error.message();
    }
}

Runner::Problems Runner::start(const Step& step) {
    stop();
    if (isStuck_) {
        return {"found calls into the plug-in that do not come back, wanted one that can stop"};
    }
    setup_ = initial_;
    setup_.set(step.settings);
    return compare(step.wanted, tryStart(setup_));
}

Runner::Problems Runner::reload(const Step& step) {
    if (stage_ == nullptr) {
        return {kNotRunning};
    }
    Setup next = setup_;
    if (!step.file.empty()) {
        next.useFile(step.file);
    }
    next.set(step.settings);
    std::string failure;
    try {
        stage_->reload(next.specs());
        setup_ = std::move(next);
    } catch (const Poco::Exception& error) {
        failure = error.message();
    }
    return compare(step.wanted, failure);
}

Runner::Problems Runner::connect(const Step& step) {
    if (stage_ == nullptr) {
        return {kNotRunning};
    }
    if (!stage_->chain().required()) {
        return {"found no authenticator, so everybody is let in; wanted one to ask"};
    }
    client_.leave();
    return ask(step, [&](std::weak_ptr<const void> asker, Desk::Done done) {
        kernel::AuthRequest request = step.request;
        request.clientId = ++lastClient_;
        request.asker = std::move(asker);
        stage_->chain().check(std::move(request), std::move(done));
    });
}

Runner::Problems Runner::recheck(const Step& step) {
    if (stage_ == nullptr || !client_.isIn()) {
        return {kNobodyThere};
    }
    const auto ticket = client_.answer().ticket;
    return ask(step, [&](std::weak_ptr<const void> asker, Desk::Done done) {
        stage_->chain().recheck(ticket, std::move(asker), std::move(done));
    });
}

Runner::Problems Runner::ask(const Step& step, const Desk::Begin& begin) {
    std::string problem;
    std::size_t wrong = 0;
    Desk::Plan plan;
    plan.times = step.times;
    plan.atOnce = flags_.threads;
    plan.timeout = std::max<std::chrono::nanoseconds>(
        flags_.timeout, step.wanted.within.value_or(std::chrono::nanoseconds(0)));
    const auto askAll = [&] {
        desk_.run(plan, begin, [&](Outcome outcome) {
            const std::string why = mismatch(step.wanted, outcome);
            if (!why.empty() && ++wrong == 1) {
                problem = why + ", found " + outcome.text();
            }
            client_.enter(std::move(outcome.answer));
        });
    };
    std::string failure;
    if (step.whileReloading) {
        failure = reloadDuring(askAll);
    } else {
        askAll();
    }
    Problems problems;
    if (wrong > 0) {
        const std::string times = step.times == 1
                                      ? ""
                                      : " (the first of " + std::to_string(wrong) + " such of " +
                                            std::to_string(step.times) + ")";
        problems.push_back(problem + times);
    }
    if (!failure.empty()) {
        problems.push_back("a reload failed meanwhile: " + failure);
    }
    return problems;
}

/// Reloads with the same settings until `work`, on another thread, is done: plug-ins are used to
/// reloads on this one. Answers why one failed.
std::string Runner::reloadDuring(const std::function<void()>& work) {
    std::atomic<bool> isDone{false};
    std::thread worker([&] {
        work();
        isDone = true;
    });
    std::string failure;
    try {
        const std::vector<host::PluginSpec> specs = setup_.specs();
        while (!isDone) {
            stage_->reload(specs);
        }
    } catch (const Poco::Exception& error) {
        failure = error.message();
    }
    worker.join();
    return failure;
}

Runner::Problems Runner::permit(const Step& step) {
    if (!client_.isIn()) {
        return {kNobodyThere};
    }
    const bool may = step.verb == Verb::publish ? client_.publishes(step.subject)
                     : step.verb == Verb::subscribe
                         ? client_.subscribes(step.subject, step.queue)
                         : client_.receives(step.subject, step.queue, step.reply);
    if (may == (step.wanted.result == Result::allowed)) {
        return {};
    }
    return {std::string("wanted ") + resultName(step.wanted.result) + ", found " +
            (may ? "allowed" : "denied") + " for user=" + kernel::escape(client_.answer().user)};
}

/// Whether the plug-in itself wrote that line, and not the host about it.
bool Runner::isPluginsLine(std::string_view line) const {
    const auto wrote = [&](const std::string& listed) {
        return line.starts_with(host::pluginName(listed) + ": ");
    };
    return wrote(flags_.module) || std::any_of(flags_.with.begin(), flags_.with.end(), wrote);
}

void Runner::stop() {
    if (isStuck_) {
        return;
    }
    client_.leave();
    kept_.clear();
    if (const std::size_t count = desk_.unreturned(kPatience); count > 0) {
        isStuck_ = true;
        stopProblems_.push_back("found calls into the plug-in that do not come back: " +
                                std::to_string(count) + ", wanted all to end");
        return;
    }
    showLog();
    stage_.reset();
    const auto lines = log_.take();
    for (const HeldLog::Line& line : lines) {
        if (line.level <= kernel::Level::warning && !isPluginsLine(line.text)) {
            stopProblems_.push_back(line.text);
        }
    }
    report_.log(lines);
}

std::string Runner::describe(const Step& step) const {
    return script_.name + ":" + std::to_string(step.line) + ": " + step.shown;
}

/// Of steps that call the plug-in on this thread; those that ask it on others end by themselves.
std::chrono::milliseconds Runner::limitOf(const Step& step) const {
    if (step.verb != Verb::start && step.verb != Verb::reload) {
        return {};
    }
    return kPatience + kStepPatience * flags_.timeout;
}

void Runner::checkEnd() {
    lastWords_.set("the stop", kPatience + kStepPatience * flags_.timeout);
    stop();
    report_.check("the plug-in stops and leaves nothing behind", stopProblems_);
    Problems leaks;
    for (const std::string& leak : report_.leaks()) {
        leaks.push_back("told a secret of the script: " + leak);
    }
    report_.check("no secret of the script is in the log or in a reason", leaks);
}

}  // namespace gnatsd::plugintest
