// ConnectOptions: what a client said in its CONNECTs, merged in order (CP-30 to CP-33).
//
// Threads: a value; confined to its session, copied into an AuthRequest.

#pragma once

#include <string>
#include <string_view>

namespace gnatsd::kernel {

struct ConnectOptions {
    bool verbose = true;
    bool pedantic = true;
    bool echo = true;
    bool headers = false;
    bool noResponders = false;
    bool tlsRequired = false;
    bool newAccount = false;
    int protocol = 0;
    std::string user;
    std::string pass;
    std::string authToken;
    std::string nkey;
    std::string sig;
    std::string jwt;
    std::string account;
    std::string name;
    std::string lang;
    std::string version;

    /// Merges one CONNECT argument over the stored values: absent keys and nulls keep what is
    /// there, unknown keys are ignored (CP-31, CP-32).
    /// Answers false, and changes nothing, for anything that is not one JSON object or null, or
    /// for a known key with a value of another type. Never throws.
    bool merge(std::string_view json);

    /// `"vVERSION:LANG:NAME"` with the parts that are known, or empty (CP-36, LOG-9).
    std::string label() const;
};

}  // namespace gnatsd::kernel
