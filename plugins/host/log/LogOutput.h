// LogOutput: whole lines into a descriptor, however slow or broken what is behind it.
//
// It waits until the output takes the lines, but never inside write(): a wait can be called off.
// That needs a descriptor that does not block, or PIPE_BUF bytes at a time.
//
// Threads: one; the OutputWait may be cancelled from others.

#pragma once

#include "plugins/host/log/Descriptor.h"
#include "plugins/host/log/OutputWait.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gnatsd::host {

class LogOutput {
public:
    /// What an error means: the disk is full for now, say, or the reader has gone for good.
    enum class Errors { pass, stay };

    LogOutput() = default;
    LogOutput(Descriptor descriptor, Errors errors);

    /// Answers how many lines went out: all, unless `wait` was cancelled. When errors stay, what
    /// cannot be written counts as gone out.
    std::size_t write(std::string_view lines, const OutputWait& wait);

    /// Whether it is a file on a disk, which has a size and can be renamed.
    bool isRegular() const noexcept { return kind_ == Kind::regular; }

    /// Whether `path` still leads to it.
    bool isAt(const char* path) const noexcept;

    /// The size of the file when it was opened.
    std::int64_t sizeAtOpen() const noexcept { return sizeAtOpen_; }

    bool close() noexcept { return descriptor_.reset(); }

private:
    enum class Kind { regular, pipe, socket, other };

    std::size_t portion(std::string_view bytes) const noexcept;
    long writeSome(std::string_view bytes) const noexcept;
    void removePartialLine(std::string_view written) const noexcept;
    bool retry(int error, const OutputWait& wait) const noexcept;

    Descriptor descriptor_;
    Errors errors_ = Errors::stay;
    Kind kind_ = Kind::other;
    std::int64_t sizeAtOpen_ = 0;
};

}  // namespace gnatsd::host
