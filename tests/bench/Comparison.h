// Comparison: the results of both servers in one scenario, and the lines they make in the table.

#pragma once

#include "tests/bench/Result.h"
#include "tests/bench/Scenario.h"

#include <functional>
#include <string>
#include <vector>

namespace gnatsd::bench {

/// The middle one, or the mean of the two in the middle; not a number when there are none.
double median(std::vector<double> values);

struct Round {
    Result theirs;
    Result ours;
};

class Comparison {
public:
    explicit Comparison(Scenario scenario) : scenario_(std::move(scenario)) {}

    void add(Round round) { rounds_.push_back(std::move(round)); }

    const Scenario& scenario() const { return scenario_; }
    const std::vector<Round>& rounds() const { return rounds_; }

    static std::vector<std::string> heading();
    /// One line for each wish.
    std::vector<std::vector<std::string>> lines() const;
    std::vector<std::string> problems() const;
    bool passed() const;
    std::string json() const;

private:
    using Figure = std::function<std::optional<double>(const Result&)>;

    double medianOf(Result Round::*side, const Figure& figure) const;
    double medianRatio(Measure measure) const;
    bool holds(const Wish& wish) const;

    Scenario scenario_;
    std::vector<Round> rounds_;
};

}  // namespace gnatsd::bench
