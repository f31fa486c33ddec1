#include "tests/bench/Options.h"

#include "tests/bench/Error.h"
#include "tests/bench/Flags.h"
#include "tests/bench/FrameRing.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace gnatsd::bench {

namespace {

struct ModeEntry {
    Mode mode;
    const char* name;
    const char* help;
};

constexpr std::array<ModeEntry, 10> kModes{{
    {Mode::pub, "pub", "publish only"},
    {Mode::sub, "sub", "receive what someone else publishes with the same --subject"},
    {Mode::pubsub, "pubsub",
     "every subscriber gets what every publisher sends (--pairs: 1:1 each)"},
    {Mode::fanout, "fanout", "one publisher, 10 subscribers"},
    {Mode::queue, "queue", "one publisher, a queue group of 10"},
    {Mode::request, "request", "requests and replies, --inflight at a time, or at a fixed --rate"},
    {Mode::idle, "idle", "--count connections with one subscription each"},
    {Mode::connect, "connect",
     "--count new connections, --connections at a time, beside 1,000 requests a second"},
    {Mode::subs, "subs", "--count subscriptions to random subjects"},
    {Mode::match, "match", "publish to random subjects among --count subscriptions"},
}};

template <typename Number>
Flags::Take intoCount(Number& to, std::uint64_t least) {
    return [&to, least](std::string_view text) {
        const std::uint64_t value = parseCount(text);
        if (value < least || value > std::numeric_limits<Number>::max()) {
            throw UsageError(std::string(text) + " is out of range");
        }
        to = static_cast<Number>(value);
    };
}

template <typename Number>
Flags::Take intoBytes(Number& to) {
    return [&to](std::string_view text) { to = static_cast<Number>(parseBytes(text)); };
}

Flags::Take intoNumber(double& to) {
    return [&to](std::string_view text) { to = parseNumber(text); };
}

void addLoadFlags(Flags& flags, Options& o) {
    flags.group("Load:");
    flags.add("size", "BYTES", "payload; from 8 on messages are numbered and their order checked",
              intoBytes(o.size));
    flags.add("msgs", "N", "messages to publish, or requests, of all publishers together",
              intoCount(o.msgs, 1));
    flags.add("seconds", "S", "publish for so long, instead of --msgs", intoNumber(o.seconds));
    flags.add("warmup", "N", "messages sent before the measured part", intoCount(o.warmup, 0));
    flags.add("rate", "N", "messages, requests or connections a second, 0: as fast as it goes",
              intoNumber(o.rate));
    flags.add("pubs", "N", "publishers, or requesters", intoCount(o.pubs, 1));
    flags.add("subs", "N", "subscribers, or responders", intoCount(o.subs, 1));
    flags.addSwitch("pairs", "publisher n and subscriber n have a subject for themselves",
                    [&o] { o.pairs = true; });
    flags.add("subjects", "N", "publishers take turns on so many subjects",
              intoCount(o.subjects, 1));
    flags.addSwitch("wildcard", "subscribe to them with one wildcard, not one by one",
                    [&o] { o.wildcard = true; });
    flags.add("subject", "NAME", "subject, or what subjects begin with",
              [&o](std::string_view text) { o.subject = text; });
    flags.add("inflight", "K", "requests of one requester that may be unanswered",
              intoCount(o.inflight, 1));
    flags.add("count", "N", "connections of idle and connect, subscriptions of subs and match",
              intoCount(o.count, 1));
    flags.add("connections", "N", "connections of subs; how many connect at a time",
              intoCount(o.connections, 1));
    flags.add("stalled", "N", "connections that stop in the middle of their handshake (connect)",
              intoCount(o.stalled, 0));
    flags.add("wildcard-share", "F", "part of the subscriptions that are wildcards, 0 to 1",
              intoNumber(o.wildcardShare));
}

void addGeneratorFlags(Flags& flags, Options& o) {
    flags.group("How it is sent and received:");
    flags.add("write-size", "BYTES", "at most so much in one send call", intoBytes(o.writeSize));
    flags.addSwitch("flush-each", "one send call for each message", [&o] { o.writeSize = 1; });
    flags.add("read-size", "BYTES", "at most so much in one receive call", intoBytes(o.readSize));
    flags.add("window", "BYTES", "what a subscriber may be behind; 0: chosen from the fan-out",
              intoBytes(o.window));
    flags.add("pub-threads", "N", "threads that publish", intoCount(o.pubThreads, 1));
    flags.add("sub-threads", "N", "threads that receive", intoCount(o.subThreads, 1));
    flags.add("timeout", "S", "give up when nothing has come for so long", intoNumber(o.timeout));
    flags.group("What is reported:");
    flags.add("server-pid", "PID", "measure CPU time and memory of this process too",
              [&o](std::string_view text) {
                  pid_t pid = 0;
                  intoCount(pid, 1)(text);
                  o.serverPid = pid;
              });
    flags.addSwitch("instructions", "count the server's user instructions (spoils the times)",
                    [&o] { o.countInstructions = true; });
    flags.addSwitch("json", "print one JSON object", [&o] { o.json = true; });
}

}  // namespace

