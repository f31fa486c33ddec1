#include "plugins/host/LogChannel.h"
#include "plugins/host/Logger.h"

#include <Poco/AutoPtr.h>
#include <Poco/Message.h>
#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <chrono>
#include <fcntl.h>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace gnatsd;
using host::Logger;
using kernel::Level;
using namespace std::string_view_literals;

namespace {

/// A pipe whose writing end is the log's output.
class Pipe {
public:
    Pipe() { CPPUNIT_ASSERT_EQUAL(0, ::pipe2(ends_.data(), O_CLOEXEC)); }
    ~Pipe() {
        closeWriter();
        closeReader();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    Logger::Settings settings() const {
        Logger::Settings settings;
        settings.output = ends_[1];
        return settings;
    }

    void closeWriter() { closeEnd(1); }
    void closeReader() { closeEnd(0); }

    /// All that was written; closes the writing end.
    std::string readAll() {
        closeWriter();
        return readToEnd();
    }

    /// Reads until someone closes the writing end.
    std::string readToEnd() const {
        std::string text;
        std::array<char, 65536> buffer{};
        ssize_t count = 0;
        while ((count = ::read(ends_[0], buffer.data(), buffer.size())) > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return text;
    }

    /// Bytes from one read.
    std::size_t readSome() {
        std::array<char, 65536> buffer{};
        const ssize_t count = ::read(ends_[0], buffer.data(), buffer.size());
        return count > 0 ? static_cast<std::size_t>(count) : 0;
    }

private:
    void closeEnd(std::size_t end) {
        if (ends_[end] >= 0) {
            ::close(ends_[end]);
            ends_[end] = -1;
        }
    }

    std::array<int, 2> ends_{-1, -1};
};

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string pid() {
    return "[" + std::to_string(::getpid()) + "] ";
}

}  // namespace

class LoggerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LoggerTest);
    CPPUNIT_TEST(aLineHasPidTimeLevelAndText);
    CPPUNIT_TEST(withoutLogtimeTheTimeIsLeftOut);
    CPPUNIT_TEST(debugAndTraceAreIndependent);
    CPPUNIT_TEST(onlyTheLevelIsColoured);
    CPPUNIT_TEST(controlCharactersCannotForgeALine);
    CPPUNIT_TEST(linesOfManyThreadsDoNotMix);
    CPPUNIT_TEST(aStuckOutputLosesLinesAndSaysHowMany);
    CPPUNIT_TEST(aStuckOutputDoesNotHoldUpTheEnd);
    CPPUNIT_TEST(aClosedOutputIsNotFatal);
    CPPUNIT_TEST(aFatalLineIsWrittenWhenWriteReturns);
    CPPUNIT_TEST(pocoMessagesEndInTheLog);
    CPPUNIT_TEST_SUITE_END();

    void aLineHasPidTimeLevelAndText() {
        Pipe pipe;
        { Logger(pipe.settings()).write(Level::info, "Server is ready"); }

        const std::regex form(
            R"(\[\d+\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} \[INF\] Server is ready\n)");
        const std::string text = pipe.readAll();
        CPPUNIT_ASSERT_MESSAGE(text, std::regex_match(text, form));
        CPPUNIT_ASSERT_EQUAL(pid(), text.substr(0, pid().size()));
    }

    void withoutLogtimeTheTimeIsLeftOut() {
        Pipe pipe;
        {
            Logger::Settings settings = pipe.settings();
            settings.logtime = false;
            Logger log(settings);
            log.write(Level::fatal, "f");
            log.write(Level::error, "e\n");
            log.write(Level::warning, "w");
        }

        CPPUNIT_ASSERT_EQUAL(pid() + "[FTL] f\n" + pid() + "[ERR] e\n" + pid() + "[WRN] w\n",
                             pipe.readAll());
    }

    void debugAndTraceAreIndependent() {
        Pipe pipe;
        {
            Logger::Settings settings = pipe.settings();
            settings.logtime = false;
            Logger log(settings);
            log.write(Level::debug, "off");
            log.write(Level::trace, "off");
            log.setTrace(true);
            log.write(Level::debug, "off");
            log.write(Level::trace, "on");
            log.setTrace(false);
            log.setDebug(true);
            log.write(Level::debug, "on");
            log.write(Level::trace, "off");
        }

        CPPUNIT_ASSERT_EQUAL(pid() + "[TRC] on\n" + pid() + "[DBG] on\n", pipe.readAll());
    }

    void onlyTheLevelIsColoured() {
        Pipe pipe;
        {
            Logger::Settings settings = pipe.settings();
            settings.logtime = false;
            settings.colours = true;
            Logger log(settings);
            log.write(Level::info, "i");
            log.write(Level::warning, "w");
        }

        CPPUNIT_ASSERT_EQUAL(
            pid() + "[\x1b[32mINF\x1b[0m] i\n" + pid() + "[\x1b[0;93mWRN\x1b[0m] w\n",
            pipe.readAll());
    }

