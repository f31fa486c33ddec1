// Fuzz target: two whole client sessions on one broker. Whatever comes in, they answer or close,
// what the peers get does not depend on how the input was cut (CP-10), and nothing is left behind.
//
// The input is a script: protocol bytes, in which three control bytes stand for what else happens.

#include "kernel/Parser.h"
#include "kernel/Text.h"
#include "tests/fuzz/Input.h"
#include "tests/fuzz/Pieces.h"
#include "tests/fuzz/Require.h"
#include "tests/fuzz/SessionRig.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

using namespace gnatsd::fuzz;
using gnatsd::kernel::Event;
using gnatsd::kernel::Op;
using gnatsd::kernel::Parser;

namespace {

constexpr char kAnswerGate = '\x1C';
constexpr char kPassTime = '\x1D';
constexpr char kOtherSession = '\x1E';
constexpr std::string_view kControls = "\x1C\x1D\x1E";

using Outcome = std::array<std::string, SessionRig::kSessions>;

/// Calls `bytes(session, text)` and `control(c)` for the steps of a script.
template <class Bytes, class Control>
void walk(std::string_view script, Bytes bytes, Control control) {
    std::size_t session = 0;
    while (!script.empty()) {
        const std::size_t size = std::min(script.find_first_of(kControls), script.size());
        if (size > 0) {
            bytes(session, script.substr(0, size));
            script.remove_prefix(size);
            continue;
        }
        if (script.front() == kOtherSession) {
            session = (session + 1) % SessionRig::kSessions;
        } else {
            control(script.front());
        }
        script.remove_prefix(1);
    }
}

Outcome play(std::string_view script, const RigSetup& setup, const Pieces::Sizes& sizes,
             bool direct) {
    SessionRig rig(setup);
    walk(
        script,
        [&](std::size_t session, std::string_view text) {
            for (Pieces pieces(text, sizes); pieces.more();) {
                rig.read(session, pieces.next(), direct);
            }
        },
        [&](char control) {
            if (control == kAnswerGate) {
                rig.answerGate();
            } else if (control == kPassTime) {
                rig.passTime(std::chrono::milliseconds(1100));
            }
        });
    return rig.finish();
}

/// Members of a queue group are chosen at random, so two runs may differ.
bool hasQueueGroups(std::string_view script, const RigSetup& setup) {
    std::array<std::string, SessionRig::kSessions> inputs;
    walk(
        script, [&](std::size_t session, std::string_view text) { inputs[session] += text; },
        [](char) {});
    return std::any_of(inputs.begin(), inputs.end(), [&](const std::string& input) {
        Parser parser(setup.limits);
        parser.allowHeaders(true);
        std::string_view rest = input;
        Op op;
        for (;;) {
            const Event event = parser.next(rest, op);
            if (event == Event::needMore || event == Event::failed) {
                return false;
            }
            if (event == Event::subscribe && op.wordCount == 3) {
                return true;
            }
        }
    });
}

/// Several subscriptions of one client get a message in any order: only what came counts.
std::string sortedLines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        lines.push_back(text.substr(at, end - at));
        at = end;
    }
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const std::string& line : lines) {
        out += line;
    }
    return out;
}

void expectSame(const Outcome& one, const Outcome& other, const char* what) {
    for (std::size_t i = 0; i < one.size(); ++i) {
        require(one[i] == other[i] || sortedLines(one[i]) == sortedLines(other[i]), what,
                gnatsd::kernel::quote(one[i]) + "\n" + gnatsd::kernel::quote(other[i]));
    }
}

RigSetup setupOf(unsigned flags) {
    RigSetup setup;
    setup.limits.pingInterval = std::chrono::milliseconds(2000);
    setup.gate = (flags & 1U) != 0;
    setup.twoShards = (flags & 2U) != 0;
    setup.chatty = (flags & 4U) != 0;
    if ((flags & 8U) != 0) {
        setup.limits.maxControlLine = 64;
        setup.limits.maxPayload = 128;
        setup.limits.maxSubscriptions = 4;
        setup.limits.maxSubscriptionTokens = 3;
        setup.limits.maxPending = 1024;
    }
    setup.second = (flags & 16U) == 0   ? Appetite::all
                   : (flags & 32U) == 0 ? Appetite::drip
                                        : Appetite::none;
    return setup;
}

/// A far publisher is refused by what was unsent at the last flush, and a slow peer gets as much as
/// it took: both depend on how often there was a flush.
bool independentOfFlushes(const RigSetup& setup) {
    return setup.second == Appetite::all &&
           !(setup.twoShards && setup.limits.maxPending < setup.limits.maxPayload * 16);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const RigSetup setup = setupOf(input.choice());
    Pieces::Sizes sizes{};
    for (std::size_t& piece : sizes) {
        piece = 1 + input.choice() % 64;
    }
    const std::string_view script = input.rest();

    const Outcome whole = play(script, setup, Pieces::kWhole, false);
    const Outcome bytes = play(script, setup, Pieces::kBytes, false);
    const Outcome pieces = play(script, setup, sizes, true);
    if (independentOfFlushes(setup) && !hasQueueGroups(script, setup)) {
        expectSame(whole, bytes, "byte by byte the peers got something else");
        expectSame(whole, pieces, "in pieces the peers got something else");
    }
    return 0;
}
