// Barrier: every call from the host into a plug-in goes through here; whatever is thrown becomes
// a text of one line.
//
// Threads: any.

#pragma once

#include <Poco/Exception.h>

#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace gnatsd::host {

/// Control characters as \n, \t or \xHH: text from a plug-in never breaks a line of the log.
std::string oneLine(std::string_view text);

/// What a call into a plug-in threw, each text in one line.
struct Thrown {
    std::string message;  // the thrower's own words
    std::string text;     // with the kind of error in front

    explicit Thrown(const Poco::Exception& error);
    explicit Thrown(const std::exception& error);
    explicit Thrown(const char* what) : message(what), text(what) {}
};

/// Runs `call`; answers nothing when it returned.
template <class Call>
std::optional<Thrown> caught(Call&& call) {
    try {
        call();
        return std::nullopt;
    } catch (const Poco::Exception& error) {
        return Thrown(error);
    } catch (const std::exception& error) {
        return Thrown(error);
    } catch (...) {
        return Thrown("an exception that is no std::exception");
    }
}

}  // namespace gnatsd::host
