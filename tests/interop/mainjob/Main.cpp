// The main job: 4 publishers, 4 subscribers and a queue group of 4 on 1,000 subjects. Every message
// must arrive exactly once at each subscription that matches it and at one member of the group, in
// the order of its publisher, with the content that was sent.
// Usage: gnatsd_interop_mainjob [messages [seed]], with GNATSD naming the server.
#include "tests/interop/mainjob/Plan.h"
#include "tests/interop/mainjob/Publisher.h"
#include "tests/interop/mainjob/Receiver.h"
#include "tests/interop/mainjob/Tally.h"
#include "tests/interop/support/Nats.h"
#include "tests/interop/support/Report.h"
#include "tests/interop/support/Server.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gnatsd::interop::mainjob {
namespace {

constexpr std::uint64_t kDefaultMessages = 2'000'000;
constexpr std::uint64_t kDefaultSeed = 20'250'602;
constexpr std::size_t kMembers = 4;

class Job {
public:
    Job(std::uint64_t messages, std::uint64_t seed) : plan_(seed, messages / kPublishers) {
        addTallies();
    }

    void run(Report& report) {
        const Server server;
        connectReceivers(server.url());
        std::deque<Publisher> publishers;
        for (std::uint32_t i = 0; i < kPublishers; ++i) {
            publishers.emplace_back(i, plan_, tallies_, problems_);
        }
        const auto begin = std::chrono::steady_clock::now();
        {
            std::vector<std::jthread> threads;
            threads.reserve(publishers.size());
            for (Publisher& publisher : publishers) {
                threads.emplace_back([&] { publisher.run(server.url()); });
            }
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        drainReceivers();
        judge(report, publishers, took.count());
    }

private:
    void addTallies() {
        using N = std::uint32_t;
        const auto add = [this](const char* name, const char* pattern, Tally::Filter filter) {
            tallies_.emplace_back(name, pattern, filter, plan_);
        };
        add("subscriber 1, job.>", "job.>", [](N, N, N) { return true; });
        add("subscriber 2, job.0.>", "job.0.>", [](N region, N, N) { return region == 0; });
        add("subscriber 2, job.1.*.*", "job.1.*.*", [](N region, N, N) { return region == 1; });
        add("subscriber 3, job.2.*.>", "job.2.*.>", [](N region, N, N) { return region == 2; });
        add("subscriber 3, job.*.7.*", "job.*.7.*", [](N, N kind, N) { return kind == 7; });
        add("subscriber 4, job.3.>", "job.3.>", [](N region, N, N) { return region == 3; });
        add("subscriber 4, *.*.*.13", "*.*.*.13", [](N, N, N item) { return item == 13; });
        add("subscriber 4, job.3.3.3", "job.3.3.3",
            [](N region, N kind, N item) { return region == 3 && kind == 3 && item == 3; });
        add("queue group, job.>", "job.>", [](N, N, N) { return true; });
    }

    Client& connect(const std::string& url) {
        clients_.push_back(std::make_unique<Client>(url, [this](natsOptions* options) {
            must(natsOptions_SetAllowReconnect(options, false), "no reconnect");
            must(natsOptions_SetDisconnectedCB(options, &Job::disconnected, this), "callback");
            must(natsOptions_SetErrorHandler(options, &Job::failed, this), "callback");
        }));
        return *clients_.back();
    }

    void connectReceivers(const std::string& url) {
        const std::vector<std::vector<std::size_t>> subscribers{{0}, {1, 2}, {3, 4}, {5, 6, 7}};
        for (const std::vector<std::size_t>& tallies : subscribers) {
            const Client& client = connect(url);
            for (const std::size_t tally : tallies) {
                receivers_.emplace_back(plan_, tallies_[tally], problems_).subscribe(client, "");
            }
        }
        for (std::size_t i = 0; i < kMembers; ++i) {
            members_.emplace_back(plan_, tallies_.back(), problems_)
                .subscribe(connect(url), "workers");
        }
        for (const auto& client : clients_) {
            client->flush();
        }
    }

    /// After a drain nothing is under way any more, a message too many has been seen.
    void drainReceivers() {
        finishing_ = true;
        for (const auto& client : clients_) {
            if (natsConnection_Drain(client->get()) != NATS_OK) {
                problems_.add("a receiver's connection cannot drain");
            }
        }
        for (const auto& client : clients_) {
            client->awaitClosed();
        }
    }

    void judge(Report& report, const std::deque<Publisher>& publishers, double seconds) const {
        Sizes sizes;
        for (const Publisher& publisher : publishers) {
            sizes += publisher.sizes();
        }
        std::uint64_t deliveries = 0;
        std::uint64_t bytes = 0;
        for (const std::deque<Receiver>* group : {&receivers_, &members_}) {
            for (const Receiver& receiver : *group) {
                deliveries += receiver.received();
                bytes += receiver.bytes();
            }
        }
        std::cout << "sent " << sizes.messages() << " messages, " << sizes.bytes / 1'000'000
                  << " MB: " << sizes.empty << " of 0 B, " << sizes.oneByte << " of 1 B, "
                  << sizes.belowKibibyte << " below 1 KiB, " << sizes.below16Kibibytes
                  << " below 16 KiB, " << sizes.belowLargest << " below 1 MiB, " << sizes.largest
                  << " of 1 MiB\nreceived " << deliveries << " messages, " << bytes / 1'000'000
                  << " MB in " << seconds << " s" << std::endl;

        report.check("nothing altered, misplaced, doubled or out of order, no connection lost",
                     [&] { expectEqual(std::string("none"), problems_.text(), "problems"); });
        report.check("all messages were sent", [&] {
            expectEqual(plan_.messagesPerPublisher() * kPublishers, sizes.messages(), "messages");
            expect(sizes.empty > 0 && sizes.oneByte > 0 && sizes.largest > 0,
                   "a size of the edges did not occur");
        });
        for (std::size_t i = 0; i < tallies_.size(); ++i) {
            std::uint64_t expected = 0;
            for (const Publisher& publisher : publishers) {
                expected += publisher.expected(i);
            }
            report.check(tallies_[i].name() + " got each message once, " + std::to_string(expected),
                         [&] { expectEqual(expected, tallies_[i].received(), "messages"); });
        }
        report.check("every member of the queue group took part", [this] {
            for (const Receiver& member : members_) {
                expect(member.received() > 0, "a member got nothing");
            }
        });
    }

    static void disconnected(natsConnection*, void* self) {
        auto* job = static_cast<Job*>(self);
        if (!job->finishing_) {
            job->problems_.add("a receiver lost its connection");
        }
    }

    static void failed(natsConnection*, natsSubscription*, natsStatus status, void* self) {
        static_cast<Job*>(self)->problems_.add(std::string("a receiver's library complains: ") +
                                               natsStatus_GetText(status));
    }

    Plan plan_;
    Problems problems_;
    std::atomic<bool> finishing_ = false;
    std::deque<Tally> tallies_;
    std::deque<Receiver> receivers_;
    std::deque<Receiver> members_;
    std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace
}  // namespace gnatsd::interop::mainjob

int main(int argc, char** argv) {
    using namespace gnatsd::interop;
    Report report;
    try {
        const std::uint64_t messages = argc > 1 ? std::stoull(argv[1]) : mainjob::kDefaultMessages;
        const std::uint64_t seed = argc > 2 ? std::stoull(argv[2]) : mainjob::kDefaultSeed;
        std::cout << messages << " messages, seed " << seed << std::endl;
        mainjob::Job(messages, seed).run(report);
    } catch (const std::exception& problem) {
        report.check("the main job runs", [&problem] { throw Failure(problem.what()); });
    }
    nats_Close();
    return report.finish();
}
