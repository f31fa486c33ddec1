// Progress: a bar on standard error, drawn on terminals only.
//
// Threads: one at a time.

#pragma once

#include <cstdint>
#include <string>

namespace gnatsd::bench {

class Progress {
public:
    explicit Progress(std::string title);
    /// Wipes the bar.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::uint64_t done, std::uint64_t of);

private:
    std::string title_;
    bool enabled_;
    bool drawn_ = false;
};

}  // namespace gnatsd::bench
