// Fuzz target: CONNECT's argument, read (CP-30, CP-31) and redacted (LOG-50, CP-37).

#include "kernel/ConnectOptions.h"
#include "kernel/Text.h"
#include "tests/fuzz/Input.h"
#include "tests/fuzz/Require.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>

using gnatsd::fuzz::Input;
using gnatsd::fuzz::require;
using gnatsd::kernel::ConnectOptions;
using gnatsd::kernel::quote;
using gnatsd::kernel::redactConnect;

namespace {

constexpr std::string_view kMarker = "S3CRETM4RKER";

auto values(const ConnectOptions& o) {
    return std::tie(o.verbose, o.pedantic, o.echo, o.headers, o.noResponders, o.tlsRequired,
                    o.newAccount, o.protocol, o.user, o.pass, o.authToken, o.nkey, o.sig, o.jwt,
                    o.account, o.name, o.lang, o.version);
}

void mergeIsAllOrNothing(std::string_view json) {
    ConnectOptions options;
    options.user = "before";
    const ConnectOptions before = options;
    if (!options.merge(json)) {
        require(values(options) == values(before), "a refused CONNECT changed something");
        return;
    }
    const ConnectOptions once = options;
    require(options.merge(json), "accepted once, refused the second time");
    require(values(options) == values(once), "the second merge of the same text changed something");

    const std::string label = options.label();
    const bool clean = std::none_of(label.begin(), label.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    require(clean, "a control byte in the label (LOG-52)", label);
}

/// The body of a JSON string with this value.
std::string jsonEscaped(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            out += "\\u00";
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 0xFU];
            continue;
        }
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

/// A member with a secret, put into arbitrary text: whatever stands around it, whether the whole
/// is JSON or not, the secret does not come out.
void secretNeverSurvives(Input input) {
    constexpr std::string_view kMembers[] = {
        R"("pass":")",  R"("password" : ")", R"("auth_token":	")", R"("jwt":")",
        R"("nkey":")",  R"("sig" :")",       R"("PaSs":")",          R"("p\u0061ss":")",
        R"(,"pass":")", R"({"x":1,"sig":")",
    };
    const std::string_view member = kMembers[input.choice() % std::size(kMembers)];
    const unsigned cut = input.choice();
    const unsigned secretSize = input.choice() % 32;
    const std::string_view text = input.rest();

    const std::size_t at = std::min<std::size_t>(cut, text.size());
    const std::string_view secret = text.substr(at, secretSize);
    const std::string_view behind = text.substr(std::min(at + secretSize, text.size()));
    std::string whole(text.substr(0, at));
    if (!whole.empty() && whole.back() == '\\') {
        whole += ' ';  // or the backslash would make another name of ours
    }
    whole += member;
    whole += jsonEscaped(secret.substr(0, secret.size() / 2));
    whole += kMarker;
    whole += jsonEscaped(secret.substr(secret.size() / 2));
    whole += '"';
    whole += behind;
    if (text.find("S3CRET") != std::string_view::npos) {
        return;
    }

    const std::string redacted = redactConnect(whole);

    require(redacted.find("S3CRET") == std::string::npos, "a secret in the log", quote(whole));
    require(redactConnect(redacted).find("S3CRET") == std::string::npos, "it came back");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Input input(data, size);
    mergeIsAllOrNothing(input.rest());
    redactConnect(input.rest());
    secretNeverSurvives(input);
    return 0;
}
