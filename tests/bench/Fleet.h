// Fleet: the connections and threads of a run, from "connect everybody" to "is all here?".
//
// Threads: all functions on the thread that steers the run.
// Lifetime: the destructor stops the loops and joins their threads.

#pragma once

#include "tests/bench/Layout.h"
#include "tests/bench/Loops.h"

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::bench {

class Fleet {
public:
    explicit Fleet(const Options& options);
    ~Fleet();
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    Group& addGroup(const GroupLayout& layout);
    Receiver& addReceiver(Group& group, std::size_t index, OrderCheck order);
    void addPublisher(Group& group, const std::vector<std::string>& subjects);

    /// Starts the loops. No add after this.
    void launch();

    /// Publishes `messages` more (of all publishers together) and waits for all of them.
    void runMessages(std::uint64_t messages);
    /// Publishes for so long and waits for all of it.
    void runSeconds(double seconds);
    /// Waits until `messages` that others publish are here, or for so long.
    void receiveOnly(std::uint64_t messages, double seconds);

    /// Deliveries that make a group complete; by default what its publishers have sent.
    void expectDeliveries(std::function<std::uint64_t(std::uint64_t sent)> deliveries) {
        deliveries_ = std::move(deliveries);
    }

    /// Stops the loops, counts what was still under way and looks for what is missing.
    std::vector<std::string> finish();

    std::uint64_t published() const;
    std::uint64_t delivered() const;

private:
    struct Crew {
        std::unique_ptr<Group> group;
        std::vector<Publisher*> publishers;
        std::vector<Receiver*> receivers;

        std::uint64_t sent() const;
    };

    Crew& crewOf(const Group& group);
    void stopLoops();
    void wakePublishers();
    bool publishersFinished() const;
    void awaitDeliveries();
    void awaitProgress(std::uint64_t of, const std::function<bool()>& done,
                       const std::function<std::uint64_t()>& progress);
    void checkCrew(const Crew& crew, std::vector<std::string>& problems) const;

    const Options& options_;
    RunState state_;
    std::vector<Crew> crews_;
    std::deque<Publisher> publishers_;
    std::deque<Receiver> receivers_;
    std::deque<PublisherLoop> publisherLoops_;
    std::deque<ReceiverLoop> receiverLoops_;
    std::vector<std::thread> threads_;
    std::function<std::uint64_t(std::uint64_t)> deliveries_;
    std::uint64_t published_ = 0;
};

}  // namespace gnatsd::bench
