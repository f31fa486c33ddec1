#include "plugins/plugintest/StepReader.h"

#include "kernel/Subject.h"
#include "plugins/host/conf/Secrets.h"
#include "plugins/host/options/Duration.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <memory>
#include <utility>

namespace gnatsd::plugintest {

namespace {

using Verb = Step::Verb;

constexpr const char* kArrow = "->";
constexpr std::size_t kMostTimes = 10'000'000;
constexpr std::uint32_t kMostRate = 1'000'000'000;

struct Field {
    std::string_view key;
    std::string kernel::ConnectOptions::*member;
    bool isSecret = false;
};

// Under the names that they have in CONNECT.
constexpr Field kFields[] = {
    {"user", &kernel::ConnectOptions::user},
    {"pass", &kernel::ConnectOptions::pass, true},
    {"auth_token", &kernel::ConnectOptions::authToken, true},
    {"nkey", &kernel::ConnectOptions::nkey},
    {"sig", &kernel::ConnectOptions::sig, true},
    {"jwt", &kernel::ConnectOptions::jwt, true},
    {"name", &kernel::ConnectOptions::name},
    {"lang", &kernel::ConnectOptions::lang},
    {"version", &kernel::ConnectOptions::version},
};
constexpr const char* kFieldNames =
    "one of user, pass, auth_token, nkey, sig, jwt, name, lang, version, from, nonce, tls_subject, "
    "tls_common_name, tls_name";

[[noreturn]] void fail(const std::string& found, const std::string& wanted) {
    throw Poco::SyntaxException("found " + found + ", wanted " + wanted);
}

/// A name may be shown, anything else could be a secret at the wrong place.
std::string nameOf(const std::string& text) {
    const bool isName = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
    return isName && !text.empty() ? "'" + text + "'" : "something else";
}

template <class Number>
Number numberOf(const std::string& text, const std::string& what, Number least, Number most) {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || number < least || number > most) {
        fail("no such number",
             what + " with N from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return number;
}

std::chrono::nanoseconds timeOf(const std::string& text) {
    std::chrono::nanoseconds time{0};
    if (!host::options::parseDuration(text, time).empty() || time.count() <= 0) {
        fail("no time", "a time, such as 500ms");
    }
    return time;
}

bool hasSecretName(const std::string& key) {
    for (std::size_t from = 0; from <= key.size();) {
        const std::size_t dot = std::min(key.find('.', from), key.size());
        if (host::conf::isSecretName(std::string_view(key).substr(from, dot - from))) {
            return true;
        }
        from = dot + 1;
    }
    return false;
}

bool fits(Verb verb, Result result) {
    switch (verb) {
        case Verb::connect:
        case Verb::recheck:
            return result == Result::accept || result == Result::reject ||
                   result == Result::abstain || result == Result::unavailable ||
                   result == Result::fails;
        case Verb::start:
        case Verb::reload:
            return result == Result::ok || result == Result::fails;
        case Verb::publish:
        case Verb::subscribe:
        case Verb::deliver:
            return result == Result::allowed || result == Result::denied;
        case Verb::keep:
            return false;
    }
    return false;
}

const char* resultsOf(Verb verb) {
    switch (verb) {
        case Verb::connect:
        case Verb::recheck:
            return "accept, reject, abstain, unavailable or fails";
        case Verb::start:
        case Verb::reload:
            return "ok or fails";
        default:
            return "allowed or denied";
    }
}

}  // namespace

Step StepReader::read() {
    readRepeat();
    readVerb();
    if (step_.times != 1 && step_.verb != Verb::connect) {
        fail("repeat before another step", "repeat N connect ...");
    }
    switch (step_.verb) {
        case Verb::connect:
            readConnect();
            break;
        case Verb::start:
        case Verb::reload:
            readSettings();
            break;
        case Verb::publish:
        case Verb::subscribe:
        case Verb::deliver:
            readSubject();
            break;
        case Verb::recheck:
        case Verb::keep:
            break;
    }
    if (step_.isCheck()) {
        readExpectation();
    }
    if (!rest_.empty()) {
        fail("more words", "the end of the line");
    }
    return std::move(step_);
}

const Word& StepReader::take(const char* wanted) {
    if (rest_.empty()) {
        fail("the end of the line", wanted);
    }
    const Word& word = rest_.front();
    rest_ = rest_.subspan(1);
    return word;
}

bool StepReader::takeIf(std::string_view keyword) {
    if (rest_.empty() || !rest_.front().is(keyword)) {
        return false;
    }
    show(take(""), false);
    return true;
}

bool StepReader::atArrow() const {
    return rest_.empty() || rest_.front().is(kArrow);
}

void StepReader::show(const Word& word, bool isSecret) {
    step_.shown += step_.shown.empty() ? "" : " ";
    step_.shown += isSecret ? word.key() + "=" + Secrets::kHidden : word.source;
}

void StepReader::readRepeat() {
    if (!takeIf("repeat")) {
        return;
    }
    const Word& word = take("a number");
    step_.times = numberOf<std::size_t>(word.text, "repeat N", 1, kMostTimes);
    show(word, false);
    step_.whileReloading = takeIf("reloading");
}

void StepReader::readVerb() {
    static constexpr std::pair<std::string_view, Verb> kVerbs[] = {
        {"start", Verb::start},     {"reload", Verb::reload},   {"connect", Verb::connect},
        {"recheck", Verb::recheck}, {"publish", Verb::publish}, {"subscribe", Verb::subscribe},
        {"deliver", Verb::deliver}, {"keep", Verb::keep},
    };
    const char* const wanted =
        "start, reload, connect, recheck, publish, subscribe, deliver, keep or repeat N connect";
    const Word& word = take(wanted);
    const auto found = std::find_if(std::begin(kVerbs), std::end(kVerbs),
                                    [&](const auto& verb) { return word.is(verb.first); });
    if (found == std::end(kVerbs)) {
        fail(nameOf(word.text), wanted);
    }
    step_.verb = found->second;
    show(word, false);
}

void StepReader::readConnect() {
    step_.request.peerAddress = "127.0.0.1:50000";
    step_.request.nonce = "plugin-test";
    kernel::PeerIdentity peer;
    while (!atArrow()) {
        readField(take(""), peer);
    }
    if (!peer.subject.empty() || !peer.commonName.empty() || !peer.names.empty()) {
        step_.request.peer = std::make_shared<const kernel::PeerIdentity>(std::move(peer));
    }
}

void StepReader::readField(const Word& word, kernel::PeerIdentity& peer) {
    if (!word.isPair()) {
        fail("a word without =", std::string("KEY=VALUE with KEY ") + kFieldNames);
    }
    const std::string key = word.key();
    const auto field = std::find_if(std::begin(kFields), std::end(kFields),
                                    [&](const Field& one) { return one.key == key; });
    if (field != std::end(kFields)) {
        step_.request.connect.*field->member = word.value();
    } else if (key == "from") {
        step_.request.peerAddress = word.value();
    } else if (key == "nonce") {
        step_.request.nonce = word.value();
    } else if (key == "tls_subject") {
        peer.subject = word.value();
    } else if (key == "tls_common_name") {
        peer.commonName = word.value();
    } else if (key == "tls_name") {
        peer.names.push_back(word.value());
    } else {
        fail("the key " + nameOf(key), kFieldNames);
    }
    const bool isSecret = field != std::end(kFields) && field->isSecret;
    show(word, isSecret);
    if (isSecret || word.hasVariable) {
        secrets_.add(word.value());
    } else {
        secrets_.addPublic(word.value());
    }
}

void StepReader::readSettings() {
    if (step_.verb == Verb::reload && takeIf("from")) {
        if (atArrow()) {
            fail("no file", "the name of a configuration file");
        }
        const Word& word = take("the name of a configuration file");
        step_.file = word.text;
        show(word, false);
    }
    while (!atArrow()) {
        const Word& word = take("");
        if (!word.isPair() || word.key().empty()) {
            fail("a word without =", "a setting, KEY=VALUE");
        }
        step_.settings.emplace_back(word.key(), word.value());
        show(word, true);
        if (word.hasVariable || hasSecretName(word.key())) {
            secrets_.add(word.value());
        }
    }
}

void StepReader::readSubject() {
    const Word& word = take("a subject");
    const bool isMessage = step_.verb != Verb::subscribe;
    const bool isValid =
        isMessage ? kernel::isPublishable(word.text) : kernel::isPattern(word.text);
    if (!isValid || word.is(kArrow)) {
        fail("no valid subject",
             isMessage ? "a subject to publish to" : "a subject to subscribe to");
    }
    step_.subject = word.text;
    show(word, false);
    if (step_.verb != Verb::publish && takeIf("queue")) {
        step_.queue = takeName("the name of a queue group");
    }
    if (step_.verb == Verb::deliver && takeIf("reply")) {
        step_.reply = takeName("a reply subject");
    }
}

std::string StepReader::takeName(const char* wanted) {
    if (atArrow()) {
        fail("nothing", wanted);
    }
    const Word& word = take(wanted);
    show(word, false);
    return word.text;
}

void StepReader::readExpectation() {
    const Word& arrow = take("-> and what shall come of it");
    if (!arrow.is(kArrow)) {
        fail("another word", "-> and what shall come of it");
    }
    show(arrow, false);
    readResult();
    const bool isClient = step_.verb == Verb::connect || step_.verb == Verb::recheck;
    while (!rest_.empty()) {
        if (isClient && takeIf("within")) {
            const Word& time = take("a time, such as 500ms");
            step_.wanted.within = timeOf(time.text);
            show(time, false);
        } else {
            readDetail(take(""));
        }
    }
}

void StepReader::readResult() {
    const Word& word = take(resultsOf(step_.verb));
    for (const Result result :
         {Result::accept, Result::reject, Result::abstain, Result::unavailable, Result::fails,
          Result::ok, Result::allowed, Result::denied}) {
        if (word.is(resultName(result)) && fits(step_.verb, result)) {
            step_.wanted.result = result;
            show(word, false);
            return;
        }
    }
    fail(nameOf(word.text), resultsOf(step_.verb));
}

void StepReader::readDetail(const Word& word) {
    Expectation& wanted = step_.wanted;
    const std::string key = word.isPair() ? word.key() : std::string();
    const bool isRefusal = wanted.result == Result::reject || wanted.result == Result::abstain ||
                           wanted.result == Result::unavailable || wanted.result == Result::fails;
    if (wanted.result == Result::accept) {
        readAcceptDetail(word);
    } else if (isRefusal && key == "reason") {
        wanted.reason = word.value();
    } else {
        fail("another word after what shall come of it",
             isRefusal ? "reason=TEXT or within TIME" : "the end of the line");
    }
    show(word, false);
}

void StepReader::readAcceptDetail(const Word& word) {
    Expectation& wanted = step_.wanted;
    const std::string key = word.isPair() ? word.key() : std::string();
    if (key == "user") {
        wanted.user = word.value();
    } else if (key == "account") {
        wanted.account = word.value();
    } else if (key == "publish_rate") {
        wanted.publishRate = numberOf<std::uint32_t>(word.value(), "publish_rate=N", 0, kMostRate);
    } else if (key == "lasts") {
        wanted.lasts = timeOf(word.value());
    } else {
        fail("another word after what shall come of it",
             "user=NAME, account=NAME, publish_rate=N, lasts=TIME or within TIME");
    }
}

}  // namespace gnatsd::plugintest
