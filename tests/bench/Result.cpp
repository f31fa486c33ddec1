#include "tests/bench/Result.h"

#include "tests/bench/Json.h"
#include "tests/bench/Text.h"

#include <algorithm>

namespace gnatsd::bench {

namespace {

constexpr double kMicro = 1e6;
constexpr double kMiB = 1024.0 * 1024.0;

double microseconds(std::chrono::nanoseconds duration) {
    return static_cast<double>(duration.count()) / 1000;
}

double perUnit(double value, std::uint64_t units) {
    return value / static_cast<double>(std::max<std::uint64_t>(units, 1));
}

std::string latencyLine(const std::string& title, const Latency& latency) {
    return title + "p50 " + formatNumber(latency.p50) + "  p90 " + formatNumber(latency.p90) +
           "  p99 " + formatNumber(latency.p99) + "  p99.9 " + formatNumber(latency.p999) +
           "  max " + formatNumber(latency.max) + " us\n";
}

std::string latencyJson(const Latency& latency) {
    return JsonObject()
        .add("count", latency.count)
        .add("p50_us", latency.p50)
        .add("p90_us", latency.p90)
        .add("p99_us", latency.p99)
        .add("p99_9_us", latency.p999)
        .add("max_us", latency.max)
        .text();
}

}  // namespace

Latency Latency::of(const Histogram& histogram) {
    return {histogram.count(),
            microseconds(histogram.percentile(50)),
            microseconds(histogram.percentile(90)),
            microseconds(histogram.percentile(99)),
            microseconds(histogram.percentile(99.9)),
            microseconds(histogram.max())};
}

double Result::rate() const {
    return usage.elapsed.count() > 0 ? static_cast<double>(units) / usage.elapsed.count() : 0;
}

double Result::ownMicroseconds() const {
    return perUnit(usage.ownCpu.count() * kMicro, units);
}

std::optional<double> Result::serverMicroseconds() const {
    if (!usage.serverCpu) {
        return std::nullopt;
    }
    return perUnit(usage.serverCpu->count() * kMicro, units);
}

std::optional<double> Result::serverInstructions() const {
    if (!usage.serverInstructions) {
        return std::nullopt;
    }
    return perUnit(static_cast<double>(*usage.serverInstructions), units);
}

std::optional<double> Result::bytesHeld() const {
    if (held == 0 || !usage.serverRssBefore || !usage.serverRssAfter) {
        return std::nullopt;
    }
    const double growth =
        static_cast<double>(*usage.serverRssAfter) - static_cast<double>(*usage.serverRssBefore);
    return growth / static_cast<double>(held);
}

std::string asText(const Result& result) {
    const bool countsMessages = result.published + result.delivered != 0;
    std::string text = result.mode;
    if (countsMessages) {
        text += ", " + std::to_string(result.payloadSize) + " B, " +
                std::to_string(result.publishers) + ":" + std::to_string(result.subscribers) +
                "\n  published " + formatCount(static_cast<double>(result.published)) +
                ", delivered " + formatCount(static_cast<double>(result.delivered));
    }
    text += "\n  " + formatNumber(result.usage.elapsed.count()) + " s, " +
            formatCount(result.rate()) + (countsMessages ? " messages/s" : " a second");
    if (countsMessages) {
        text += ", " +
                formatNumber(result.rate() * static_cast<double>(result.payloadSize) / kMiB) +
                " MiB/s";
    }
    text += "\n  this program: " + formatNumber(result.ownMicroseconds()) + " us CPU each\n";
    if (const auto cost = result.serverMicroseconds()) {
        text += "  the server: " + formatNumber(*cost) + " us CPU each (" +
                formatNumber(result.usage.serverCpu->count()) + " s), memory " +
                formatNumber(static_cast<double>(*result.usage.serverRssBefore) / kMiB) + " -> " +
                formatNumber(static_cast<double>(*result.usage.serverRssAfter) / kMiB) + " MiB\n";
    }
    if (const auto count = result.serverInstructions()) {
        text += "  the server: " + formatCount(*count) + " user instructions each\n";
    }
    if (const auto bytes = result.bytesHeld()) {
        text += "  the server: " + formatCount(*bytes) + " B each";
        if (result.subjectBytes > 0) {
            text += ", " + formatCount(*bytes - result.subjectBytes) + " beyond the subject";
        }
        text += "\n";
    }
    if (result.latency) {
        text += latencyLine("  latency: ", *result.latency);
    }
    if (result.uncorrected) {
        text += latencyLine("  from when it was sent: ", *result.uncorrected);
    }
    if (result.connecting) {
        text += latencyLine("  connecting: ", *result.connecting);
    }
    for (const std::string& problem : result.problems) {
        text += "  FAILED: " + problem + "\n";
    }
    return text;
}

std::string asJson(const Result& result) {
    JsonObject json;
    json.add("mode", result.mode)
        .add("size", static_cast<std::uint64_t>(result.payloadSize))
        .add("publishers", static_cast<std::uint64_t>(result.publishers))
        .add("subscribers", static_cast<std::uint64_t>(result.subscribers))
        .add("published", result.published)
        .add("delivered", result.delivered)
        .add("held", result.held)
        .add("connected", result.connected)
        .add("seconds", result.usage.elapsed.count())
        .add("per_second", result.rate())
        .add("own_cpu_us_each", result.ownMicroseconds());
    if (const auto cost = result.serverMicroseconds()) {
        json.add("server_cpu_seconds", result.usage.serverCpu->count())
            .add("server_cpu_us_each", *cost)
            .add("server_rss_before", *result.usage.serverRssBefore)
            .add("server_rss_after", *result.usage.serverRssAfter);
    }
    if (const auto count = result.serverInstructions()) {
        json.add("server_instructions_each", *count);
    }
    if (const auto bytes = result.bytesHeld()) {
        json.add("server_bytes_each", *bytes).add("subject_bytes_each", result.subjectBytes);
    }
    if (result.latency) {
        json.addRaw("latency", latencyJson(*result.latency));
    }
    if (result.uncorrected) {
        json.addRaw("latency_uncorrected", latencyJson(*result.uncorrected));
    }
    if (result.connecting) {
        json.addRaw("connecting", latencyJson(*result.connecting));
    }
    std::vector<std::string> problems;
    problems.reserve(result.problems.size());
    for (const std::string& problem : result.problems) {
        problems.push_back(jsonString(problem));
    }
    return json.add("ok", result.problems.empty()).addRaw("problems", jsonArray(problems)).text();
}

}  // namespace gnatsd::bench
