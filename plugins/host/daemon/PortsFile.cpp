#include "plugins/host/daemon/PortsFile.h"

#include "plugins/host/SystemError.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gnatsd::host {

namespace {

std::string pathIn(const std::string& directory, const std::string& executable) {
    if (directory.empty()) {
        return {};
    }
    const std::string program = std::filesystem::path(executable).stem().string();
    const std::string name = program + "_" + std::to_string(::getpid()) + ".ports";
    return (std::filesystem::path(directory) / name).string();
}

[[noreturn]] void fail(const std::string& path, int error) {
    throw Poco::FileException("Error writing ports file (" + path + "): " + systemErrorText(error));
}

}  // namespace

PortsFile::PortsFile(const std::string& directory, const std::string& executable)
    : executable_(executable), path_(pathIn(directory, executable)) {}

void PortsFile::write(const std::vector<std::string>& natsUrls) {
    if (path_.empty()) {
        return;
    }
    Poco::JSON::Array urls;
    for (const std::string& url : natsUrls) {
        urls.add(url);
    }
    Poco::JSON::Object ports;
    ports.set("nats", urls);

    const std::string draft = path_ + ".tmp";
    errno = 0;
    std::ofstream file(draft, std::ios::trunc);
    ports.stringify(file);
    file.close();
    if (!file || std::rename(draft.c_str(), path_.c_str()) != 0) {
        const int error = errno;
        std::error_code ignored;
        std::filesystem::remove(draft, ignored);
        fail(path_, error == 0 ? EIO : error);
    }
    written_ = true;
}

void PortsFile::moveTo(const std::string& directory, const std::vector<std::string>& natsUrls) {
    PortsFile next(directory, executable_);
    next.write(natsUrls);
    if (next.path_ != path_) {
        remove();
    }
    path_ = std::exchange(next.path_, {});
    written_ = std::exchange(next.written_, false);
}

void PortsFile::remove() noexcept {
    if (written_) {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
        written_ = false;
    }
}

}  // namespace gnatsd::host
