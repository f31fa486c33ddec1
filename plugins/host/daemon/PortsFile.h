// PortsFile: `DIR/<executable>_<pid>.ports`, by which a script learns the ports of a server that
// was started with -1.
//
// Lifetime: the file exists from write() until remove() or the destructor.

#pragma once

#include <string>
#include <vector>

namespace gnatsd::host {

class PortsFile {
public:
    /// `executable` is a path or a name. An empty directory: nothing is ever written.
    PortsFile(const std::string& directory, const std::string& executable);
    ~PortsFile() { remove(); }

    PortsFile(const PortsFile&) = delete;
    PortsFile& operator=(const PortsFile&) = delete;

    /// Writes {"nats":[urls]}. A reader sees the whole file or none.
    /// Throws Poco::FileException "Error writing ports file (PATH): REASON".
    void write(const std::vector<std::string>& natsUrls);

    void remove() noexcept;

    /// Writes to another directory, or nowhere, and then removes what was written before (OPT-219).
    /// When it throws, as write() does, the earlier file stays.
    void moveTo(const std::string& directory, const std::vector<std::string>& natsUrls);

    const std::string& path() const { return path_; }

private:
    const std::string executable_;
    std::string path_;
    bool written_ = false;
};

}  // namespace gnatsd::host
