#include "tests/bench/Held.h"

#include "tests/bench/Error.h"
#include "tests/bench/Fleet.h"
#include "tests/bench/SubjectSet.h"

#include <algorithm>
#include <deque>

namespace gnatsd::bench {

namespace {

constexpr std::uint64_t kSeed = 20230101;
constexpr std::size_t kBatch = 256 * 1024;
// More subjects than any cache of match results is likely to hold.
constexpr std::size_t kMaxDrawn = 500'000;

/// Connections that are not read while the run lasts: they answer no PING of the server, so a run
/// is short. keepAlive() at the end tells whether all are still there.
class Connections {
public:
    Connections(const Options& options, std::size_t count) : options_(options), count_(count) {
        wantDescriptors(count);
    }

    void open(std::size_t number) {
        clients_.emplace_back(options_.server, "gnatsd-bench " + std::to_string(number),
                              static_cast<std::uint32_t>(number));
    }

    void openAll() {
        for (std::size_t i = 0; i < count_; ++i) {
            open(i);
        }
    }

    Client& operator[](std::size_t number) { return clients_[number]; }
    std::size_t size() const { return clients_.size(); }

    std::vector<std::string> roundTripAll() {
        std::vector<std::string> problems;
        for (std::size_t i = 0; i < clients_.size() && problems.empty(); ++i) {
            try {
                clients_[i].roundTrip();
            } catch (const ServerError& error) {
                problems.push_back("connection " + std::to_string(i) + ": " + error.what());
            }
        }
        return problems;
    }

private:
    const Options& options_;
    const std::size_t count_;
    std::deque<Client> clients_;
};

void report(const Options& options, std::uint64_t done, std::uint64_t of) {
    constexpr std::uint64_t kStep = 1024;
    if (options.progress && done % kStep == 0) {
        options.progress(done, of);
    }
}

std::vector<std::string> subscribeAll(const Options& options, const SubjectSet& subjects,
                                      Connections& connections) {
    const std::size_t share = (subjects.size() + connections.size() - 1) / connections.size();
    std::string bytes;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        bytes += "SUB " + subjects.subscription(i) + " " + std::to_string(i % share + 1) + "\r\n";
        const bool last = i + 1 == subjects.size() || (i + 1) % share == 0;
        if (last || bytes.size() > kBatch) {
            connections[i / share].sendAll(bytes);
            bytes.clear();
        }
        report(options, i, subjects.size());
    }
    return connections.roundTripAll();
}

std::vector<std::string> mustReach(const std::string& what, std::uint64_t got,
                                   std::uint64_t wanted) {
    if (got == wanted) {
        return {};
    }
    return {what + ": " + std::to_string(got) + " of " + std::to_string(wanted)};
}

}  // namespace

Result runIdle(const Options& options) {
    ServerProbe probe(options.serverPid, options.countInstructions);
    Connections connections(options, options.count);
    probe.begin();
    for (std::size_t i = 0; i < options.count; ++i) {
        connections.open(i);
        connections[i].sendAll("SUB " + options.subject + "." + std::to_string(i) + " 1\r\n");
        report(options, i, options.count);
    }
    Result result;
    result.problems = connections.roundTripAll();
    result.usage = probe.end();
    result.mode = modeName(options.mode);
    result.held = connections.size();
    result.units = result.held;
    for (std::string& problem : mustReach("connections", connections.size(), options.count)) {
        result.problems.push_back(std::move(problem));
    }
    return result;
}

Result runSubs(const Options& options) {
    const SubjectSet subjects(options.subject, options.count, options.wildcardShare, kSeed);
    ServerProbe probe(options.serverPid, options.countInstructions);
    Connections connections(options, options.connections);
    connections.openAll();
    probe.begin();
    Result result;
    result.problems = subscribeAll(options, subjects, connections);
    result.usage = probe.end();
    result.mode = modeName(options.mode);
    result.held = subjects.size();
    result.units = result.held;
    result.subjectBytes = subjects.meanLength();
    return result;
}

Result runMatch(const Options& options) {
    const SubjectSet subjects(options.subject, options.count, options.wildcardShare, kSeed);
    if (subjects.literals() == 0) {
        throw UsageError("match needs literal subjects: lower --wildcard-share");
    }
    std::vector<std::string> drawn;
    std::vector<std::uint8_t> copies;
    std::vector<std::uint64_t> copiesBefore{0};
    for (std::size_t i = 0; i < std::min(subjects.literals(), kMaxDrawn); ++i) {
        drawn.push_back(subjects.literal(i));
        copies.push_back(subjects.matches(i));
        copiesBefore.push_back(copiesBefore.back() + copies.back());
    }
    std::vector<Subscription> subscriptions;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        subscriptions.push_back({subjects.subscription(i), std::to_string(i + 1)});
    }
    GroupLayout layout = layoutOf(options).front();
    ServerProbe probe(options.serverPid, options.countInstructions);
    Fleet fleet(options);
    Group& group = fleet.addGroup(layout);
    OrderCheck order(OrderCheck::Kind::repeating);
    order.setCopies(copies);
    fleet.addReceiver(group, 0, std::move(order)).subscribe(subscriptions, "");
    subscriptions = {};
    fleet.addPublisher(group, drawn);
    fleet.expectDeliveries([&](std::uint64_t sent) {
        return sent / copies.size() * copiesBefore.back() + copiesBefore[sent % copies.size()];
    });
    fleet.launch();
    fleet.runMessages(std::max<std::uint64_t>(options.warmup, 1));
    const std::uint64_t publishedBefore = fleet.published();
    const std::uint64_t deliveredBefore = fleet.delivered();
    probe.begin();
    fleet.runMessages(options.msgs);
    Result result;
    result.usage = probe.end();
    result.problems = fleet.finish();
    result.mode = modeName(options.mode);
    result.payloadSize = options.size;
    result.publishers = 1;
    result.subscribers = 1;
    result.published = fleet.published() - publishedBefore;
    result.delivered = fleet.delivered() - deliveredBefore;
    result.units = result.published;
    return result;
}

}  // namespace gnatsd::bench
