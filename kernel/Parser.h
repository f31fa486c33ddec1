// Parser: client bytes to operations, zero copy, the same for any split of the input (CP-1 to
// CP-13).
//
// A message that lies whole in the input is answered as views into it. What is cut at the end of
// the input is kept: a control line in `carry_`, a payload in a Block that the next read may fill
// directly.
//
// Threads: confined to its session. Lifetime: an Op's views hold until the next call.
// Cost: no allocation while nothing is cut; no memory beyond the object between messages.

#pragma once

#include "kernel/Block.h"
#include "kernel/Limits.h"
#include "kernel/Message.h"
#include "kernel/ProtocolError.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gnatsd::kernel {

enum class Event : std::uint8_t {
    needMore,     // the input is used up
    publish,      // Op::message
    subscribe,    // Op::words: subject, [queue], sid
    unsubscribe,  // Op::words: sid, [max]
    connect,      // Op::args: JSON
    info,         // Op::args: JSON
    error,        // Op::args: text of the peer's -ERR
    ping,
    pong,
    ok,
    failed,  // Op::failure; nothing may be asked any more
};

/// Why the input cannot be gone on with.
struct ParseFailure {
    ProtocolError error = ProtocolError::unknownOperation;
    CloseReason reason = CloseReason::protocolViolation;
    bool tell = true;       // false: closed without -ERR (CP-42)
    std::string_view what;  // for the log: "processPub", or empty for an unknown operation
    std::string_view seen;  // the offending input
    std::size_t size = 0;   // CP-44: the declared size
};

struct Op {
    Message message;
    std::array<std::string_view, 3> words;
    std::size_t wordCount = 0;
    std::string_view args;
    ParseFailure failure;
    std::array<char, 20> numbers;  // HPUB's two, with one blank between them
    /// The control line of `message` where it may serve as a pattern for the next one, else empty.
    std::string_view line;
    /// The message is like the one before in everything but its payload's bytes.
    bool again = false;
};

class Parser {
public:
    explicit Parser(const Limits& limits) : limits_(&limits) {}

    /// Takes the next operation from the front of `in`, and what it answered off it.
    /// Requires: `op` is a new one, or the one of the last call on the same input.
    Event next(std::string_view& in, Op& op);

    /// From the next operation on. Requires: `limits` outlives the parser.
    void setLimits(const Limits& limits) noexcept { limits_ = &limits; }

    /// HPUB is legal from now on, or not (CP-42).
    void allowHeaders(bool on) noexcept { headers_ = on; }

    /// Where the next bytes of the input may be written directly, instead of being handed to
    /// next(); empty when no large payload is cut. Tell how many were with filled(), then call
    /// next() with what came behind them.
    std::span<char> directSpace() noexcept;
    void filled(std::size_t size) noexcept { filled_ += size; }

    /// Bytes held for a cut operation.
    std::size_t held() const noexcept { return carry_.size() + filled_; }

    enum class Verb : std::uint8_t;

private:
    enum class State : std::uint8_t {
        idle,        // at the start of an operation
        cutLine,     // carry_ holds the start of a line
        cutPayload,  // carry_ holds a publish line, block_ the start of its payload
        skipping,    // inside a PING, PONG or +OK line, up to LF (CP-8)
    };

    bool publishFast(std::string_view& in, Op& op) const;
    bool publishAgain(std::string_view& in, Op& op) const;
    Event start(std::string_view& in, Op& op);
    Event resumeLine(std::string_view& in, Op& op);
    Event partialLine(std::string_view text, Op& op);
    Event wholeLine(std::string_view text, std::string_view& in, Op& op);
    Event publishLine(Verb verb, std::string_view args, std::string_view& in, Op& op);
    Event resumePayload(std::string_view& in, Op& op);
    Event skip(std::string_view& in);
    void release() noexcept;
    std::size_t lineBound() const noexcept { return 2 * limits_->maxControlLine + 16; }

    const Limits* limits_;
    std::string carry_;
    Ref<Block> block_;        // payload and CRLF of a cut message
    std::size_t filled_ = 0;  // bytes of block_ that are there
    State state_ = State::idle;
    Verb skipped_{};  // what the line being skipped is
    bool headers_ = false;
};

}  // namespace gnatsd::kernel
