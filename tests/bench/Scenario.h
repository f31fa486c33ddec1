// Scenario: one line of the comparison: what is run, what is looked at and what is wanted.

#pragma once

#include "tests/bench/Options.h"
#include "tests/bench/Result.h"

#include <optional>
#include <string>
#include <vector>

namespace gnatsd::bench {

enum class Measure { cpu, rate, p50, p99, connectP99, bytesHeld, instructions };

/// One of three: the others are 0.
struct Wish {
    Measure measure;
    /// How many times better than the other server.
    double leastRatio = 0;
    /// What our own figure may be at most, or must be at least.
    double most = 0;
    double least = 0;
};

struct Scenario {
    std::string name;
    Options options;
    std::vector<Wish> wishes;
};

/// `quick`: few messages. `instructions`: only those with a wish for instructions, nothing timed.
std::vector<Scenario> allScenarios(bool quick, bool instructions);

/// Empty when the result does not have it.
std::optional<double> valueOf(const Result& result, Measure measure);

const char* measureName(Measure measure);

/// How many times better ours is: by being lower, or for rates higher.
double ratioOf(Measure measure, double theirs, double ours);

}  // namespace gnatsd::bench