    void controlCharactersCannotForgeALine() {
        Pipe pipe;
        {
            Logger::Settings settings = pipe.settings();
            settings.logtime = false;
            Logger(settings).write(Level::info, "a\n[1] [INF] b\r\t\0\x1b[0m\x7f"sv);
        }

        CPPUNIT_ASSERT_EQUAL(pid() + "[INF] a\\n[1] [INF] b\\r\\t\\x00\\x1b[0m\\x7f\n",
                             pipe.readAll());
    }

    void linesOfManyThreadsDoNotMix() {
        constexpr int kThreads = 4;
        constexpr int kLines = 500;
        Pipe pipe;
        std::string text;
        std::thread reader([&] { text = pipe.readToEnd(); });
        {
            Logger log(pipe.settings());
            std::vector<std::thread> writers;
            for (int thread = 0; thread < kThreads; ++thread) {
                writers.emplace_back([&log, thread] {
                    for (int line = 0; line < kLines; ++line) {
                        log.write(Level::info, std::string(50, static_cast<char>('a' + thread)) +
                                                   std::to_string(line));
                    }
                });
            }
            for (std::thread& writer : writers) {
                writer.join();
            }
        }
        pipe.closeWriter();
        reader.join();

        std::array<int, kThreads> next{};
        std::string before;
        for (const std::string& line : linesOf(text)) {
            const std::size_t at = line.find("[INF] ") + 6;
            const auto thread = static_cast<std::size_t>(line[at] - 'a');
            CPPUNIT_ASSERT_MESSAGE(line, thread < kThreads);
            CPPUNIT_ASSERT_EQUAL(std::string(50, line[at]) + std::to_string(next[thread]++),
                                 line.substr(at));
            const std::string time = line.substr(pid().size(), 26);
            CPPUNIT_ASSERT_MESSAGE(line, before <= time);
            before = time;
        }
        for (const int count : next) {
            CPPUNIT_ASSERT_EQUAL(kLines, count);
        }
    }

    void aStuckOutputLosesLinesAndSaysHowMany() {
        constexpr int kLines = 5000;
        Pipe pipe;
        Logger::Settings settings = pipe.settings();
        settings.capacity = 64 * 1024;
        auto log = std::make_unique<Logger>(settings);

        const auto start = std::chrono::steady_clock::now();
        for (int line = 0; line < kLines; ++line) {
            log->write(Level::info, std::string(100, 'x'));
        }
        const auto took = std::chrono::steady_clock::now() - start;
        std::string text;
        std::thread reader([&] { text = pipe.readToEnd(); });
        log->flush();
        log.reset();
        pipe.closeWriter();
        reader.join();

        CPPUNIT_ASSERT(took < std::chrono::seconds(1));
        int written = 0;
        int lost = 0;
        for (const std::string& line : linesOf(text)) {
            std::smatch found;
            if (std::regex_search(line, found,
                                  std::regex(R"(\[WRN\] (\d+) log lines were lost)"))) {
                lost += std::stoi(found[1]);
            } else {
                ++written;
            }
        }
        CPPUNIT_ASSERT(lost > 0);
        CPPUNIT_ASSERT_EQUAL(kLines, written + lost);
    }

    void aStuckOutputDoesNotHoldUpTheEnd() {
        Pipe pipe;
        const auto start = std::chrono::steady_clock::now();
        {
            Logger log(pipe.settings());
            for (int line = 0; line < 2000; ++line) {
                log.write(Level::info, std::string(100, 'x'));
            }
            log.write(Level::info, std::string(200'000, 'y'));
        }

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - start <
                       Logger::kPatience + std::chrono::seconds(3));
    }

    void aClosedOutputIsNotFatal() {
        Pipe pipe;
        pipe.closeReader();
        Logger log(pipe.settings());

        log.write(Level::info, "into the void");
        log.flush();
    }

    void aFatalLineIsWrittenWhenWriteReturns() {
        Pipe pipe;
        Logger log(pipe.settings());

        log.write(Level::fatal, "the end");

        CPPUNIT_ASSERT(pipe.readSome() > 0);
    }

    void pocoMessagesEndInTheLog() {
        Pipe pipe;
        {
            Logger::Settings settings = pipe.settings();
            settings.logtime = false;
            Logger log(settings);
            Poco::AutoPtr<host::LogChannel> channel(new host::LogChannel(log));
            channel->log(Poco::Message("allowlist", "one", Poco::Message::PRIO_NOTICE));
            channel->log(Poco::Message("allowlist", "two", Poco::Message::PRIO_FATAL));
            channel->log(Poco::Message("", "three", Poco::Message::PRIO_WARNING));
            channel->log(Poco::Message("x", "off", Poco::Message::PRIO_DEBUG));
        }

        CPPUNIT_ASSERT_EQUAL(pid() + "[INF] allowlist: one\n" + pid() + "[ERR] allowlist: two\n" +
                                 pid() + "[WRN] three\n",
                             pipe.readAll());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoggerTest);
