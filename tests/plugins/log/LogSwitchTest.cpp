// A log that changes while it is used: reopened files, other targets.

#include "plugins/host/HostError.h"
#include "tests/plugins/log/LogFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace gnatsd::tests {

using host::HostError;
using host::Logger;
using host::LogSettings;
using kernel::Level;

class LogSwitchTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogSwitchTest);
    CPPUNIT_TEST(aRenamedFileIsReplacedWhenReopened);
    CPPUNIT_TEST(withoutFileReopeningIsIgnored);
    CPPUNIT_TEST(whenReopeningFailsTheOldFileGoesOn);
    CPPUNIT_TEST(anotherFileTakesTheLinesFromThereOn);
    CPPUNIT_TEST(whenTheNewFileFailsTheOldOneGoesOn);
    CPPUNIT_TEST(aStuckLogHandsItsLinesOver);
    CPPUNIT_TEST(changesUnderLoadLoseNothing);
    CPPUNIT_TEST_SUITE_END();

    static std::string info(const std::string& text) { return pidText() + "[INF] " + text + "\n"; }

    void aRenamedFileIsReplacedWhenReopened() {  // LOG-31
        TempFolder folder;
        const LogSettings settings = fileSettings(folder.file("log"));
        Logger log(settings, "gnatsd");
        log.write(Level::info, "a");
        CPPUNIT_ASSERT(log.flush());
        std::filesystem::rename(settings.file, folder.file("log.1"));
        log.write(Level::info, "b");
        log.reopen();
        log.write(Level::info, "c");
        CPPUNIT_ASSERT(log.flush());

        CPPUNIT_ASSERT_EQUAL(info("a") + info("b"), readFile(folder.file("log.1")));
        CPPUNIT_ASSERT_EQUAL(info("File log re-opened") + info("c"), readFile(settings.file));
    }

    void withoutFileReopeningIsIgnored() {  // LOG-31
        Pipe pipe;
        {
            Logger log(pipeSink(pipe));
            log.reopen();
        }

        CPPUNIT_ASSERT_EQUAL(info("File log re-open ignored, not a file logger"), pipe.readAll());
    }

    void whenReopeningFailsTheOldFileGoesOn() {
        TempFolder folder;
        std::filesystem::create_directory(folder.path() / "sub");
        const LogSettings settings = fileSettings(folder.file("sub/log"));
        Logger log(settings, "gnatsd");
        std::filesystem::rename(folder.path() / "sub", folder.path() / "gone");

        log.reopen();
        log.write(Level::info, "b");
        CPPUNIT_ASSERT(log.flush());

        CPPUNIT_ASSERT_EQUAL(pidText() + "[ERR] File log not re-opened: error opening file: open " +
                                 settings.file + ": no such file or directory\n" + info("b"),
                             readFile(folder.file("gone/log")));
    }

    void anotherFileTakesTheLinesFromThereOn() {  // OPT-211
        TempFolder folder;
        LogSettings settings = fileSettings(folder.file("one"));
        Logger log(settings, "gnatsd");
        log.write(Level::info, "a");
        settings.file = folder.file("two");
        log.reconfigure(settings);
        log.write(Level::info, "b");
        settings.format = host::LogFormat::json;
        log.reconfigure(settings);
        log.write(Level::info, "c");
        CPPUNIT_ASSERT(log.flush());

        CPPUNIT_ASSERT_EQUAL(info("a"), readFile(folder.file("one")));
        const std::vector<std::string> lines = linesOfFile(folder.file("two"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, lines.size());
        CPPUNIT_ASSERT_EQUAL(info("b"), lines[0] + "\n");
        CPPUNIT_ASSERT(contains(lines[1], "\"message\":\"c\"}"));
    }

    void whenTheNewFileFailsTheOldOneGoesOn() {  // OPT-211
        TempFolder folder;
        const LogSettings settings = fileSettings(folder.file("log"));
        Logger log(settings, "gnatsd");
        CPPUNIT_ASSERT_THROW(log.reconfigure(fileSettings(folder.file("no/log"))), HostError);
        log.write(Level::info, "a");
        log.reconfigure(settings);
        log.write(Level::info, "b");
        CPPUNIT_ASSERT(log.flush());

        CPPUNIT_ASSERT_EQUAL(info("a") + info("b"), readFile(settings.file));
    }

    void aStuckLogHandsItsLinesOver() {
        constexpr int kLines = 3000;
        TempFolder folder;
        const std::string stuck = folder.file("pipe");
        CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(stuck.c_str(), 0600));
        Logger log(fileSettings(stuck), "gnatsd");
        for (int line = 0; line < kLines; ++line) {
            log.write(Level::info, std::to_string(line) + std::string(100, 'x'));
        }

        const LogSettings settings = fileSettings(folder.file("log"));
        log.reconfigure(settings);
        CPPUNIT_ASSERT(log.flush());

        const std::vector<std::string> lines = linesOfFile(settings.file);
        CPPUNIT_ASSERT(!lines.empty());
        // What the pipe holds is all that is not here.
        CPPUNIT_ASSERT(lines.size() > kLines - 65536 / 100);
        int next = kLines - static_cast<int>(lines.size());
        for (const std::string& line : lines) {
            CPPUNIT_ASSERT_EQUAL(info(std::to_string(next++) + std::string(100, 'x')), line + "\n");
        }
    }

    void changesUnderLoadLoseNothing() {  // OPT-211, LOG-31
        constexpr int kThreads = 4;
        constexpr int kLines = 20'000;
        TempFolder folder;
        LogSettings settings = fileSettings(folder.file("0"));
        settings.sizeLimit = 500'000;
        {
            Logger log(host::LogSettings(settings), "gnatsd");
            std::atomic<int> running{kThreads};
            std::vector<std::thread> writers;
            writers.reserve(kThreads);
            for (int thread = 0; thread < kThreads; ++thread) {
                writers.emplace_back([&, thread] {
                    for (int line = 0; line < kLines; ++line) {
                        const std::string number = std::to_string(line);
                        log.write(Level::info,
                                  std::string(1, static_cast<char>('a' + thread)) + " " + number);
                        if (line % 100 == 0) {
                            std::this_thread::yield();
                        }
                    }
                    --running;
                });
            }
            for (int round = 0; running > 0; ++round) {
                settings.file = folder.file(std::to_string(round % 3));
                log.reconfigure(settings);
                log.reopen();
            }
            for (std::thread& writer : writers) {
                writer.join();
            }
            CPPUNIT_ASSERT(log.flush());
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, log.lost());
        }

        std::map<std::string, int> seen;
        for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
            for (const std::string& line : linesOfFile(file.path().string())) {
                const std::string text = line.substr(std::min(line.size(), info("").size() - 1));
                if (!text.starts_with("File log re-opened") && !text.starts_with("Rotat")) {
                    ++seen[text];
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{kThreads * kLines}, seen.size());
        for (const auto& [text, count] : seen) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, 1, count);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogSwitchTest);

}  // namespace gnatsd::tests