const char* modeName(Mode mode) {
    const auto* const entry = std::find_if(kModes.begin(), kModes.end(),
                                           [mode](const ModeEntry& e) { return e.mode == mode; });
    return entry->name;
}

Options defaultsOf(Mode mode) {
    Options options;
    options.mode = mode;
    switch (mode) {
        case Mode::fanout:
        case Mode::queue:
            options.subs = 10;
            break;
        case Mode::request:
            options.size = 16;
            options.msgs = 100'000;
            break;
        case Mode::connect:
            options.connections = 8;
            break;
        case Mode::subs:
        case Mode::match:
            options.size = 16;
            options.count = 1'000'000;
            break;
        case Mode::pub:
        case Mode::sub:
        case Mode::pubsub:
        case Mode::idle:
            break;
    }
    return options;
}

void checkOptions(const Options& o) {
    const auto require = [](bool holds, const char* message) {
        if (!holds) {
            throw UsageError(message);
        }
    };
    require(!o.subject.empty() && o.subject.find_first_of(" \t\r\n*>") == std::string::npos,
            "--subject: wildcards and blanks do not belong into a subject to publish to");
    require(!o.pairs || o.pubs == o.subs, "--pairs wants as many --pubs as --subs");
    require(o.mode == Mode::pubsub || !o.pairs, "--pairs is for pubsub");
    require(o.mode == Mode::connect || o.stalled == 0, "--stalled is for connect");
    require(o.wildcardShare <= 1, "--wildcard-share is a part, 0 to 1");
    const bool manySubjects = o.mode == Mode::subs || o.mode == Mode::match;
    require(!manySubjects || o.count <= 100'000'000, "--count: at most 100M subscriptions");
    require(!manySubjects || static_cast<double>(o.count) * o.wildcardShare <= 1e6,
            "--wildcard-share of --count: at most 1M wildcards");
    require(o.subjects * (o.size + 64) <= (std::size_t{1} << 30),
            "--subjects times --size is more than a gigabyte");
    require(o.mode != Mode::match || o.size >= kWordSize, "match wants a --size of 8 or more");
    require(!o.countInstructions || o.serverPid, "--instructions wants --server-pid");
    require(o.readSize >= 1024, "--read-size: at least 1K");
    require(o.timeout > 0, "--timeout: more than 0");
}

Options parseOptions(std::span<const char* const> arguments) {
    if (arguments.empty()) {
        throw UsageError("which mode? See gnatsd-bench --help");
    }
    const std::string_view name = arguments.front();
    const auto* const entry = std::find_if(kModes.begin(), kModes.end(),
                                           [name](const ModeEntry& e) { return e.name == name; });
    if (entry == kModes.end()) {
        throw UsageError("unknown mode \"" + std::string(name) + "\"; see gnatsd-bench --help");
    }
    Options options = defaultsOf(entry->mode);
    Flags flags;
    addLoadFlags(flags, options);
    addGeneratorFlags(flags, options);
    const std::vector<std::string> rest = flags.parse(arguments.subspan(1));
    if (rest.size() > 1) {
        throw UsageError("one server address, please, not also \"" + rest[1] + "\"");
    }
    if (!rest.empty()) {
        options.server = parseEndpoint(rest.front());
    }
    checkOptions(options);
    return options;
}

std::string helpText() {
    std::string text =
        "gnatsd-bench: load for any NATS server, with every count and order checked\n\n"
        "Usage: gnatsd-bench MODE [flags] [nats://[user:password@]host:port]\n"
        "       gnatsd-bench compare [flags]   two servers side by side; compare --help\n"
        "       gnatsd-bench smoke SERVER      each mode once, small, on a server it starts\n"
        "\nModes:\n";
    for (const ModeEntry& entry : kModes) {
        std::string line = "  " + std::string(entry.name);
        line.resize(12, ' ');
        text += line + entry.help + "\n";
    }
    Options unused;
    Flags flags;
    addLoadFlags(flags, unused);
    addGeneratorFlags(flags, unused);
    return text + flags.help() +
           "\nCounts take k and M (thousands), sizes K and M (1024). Exit status: 0 all well,\n"
           "1 messages lost, repeated or out of order, 2 wrong usage, 3 no server.\n";
}

}  // namespace gnatsd::bench
