// A storm of bcrypt users against a gnatsd process, and what others notice of it:
//     gnatsd-storm-bench [USERS [COST [SECONDS [LISTED [RATE]]]]]
// Prints round trips of a connected pair and connects of a user with a plain password, RATE a
// second, first quiet, then during the storm. LISTED: how many users the file has, at least USERS.

#include "tests/plugins/StormClients.h"
#include "tests/plugins/StormServer.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace {

using namespace gnatsd::tests;
using Micros = StormServer::Micros;

void print(const char* what, const std::vector<Micros>& times) {
    if (times.empty()) {
        std::cout << what << ": none\n";
        return;
    }
    std::cout << what << ": " << times.size();
    for (const double part : {0.5, 0.99, 0.999, 1.0}) {
        std::cout << "  p" << part * 100 << " " << percentile(times, part).count() << " us";
    }
    std::cout << '\n';
}

/// Measures both for a while.
void measure(const StormServer& server, const char* when, std::chrono::seconds length, int rate) {
    std::atomic<bool> isOver{false};
    std::vector<Micros> echoes;
    std::thread echo([&] { echoes = server.echo([&] { return !isOver.load(); }); });
    std::vector<Micros> connects;
    auto next = StormClients::Clock::now();
    const auto end = next + length;
    while (StormClients::Clock::now() < end) {
        connects.push_back(server.connectFast());
        next += std::chrono::microseconds(1'000'000 / rate);
        std::this_thread::sleep_until(next);  // who is late catches up
    }
    isOver = true;
    echo.join();
    std::cout << when << '\n';
    print("  echo   ", echoes);
    print("  connect", connects);
}

}  // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int number, int otherwise) {
        return argc > number ? std::atoi(argv[number]) : otherwise;
    };
    const auto users = static_cast<std::size_t>(argument(1, 5000));
    const int cost = argument(2, 11);
    const std::chrono::seconds length(argument(3, 30));
    const auto listed = static_cast<std::size_t>(argument(4, 0));
    const int rate = std::max(argument(5, 150), 1);
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    const StormServer server(GNATSD_PROGRAM,
                             {.users = std::max(users, listed), .cost = cost, .hasCache = false});
    measure(server, "quiet", std::chrono::seconds(5), rate);
    StormClients storm(server.port(), users, StormServer::connectLine);
    std::thread crowd([&] { storm.run(length + std::chrono::seconds(60)); });
    measure(server, "storm", length, rate);
    storm.stop();
    crowd.join();
    std::cout << "inside " << storm.inside() << " of " << users << ", failed attempts "
              << storm.refused() << '\n';
    return 0;
}
