// HostError: why the server does not start because of a plug-in. message() is one line per
// problem; each line names the plug-in, its file, what was found and what was wanted.
//
// Threads: a value.

#pragma once

#include <Poco/Exception.h>

#include <string>

namespace gnatsd::host {

class HostError : public Poco::RuntimeException {
public:
    explicit HostError(const std::string& lines) : Poco::RuntimeException(lines) {}

    const char* name() const noexcept override { return "Plug-in error"; }
    const char* className() const noexcept override { return "gnatsd::host::HostError"; }
    Poco::Exception* clone() const override { return new HostError(*this); }
    void rethrow() const override { throw *this; }  // NOLINT: Poco's contract for clones
};

}  // namespace gnatsd::host
