// Log files that do not take lines: full disks, pipes that nobody reads.

#include "plugins/host/log/SinkFactory.h"
#include "tests/plugins/log/LogFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gnatsd::tests {

using Clock = std::chrono::steady_clock;
using host::Logger;
using kernel::Level;

namespace {

// The patience, and some time on a busy machine.
constexpr auto kEnd = Logger::kPatience + std::chrono::seconds(1);

/// Files of this process can grow to so many bytes: a disk that is full for everybody, root
/// included.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        CPPUNIT_ASSERT_EQUAL(0, ::setrlimit(RLIMIT_FSIZE, &limit));
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_ = {};
};

}  // namespace

class LogStuckTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogStuckTest);
    CPPUNIT_TEST(aFullDiskCostsLinesThatAreCounted);
    CPPUNIT_TEST(aShortShortageOfSpaceCostsNothing);
    CPPUNIT_TEST(theEndOnAFullDiskLeavesWholeLines);
    CPPUNIT_TEST(aFullDeviceNeitherBlocksNorEnds);
    CPPUNIT_TEST(aPipeWithoutReaderIsOpenedAndKept);
    CPPUNIT_TEST(aStuckPipeDoesNotHoldUpTheEnd);
    CPPUNIT_TEST(fatalLinesOnAStuckPipeWaitOnceOnly);
    CPPUNIT_TEST_SUITE_END();

    static void fill(Logger& log, int lines) {
        for (int line = 0; line < lines; ++line) {
            log.write(Level::info, "line " + std::to_string(line) + std::string(100, 'x'));
        }
    }

    void aFullDiskCostsLinesThatAreCounted() {
        constexpr int kLines = 10'000;
        TempFolder folder;
        const std::string path = folder.file("log");
        auto log =
            std::make_unique<Logger>(host::makeSink(fileSettings(path), "gnatsd"), 64 * 1024);
        {
            const FullDisk disk(20'000);
            const auto start = Clock::now();
            fill(*log, kLines);
            CPPUNIT_ASSERT(Clock::now() - start < std::chrono::seconds(1));
            CPPUNIT_ASSERT(waitFor([&] { return std::filesystem::file_size(path) == 20'000; }));
        }
        CPPUNIT_ASSERT(waitFor([&] { return contains(readFile(path), "log lines were lost"); }));
        log->write(Level::info, "space again");
        CPPUNIT_ASSERT(log->flush());

        std::uint64_t told = 0;
        std::uint64_t written = 0;
        const std::regex whole(R"(.*\[INF\] (line \d+x{100}|space again))");
        const std::regex loss(R"(.*\[WRN\] (\d+) log lines were lost .*)");
        for (const std::string& line : linesOfFile(path)) {
            std::smatch found;
            if (std::regex_match(line, found, loss)) {
                told += std::stoull(found[1]);
            } else {
                CPPUNIT_ASSERT_MESSAGE(line, std::regex_match(line, whole));
                ++written;
            }
        }
        CPPUNIT_ASSERT(told > 0);
        CPPUNIT_ASSERT_EQUAL(log->lost(), told);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{kLines + 1}, written + told);
    }

    void aShortShortageOfSpaceCostsNothing() {
        TempFolder folder;
        const std::string path = folder.file("log");
        Logger log(fileSettings(path), "gnatsd");
        {
            const FullDisk disk(1000);
            fill(log, 100);
            CPPUNIT_ASSERT(waitFor([&] { return std::filesystem::file_size(path) == 1000; }));
        }

        CPPUNIT_ASSERT(waitFor([&] { return linesOfFile(path).size() == 100; }));
        CPPUNIT_ASSERT(log.flush());
        CPPUNIT_ASSERT_EQUAL(filled(100), readFile(path));
    }

    void theEndOnAFullDiskLeavesWholeLines() {
        TempFolder folder;
        const std::string path = folder.file("log");
        const FullDisk disk(1000);
        const auto start = Clock::now();
        {
            Logger log(fileSettings(path), "gnatsd");
            fill(log, 100);
        }

        CPPUNIT_ASSERT(Clock::now() - start < kEnd);
        const std::string text = readFile(path);
        CPPUNIT_ASSERT(text.size() > 800);
        CPPUNIT_ASSERT_EQUAL(filled(100).substr(0, text.size()), text);
        CPPUNIT_ASSERT_EQUAL('\n', text.back());
    }

    void aFullDeviceNeitherBlocksNorEnds() {
        const auto start = Clock::now();
        {
            Logger log(fileSettings("/dev/full"), "gnatsd");
            fill(log, 10);
            log.write(Level::fatal, "the end");
        }

        CPPUNIT_ASSERT(Clock::now() - start < kEnd);
    }

    void aPipeWithoutReaderIsOpenedAndKept() {
        TempFolder folder;
        const std::string path = folder.file("pipe");
        CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(path.c_str(), 0600));
        Logger log(fileSettings(path), "gnatsd");
        log.write(Level::info, "before");
        CPPUNIT_ASSERT(log.flush());

        const int reader = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        std::array<char, 1000> buffer{};
        const ssize_t count = ::read(reader, buffer.data(), buffer.size());
        ::close(reader);

        CPPUNIT_ASSERT(count > 0);
        CPPUNIT_ASSERT_EQUAL(pidText() + "[INF] before\n",
                             std::string(buffer.data(), static_cast<std::size_t>(count)));
    }

    void aStuckPipeDoesNotHoldUpTheEnd() {
        TempFolder folder;
        const std::string path = folder.file("pipe");
        CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(path.c_str(), 0600));
        const auto start = Clock::now();
        {
            Logger log(fileSettings(path), "gnatsd");
            fill(log, 5000);
        }

        CPPUNIT_ASSERT(Clock::now() - start < kEnd);
    }

    void fatalLinesOnAStuckPipeWaitOnceOnly() {  // CLI-76
        TempFolder folder;
        const std::string path = folder.file("pipe");
        CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(path.c_str(), 0600));
        const auto start = Clock::now();
        {
            Logger log(fileSettings(path), "gnatsd");
            fill(log, 5000);
            for (int line = 0; line < 5; ++line) {
                log.write(Level::fatal, "the end");
            }
        }

        CPPUNIT_ASSERT(Clock::now() - start < kEnd);
    }

    static std::string filled(int lines) {
        std::string text;
        for (int line = 0; line < lines; ++line) {
            text += pidText() + "[INF] line " + std::to_string(line) + std::string(100, 'x') + "\n";
        }
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogStuckTest);

}  // namespace gnatsd::tests
