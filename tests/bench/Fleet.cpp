#include "tests/bench/Fleet.h"

#include "tests/bench/Error.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gnatsd::bench {

namespace {

constexpr std::chrono::milliseconds kProgressStep{100};

}  // namespace

std::uint64_t Fleet::Crew::sent() const {
    std::uint64_t sum = 0;
    for (const Publisher* publisher : publishers) {
        sum += publisher->sent();
    }
    return sum;
}

Fleet::Fleet(const Options& options) : options_(options) {
    for (std::size_t i = 0; i < options.pubThreads; ++i) {
        publisherLoops_.emplace_back(state_);
    }
    for (std::size_t i = 0; i < options.subThreads; ++i) {
        receiverLoops_.emplace_back(state_, options.readSize);
    }
}

Fleet::~Fleet() {
    stopLoops();
}

Group& Fleet::addGroup(const GroupLayout& layout) {
    Crew crew;
    crew.group = std::make_unique<Group>(layout.delivery, layout.receivers, layout.window, state_);
    for (PublisherLoop& loop : publisherLoops_) {
        crew.group->addPublisherLoop(loop.poller());
    }
    crews_.push_back(std::move(crew));
    return *crews_.back().group;
}

Fleet::Crew& Fleet::crewOf(const Group& group) {
    return *std::find_if(crews_.begin(), crews_.end(),
                         [&](const Crew& crew) { return crew.group.get() == &group; });
}

Receiver& Fleet::addReceiver(Group& group, std::size_t index, OrderCheck order) {
    const std::string label = "subscriber " + std::to_string(receivers_.size());
    Receiver& receiver = receivers_.emplace_back(Client(options_.server, "gnatsd-bench " + label),
                                                 group, index, std::move(order), label);
    receiverLoops_[receivers_.size() % receiverLoops_.size()].add(receiver);
    crewOf(group).receivers.push_back(&receiver);
    return receiver;
}

void Fleet::addPublisher(Group& group, const std::vector<std::string>& subjects) {
    const std::size_t number = publishers_.size();
    const std::string label = "publisher " + std::to_string(number);
    Publisher& publisher = publishers_.emplace_back(
        Client(options_.server, "gnatsd-bench " + label),
        FrameRing(subjects, options_.size, number, options_.writeSize), group, state_,
        options_.rate / static_cast<double>(options_.pubs), label);
    publisherLoops_[publishers_.size() % publisherLoops_.size()].add(publisher);
    crewOf(group).publishers.push_back(&publisher);
}

void Fleet::launch() {
    for (PublisherLoop& loop : publisherLoops_) {
        threads_.emplace_back([&loop] { loop.run(); });
    }
    for (ReceiverLoop& loop : receiverLoops_) {
        threads_.emplace_back([&loop] { loop.run(); });
    }
}

