#include "tests/bench/Valgrind.h"

#include "tests/bench/Error.h"
#include "tests/bench/Run.h"
#include "tests/bench/ServerProcess.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gnatsd::bench {

namespace {

constexpr std::uint64_t kDeliveries = 200'000;
constexpr double kPatience = 60;

struct Counted {
    Result result;
    std::uint64_t instructions = 0;
};

/// From a line like "==4711== I   refs:      12,345,678".
std::uint64_t readTotal(const std::string& log) {
    std::size_t at = log.rfind("I   refs:");
    std::uint64_t total = 0;
    for (; at < log.size() && log[at] != '\n'; ++at) {
        if (log[at] >= '0' && log[at] <= '9') {
            total = total * 10 + static_cast<std::uint64_t>(log[at] - '0');
        }
    }
    if (total == 0) {
        throw ServerError("valgrind has counted nothing: " + log);
    }
    return total;
}

Counted runOnce(const std::string& program, Options options, std::uint64_t messages) {
    ServerProcess server(
        program, ServerProcess::Transport::plain,
        {"valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"});
    options.server = server.endpoint();
    options.msgs = messages;
    options.warmup = 0;
    options.countInstructions = false;
    options.timeout = kPatience;
    Counted counted;
    counted.result = run(options);
    server.stop();
    counted.instructions = readTotal(server.logTail());
    return counted;
}

}  // namespace

Result countWithValgrind(const std::string& program, const Options& options) {
    const std::uint64_t messages = kDeliveries / std::max<std::size_t>(options.subs, 1);
    const Counted few = runOnce(program, options, messages);
    Counted many = runOnce(program, options, 3 * messages);
    many.result.problems.insert(many.result.problems.end(), few.result.problems.begin(),
                                few.result.problems.end());
    many.result.units -= few.result.units;
    many.result.usage.serverInstructions = many.instructions - few.instructions;
    return std::move(many.result);
}

}  // namespace gnatsd::bench
