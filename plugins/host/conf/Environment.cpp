#include "plugins/host/conf/Environment.h"

#include "plugins/host/SystemError.h"

#include <Poco/Exception.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace gnatsd::host::conf {

namespace {

[[noreturn]] void fail(const char* step, const std::string& path, int error) {
    const std::string text = std::string(step) + " " + path + ": " + systemErrorText(error);
    if (error == ENOENT || error == ENOTDIR) {
        throw Poco::FileNotFoundException(text);
    }
    throw Poco::FileException(text);
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const noexcept { return number_; }

private:
    const int number_;
};

}  // namespace

std::optional<std::string> processVariable(const std::string& name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in this program changes the environment
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string fileText(const std::string& path) {
    const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) {
        fail("open", path, errno);
    }
    const Descriptor file(opened);
    std::string text;
    char block[64 * 1024];
    for (;;) {
        const ssize_t count = ::read(file.number(), block, sizeof block);
        if (count == 0) {
            return text;
        }
        if (count < 0 && errno != EINTR) {
            fail("read", path, errno);
        }
        text.append(block, count < 0 ? 0 : static_cast<std::size_t>(count));
        if (text.size() > kMaxFile) {
            throw Poco::FileException("read " + path + ": larger than " +
                                      std::to_string(kMaxFile >> 20) + " MB");
        }
    }
}

}  // namespace gnatsd::host::conf
