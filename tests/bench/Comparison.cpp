#include "tests/bench/Comparison.h"

#include "tests/bench/Json.h"
#include "tests/bench/Text.h"

#include <algorithm>
#include <limits>

namespace gnatsd::bench {

namespace {

std::string formatFigure(Measure measure, double value) {
    const bool isCount = measure == Measure::rate || measure == Measure::bytesHeld ||
                         measure == Measure::instructions;
    return isCount ? formatCount(value) : formatNumber(value);
}

std::string formatWish(const Wish& wish) {
    if (wish.leastRatio > 0) {
        return ">= " + formatNumber(wish.leastRatio, 2) + " x";
    }
    return wish.least > 0 ? ">= " + formatCount(wish.least) : "<= " + formatCount(wish.most);
}

std::optional<double> rateOf(const Result& result) {
    return result.rate();
}

std::optional<double> ownCostOf(const Result& result) {
    return result.ownMicroseconds();
}

}  // namespace

double median(std::vector<double> values) {
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Comparison::medianOf(Result Round::*side, const Figure& figure) const {
    std::vector<double> values;
    for (const Round& round : rounds_) {
        const Result& result = round.*side;
        const std::optional<double> value = figure(result);
        if (value && result.problems.empty()) {
            values.push_back(*value);
        }
    }
    return median(std::move(values));
}

double Comparison::medianRatio(Measure measure) const {
    std::vector<double> ratios;
    for (const Round& round : rounds_) {
        const auto theirs = valueOf(round.theirs, measure);
        const auto ours = valueOf(round.ours, measure);
        if (theirs && ours && round.theirs.problems.empty() && round.ours.problems.empty()) {
            ratios.push_back(ratioOf(measure, *theirs, *ours));
        }
    }
    return median(std::move(ratios));
}

bool Comparison::holds(const Wish& wish) const {
    if (wish.leastRatio > 0) {
        return medianRatio(wish.measure) >= wish.leastRatio;
    }
    const double value =
        medianOf(&Round::ours, [&](const Result& result) { return valueOf(result, wish.measure); });
    return wish.least > 0 ? value >= wish.least : value <= wish.most;
}

std::vector<std::string> Comparison::heading() {
    return {"scenario", "measure", "theirs",     "ours",    "ratio", "wanted",
            "theirs/s", "ours/s",  "rate ratio", "load us", "result"};
}

std::vector<std::vector<std::string>> Comparison::lines() const {
    std::vector<std::vector<std::string>> lines;
    for (const Wish& wish : scenario_.wishes) {
        const Figure figure = [&](const Result& result) { return valueOf(result, wish.measure); };
        lines.push_back(
            {scenario_.name, measureName(wish.measure),
             formatFigure(wish.measure, medianOf(&Round::theirs, figure)),
             formatFigure(wish.measure, medianOf(&Round::ours, figure)),
             formatNumber(medianRatio(wish.measure)), formatWish(wish),
             formatCount(medianOf(&Round::theirs, rateOf)),
             formatCount(medianOf(&Round::ours, rateOf)), formatNumber(medianRatio(Measure::rate)),
             formatNumber(medianOf(&Round::ours, ownCostOf), 2), holds(wish) ? "pass" : "MISSED"});
    }
    return lines;
}

std::vector<std::string> Comparison::problems() const {
    std::vector<std::string> problems;
    const auto collect = [&](std::size_t round, const char* side, const Result& result) {
        for (const std::string& problem : result.problems) {
            std::string line = scenario_.name;
            line.append(", round ").append(std::to_string(round)).append(", ").append(side);
            problems.push_back(line.append(": ").append(problem));
        }
    };
    for (std::size_t i = 0; i < rounds_.size(); ++i) {
        collect(i + 1, "theirs", rounds_[i].theirs);
        collect(i + 1, "ours", rounds_[i].ours);
    }
    return problems;
}

bool Comparison::passed() const {
    return problems().empty() && std::all_of(scenario_.wishes.begin(), scenario_.wishes.end(),
                                             [this](const Wish& wish) { return holds(wish); });
}

std::string Comparison::json() const {
    std::vector<std::string> wishes;
    wishes.reserve(scenario_.wishes.size());
    for (const Wish& wish : scenario_.wishes) {
        const Figure figure = [&](const Result& result) { return valueOf(result, wish.measure); };
        wishes.push_back(JsonObject()
                             .add("measure", measureName(wish.measure))
                             .add("theirs", medianOf(&Round::theirs, figure))
                             .add("ours", medianOf(&Round::ours, figure))
                             .add("ratio", medianRatio(wish.measure))
                             .add("least_ratio", wish.leastRatio)
                             .add("most", wish.most)
                             .add("least", wish.least)
                             .add("passed", holds(wish))
                             .text());
    }
    std::vector<std::string> rounds;
    rounds.reserve(rounds_.size());
    for (const Round& round : rounds_) {
        rounds.push_back(JsonObject()
                             .addRaw("theirs", asJson(round.theirs))
                             .addRaw("ours", asJson(round.ours))
                             .text());
    }
    return JsonObject()
        .add("scenario", scenario_.name)
        .addRaw("figures", jsonArray(wishes))
        .addRaw("rounds", jsonArray(rounds))
        .text();
}

}  // namespace gnatsd::bench