void Fleet::stopLoops() {
    for (PublisherLoop& loop : publisherLoops_) {
        loop.stop();
    }
    for (ReceiverLoop& loop : receiverLoops_) {
        loop.stop();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Fleet::wakePublishers() {
    for (PublisherLoop& loop : publisherLoops_) {
        loop.wake();
    }
}

bool Fleet::publishersFinished() const {
    return std::all_of(publishers_.begin(), publishers_.end(),
                       [](const Publisher& publisher) { return publisher.finished(); });
}

void Fleet::awaitProgress(std::uint64_t of, const std::function<bool()>& done,
                          const std::function<std::uint64_t()>& progress) {
    const std::chrono::duration<double> patience(options_.timeout);
    std::uint64_t last = progress();
    auto lastMove = Clock::now();
    while (!state_.wait(kProgressStep, done) && !state_.failed()) {
        const std::uint64_t now = progress();
        if (now != last) {
            last = now;
            lastMove = Clock::now();
        } else if (Clock::now() - lastMove > patience) {
            state_.fail("nothing has moved for " + std::to_string(options_.timeout) + " s");
        }
        if (options_.progress) {
            options_.progress(now, of);
        }
    }
}

void Fleet::runMessages(std::uint64_t messages) {
    published_ += messages;
    for (std::size_t i = 0; i < publishers_.size(); ++i) {
        // The first ones take what does not divide evenly.
        const std::uint64_t share = published_ / publishers_.size();
        publishers_[i].start(share + (i < published_ % publishers_.size() ? 1 : 0));
    }
    wakePublishers();
    awaitProgress(
        published_, [this] { return publishersFinished(); }, [this] { return published(); });
    awaitDeliveries();
}

void Fleet::runSeconds(double seconds) {
    const std::chrono::duration<double> time(seconds);
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::duration_cast<Clock::duration>(time);
    for (Publisher& publisher : publishers_) {
        publisher.start(std::numeric_limits<std::uint64_t>::max());
    }
    wakePublishers();
    const auto milliseconds = static_cast<std::uint64_t>(seconds * 1000);
    while (!state_.failed() && Clock::now() < end) {
        const auto left = end - Clock::now();
        state_.wait(std::min<std::chrono::nanoseconds>(left, kProgressStep), [] { return false; });
        const auto past = std::chrono::duration<double>(Clock::now() - begin).count();
        if (options_.progress) {
            options_.progress(static_cast<std::uint64_t>(past * 1000), milliseconds);
        }
    }
    for (Publisher& publisher : publishers_) {
        publisher.stop();
    }
    wakePublishers();
    awaitProgress(
        milliseconds, [this] { return publishersFinished(); }, [this] { return published(); });
    published_ = published();
    awaitDeliveries();
}

void Fleet::awaitDeliveries() {
    std::uint64_t total = 0;
    std::vector<std::uint64_t> targets;
    for (Crew& crew : crews_) {
        const std::uint64_t sent = crew.sent();
        targets.push_back(deliveries_ ? deliveries_(sent) : sent);
        total += targets.back();
        crew.group->setTarget(targets.back());
    }
    const auto progress = [this] {
        std::uint64_t sum = 0;
        for (const Crew& crew : crews_) {
            sum += crew.group->progress();
        }
        return sum;
    };
    const auto done = [&] {
        for (std::size_t i = 0; i < crews_.size(); ++i) {
            if (!crews_[i].receivers.empty() && crews_[i].group->progress() < targets[i]) {
                return false;
            }
        }
        return true;
    };
    awaitProgress(total, done, progress);
    for (Crew& crew : crews_) {
        crew.group->setTarget(std::numeric_limits<std::uint64_t>::max());
    }
}

void Fleet::receiveOnly(std::uint64_t messages, double seconds) {
    const auto end = Clock::now() + std::chrono::duration<double>(seconds > 0 ? seconds : 1e9);
    crews_.front().group->setTarget(messages);
    const Group& group = *crews_.front().group;
    const auto done = [&] { return group.progress() >= messages; };
    while (!state_.failed() && Clock::now() < end && !state_.wait(kProgressStep, done)) {
        if (options_.progress) {
            options_.progress(group.progress(), messages);
        }
    }
}

std::uint64_t Fleet::published() const {
    std::uint64_t sum = 0;
    for (const Publisher& publisher : publishers_) {
        sum += publisher.sent();
    }
    return sum;
}

std::uint64_t Fleet::delivered() const {
    std::uint64_t sum = 0;
    for (const Crew& crew : crews_) {
        for (std::size_t i = 0; i < crew.receivers.size(); ++i) {
            sum += crew.group->received(i);
        }
    }
    return sum;
}

void Fleet::checkCrew(const Crew& crew, std::vector<std::string>& problems) const {
    const std::uint64_t sent = crew.sent();
    const std::uint64_t expected = deliveries_ ? deliveries_(sent) : sent;
    std::uint64_t together = 0;
    const auto compare = [&](const std::string& who, std::uint64_t received) {
        if (received != expected) {
            problems.push_back(who + " got " + std::to_string(received) + " of " +
                               std::to_string(expected) + " messages");
        }
    };
    for (const Receiver* receiver : crew.receivers) {
        together += receiver->received();
        if (crew.group->delivery() == Delivery::all) {
            compare(receiver->label(), receiver->received());
        }
    }
    if (crew.group->delivery() == Delivery::all) {
        return;
    }
    compare("the queue group", together);
    std::vector<const OrderCheck*> parts;
    std::vector<std::uint64_t> sentBy;
    for (const Receiver* receiver : crew.receivers) {
        parts.push_back(&receiver->order());
    }
    for (const Publisher* publisher : crew.publishers) {
        sentBy.push_back(publisher->sent());
    }
    if (parts.front()->kind() == OrderCheck::Kind::increasing) {
        for (std::string& problem : checkShared(parts, sentBy)) {
            problems.push_back(std::move(problem));
        }
    }
}

std::vector<std::string> Fleet::finish() {
    stopLoops();
    std::vector<char> buffer(options_.readSize + kSmallBuffer);
    for (Receiver& receiver : receivers_) {
        try {
            if (!state_.failed()) {
                receiver.drain(buffer);
            }
        } catch (const ServerError& error) {
            state_.fail(error.what());
        }
    }
    std::vector<std::string> problems = state_.problems();
    if (!publishers_.empty()) {
        for (const Crew& crew : crews_) {
            checkCrew(crew, problems);
        }
    }
    return problems;
}

}  // namespace gnatsd::bench
