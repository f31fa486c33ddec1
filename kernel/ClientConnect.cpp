// The part of ClientSession that deals with CONNECT, refused input and tracing.

#include "kernel/ClientSession.h"
#include "kernel/Text.h"

#include <utility>

namespace gnatsd::kernel {

namespace {

const ConnectOptions& defaults() {
    static const ConnectOptions options;
    return options;
}

/// The certificate says who the user is, and nothing else may (AU-72).
void dropCredentials(ConnectOptions& connect) {
    for (std::string* text : {&connect.user, &connect.pass, &connect.authToken, &connect.nkey,
                              &connect.sig, &connect.jwt}) {
        text->clear();
    }
}

constexpr std::size_t kSnippet = 32;       // CP-14
constexpr std::size_t kLongSnippet = 128;  // LOG-113

}  // namespace

const ConnectOptions& ClientSession::options() const noexcept {
    return options_ ? *options_ : defaults();
}

void ClientSession::connect(std::string_view json) {
    ConnectOptions next = options();
    if (!next.merge(json)) {
        failed({ProtocolError::parserError,
                CloseReason::protocolViolation,
                true,
                "processConnect",
                {},
                0});
        return;
    }
    if (next.protocol < 0 || next.protocol > 1) {  // CP-33
        fail(ProtocolError::invalidClientProtocol, CloseReason::badClientProtocolVersion);
        return;
    }
    next.headers = next.headers && broker_.headersAllowed();
    if (next.noResponders && !next.headers) {  // CP-34
        fail(ProtocolError::noRespondersNeedHeaders, CloseReason::noRespondersRequiresHeaders);
        return;
    }
    const bool asksForAccount = !next.account.empty() || next.newAccount;
    options_ = std::make_unique<ConnectOptions>(std::move(next));
    verbose_ = options_->verbose;
    pedantic_ = options_->pedantic;
    echo_ = options_->echo;
    noResponders_ = options_->noResponders;
    single_ = verbose_ || pedantic_ || metered();
    outbox_->setHeaders(options_->headers);
    parser_.allowHeaders(options_->headers);
    if (asksForAccount) {  // CP-31: clients do not choose accounts
        refuse("client asked for an account");
        return;
    }
    if (broker_.authRequired()) {
        if (peer_ && peer_->maps && !options_->user.empty()) {  // AU-72
            log(Level::warning, "User " + quote(options_->user) +
                                    " found in connect proto, but user required from cert");
        }
        askGate();
        return;
    }
    state_ = State::open;
    ok();
}

void ClientSession::askGate() {
    state_ = State::checking;
    started_ = shard_->now;
    unread_ = std::make_unique<std::string>();
    link_.pauseReading();
    check(&ClientSession::onAnswer);
}

void ClientSession::check(void (ClientSession::*next)(const AuthAnswer&, std::uint32_t)) {
    if (!user_) {
        user_ = std::make_shared<SessionUser>();
    }
    AuthGate& gate = *broker_.gate();
    const std::uint32_t version = gate.version();
    // The answer may come after the connection is gone, and from any thread: the outbox is what
    // lives long enough to find the way back.
    auto done = [outbox = outbox_, version, next](AuthAnswer answer) {
        outbox->postToSession([answer = std::move(answer), version, next](Protocol& protocol) {
            (static_cast<ClientSession&>(protocol).*next)(answer, version);
        });
    };
    if (state_ != State::checking && user_->ticket) {
        gate.recheck(user_->ticket, user_, std::move(done));
        return;
    }
    AuthRequest request;
    request.clientId = id_;
    request.connect = options();
    request.peerAddress = outbox_->identity().substr(0, outbox_->identity().find(' '));
    request.nonce = user_->nonce;
    request.asker = user_;
    request.held = user_->ticket;
    request.peer = peer_;
    if (peer_ && peer_->maps) {
        dropCredentials(request.connect);
    }
    gate.check(std::move(request), std::move(done));
}

void ClientSession::onAnswer(const AuthAnswer& answer, std::uint32_t version) {
    if (state_ != State::checking) {
        return;  // timed out meanwhile
    }
    if (version != broker_.gate()->version()) {  // by rules that do not hold any more
        check(&ClientSession::onAnswer);
        return;
    }
    if (!answer.accepted) {
        refuse(answer.reason);
        return;
    }
    if (!enterAccount(answer.account)) {
        return;
    }
    state_ = State::open;
    nextPing_ = shard_->now + broker_.limits().pingInterval;
    if (options_) {
        ok();
    }
    setUser(answer, version);
    takeUnread();
    // The loop over the unread input may have met another CONNECT.
    if (state_ == State::open || state_ == State::throttled) {
        link_.resumeReading();
    }
}

void ClientSession::takeUnread() {
    if (const std::unique_ptr<std::string> unread = std::move(unread_)) {
        onBytes(*unread);
        if (shard_->borrowed) {  // from these very bytes
            shard_->flushAll();
        }
    }
}

void ClientSession::refuse(std::string_view reason) {
    std::string line = "authentication error";
    if (options_ && !options_->user.empty()) {
        line.append(" - User ").append(quote(options_->user));
    }
    if (!reason.empty()) {
        line.append(", Reason ").append(quote(reason));
    }
    log(Level::error, line);
    fail(ProtocolError::authorizationViolation, CloseReason::authenticationViolation);
}

void ClientSession::failed(const ParseFailure& failure) {
    std::string line;
    switch (failure.error) {
        case ProtocolError::maxPayload:
            line = "maximum payload exceeded: " + std::to_string(failure.size) + " vs " +
                   std::to_string(broker_.limits().maxPayload);
            break;
        case ProtocolError::maxControlLine:
            line = "maximum control line exceeded: max_control_line " +
                   std::to_string(broker_.limits().maxControlLine) + ", Buffer len " +
                   std::to_string(failure.seen.size()) +
                   " (snip: " + snippet(safeToLog(failure.seen), kLongSnippet) + "...)";
            break;
        case ProtocolError::parserError:
            line = failure.reason == CloseReason::messageHeaderViolation
                       ? "message headers not supported"  // CP-42
                       : std::string(failure.what) +
                             " Parse Error: " + snippet(failure.seen, kSnippet);
            break;
        default:
            line = "Client parser ERROR, state=0, i=0: proto='" +
                   snippet(safeToLog(failure.seen), kSnippet) + "...'";
            break;
    }
    log(Level::error, line);
    if (failure.tell) {
        sendError(failure.error);
    }
    end(failure.reason);
}

// LOG-62
std::string ClientSession::tracedPayload(std::string_view payload) const {
    const std::size_t most = broker_.limits().maxTracedMessage;
    if (most == 0 || payload.size() <= most) {
        return quote(payload);
    }
    return quote(std::string(payload.substr(0, most)).append("..."));
}

void ClientSession::traceOp(Event event, const Op& op) const {
    const auto line = [this](std::string_view op_, std::string_view args) {
        std::string text = "<<- [" + std::string(op_);
        if (!args.empty()) {
            text.append(" ").append(args);
        }
        log(Level::trace, text.append("]"));
    };
    const auto words = [&op] {
        std::string text;
        for (std::size_t i = 0; i < op.wordCount && i < op.words.size(); ++i) {
            text.append(i == 0 ? "" : " ").append(escape(op.words[i]));
        }
        return text;
    };
    switch (event) {
        case Event::publish: {
            std::string args = escape(op.message.subject);
            if (!op.message.reply.empty()) {
                args.append(" ").append(escape(op.message.reply));
            }
            args.append(" ").append(op.message.sizes);
            line(op.message.headerSize > 0 ? "HPUB" : "PUB", args);
            log(Level::trace, "<<- MSG_PAYLOAD: [" + tracedPayload(op.message.payload) + "]");
            break;
        }
        case Event::subscribe:
            line("SUB", words());
            break;
        case Event::unsubscribe:
            line("UNSUB", words());
            break;
        case Event::connect:
            line("CONNECT", escapeControls(redactConnect(op.args)));
            break;
        case Event::ping:
            line("PING", {});
            break;
        case Event::pong:
            line("PONG", {});
            break;
        case Event::error:
            line("-ERR", escape(op.args));
            break;
        case Event::info:
        case Event::ok:
        case Event::failed:
        case Event::needMore:
            break;
    }
}

// LOG-61: as the peer reads it, but OK without its plus, errors without quotes and INFO not at all.
void ClientSession::traceSent(std::string_view bytes) const {
    std::string line(bytes.substr(0, bytes.find('\r')));
    if (line.starts_with("INFO ")) {
        return;
    }
    if (line.starts_with("+")) {
        line.erase(0, 1);
    }
    if (line.starts_with("-ERR '")) {
        line = "-ERR " + line.substr(6, line.size() - 7);
    }
    log(Level::trace, "->> [" + escapeControls(line) + "]");
}

}  // namespace gnatsd::kernel
