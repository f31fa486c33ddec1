// The queue of the log, on a pipe: order, loss, the end.

#include "plugins/host/log/LogChannel.h"
#include "tests/plugins/log/LogFixture.h"

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

namespace gnatsd::tests {

using host::Logger;
using kernel::Level;
using namespace std::string_view_literals;

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
        { Logger(pipeSink(pipe, false, true)).write(Level::info, "Server is ready"); }

        const std::regex form(
            R"(\[\d+\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} \[INF\] Server is ready\n)");
        const std::string text = pipe.readAll();
        CPPUNIT_ASSERT_MESSAGE(text, std::regex_match(text, form));
        CPPUNIT_ASSERT_EQUAL(pidText(), text.substr(0, pidText().size()));
    }

    void withoutLogtimeTheTimeIsLeftOut() {
        Pipe pipe;
        {
            Logger log(pipeSink(pipe));
            log.write(Level::fatal, "f");
            log.write(Level::error, "e\n");
            log.write(Level::warning, "w");
        }

        CPPUNIT_ASSERT_EQUAL(
            pidText() + "[FTL] f\n" + pidText() + "[ERR] e\n" + pidText() + "[WRN] w\n",
            pipe.readAll());
    }

    void debugAndTraceAreIndependent() {
        Pipe pipe;
        {
            Logger log(pipeSink(pipe));
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

        CPPUNIT_ASSERT_EQUAL(pidText() + "[TRC] on\n" + pidText() + "[DBG] on\n", pipe.readAll());
    }

    void onlyTheLevelIsColoured() {
        Pipe pipe;
        {
            Logger log(pipeSink(pipe, true));
            log.write(Level::info, "i");
            log.write(Level::warning, "w");
        }

        CPPUNIT_ASSERT_EQUAL(
            pidText() + "[\x1b[32mINF\x1b[0m] i\n" + pidText() + "[\x1b[0;93mWRN\x1b[0m] w\n",
            pipe.readAll());
    }

    void controlCharactersCannotForgeALine() {
        Pipe pipe;
        { Logger(pipeSink(pipe)).write(Level::info, "a\n[1] [INF] b\r\t\0\x1b[0m\x7f"sv); }

        CPPUNIT_ASSERT_EQUAL(pidText() + "[INF] a\\n[1] [INF] b\\r\\t\\x00\\x1b[0m\\x7f\n",
                             pipe.readAll());
    }

    void linesOfManyThreadsDoNotMix() {
        constexpr int kThreads = 4;
        constexpr int kLines = 500;
        Pipe pipe;
        std::string text;
        std::thread reader([&] { text = pipe.readToEnd(); });
        {
            Logger log(pipeSink(pipe, false, true));
            std::vector<std::thread> writers;
            writers.reserve(kThreads);
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
            const std::string time = line.substr(pidText().size(), 26);
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
        auto log = std::make_unique<Logger>(pipeSink(pipe), 64 * 1024);

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
            Logger log(pipeSink(pipe));
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
        Logger log(pipeSink(pipe));

        log.write(Level::info, "into the void");
        log.flush();
    }

    void aFatalLineIsWrittenWhenWriteReturns() {
        Pipe pipe;
        Logger log(pipeSink(pipe));

        log.write(Level::fatal, "the end");

        CPPUNIT_ASSERT(pipe.readSome() > 0);
    }

    void pocoMessagesEndInTheLog() {
        Pipe pipe;
        {
            Logger log(pipeSink(pipe));
            Poco::AutoPtr<host::LogChannel> channel(new host::LogChannel(log));
            channel->log(Poco::Message("allowlist", "one", Poco::Message::PRIO_NOTICE));
            channel->log(Poco::Message("allowlist", "two", Poco::Message::PRIO_FATAL));
            channel->log(Poco::Message("", "three", Poco::Message::PRIO_WARNING));
            channel->log(Poco::Message("x", "off", Poco::Message::PRIO_DEBUG));
        }

        CPPUNIT_ASSERT_EQUAL(pidText() + "[INF] allowlist: one\n" + pidText() +
                                 "[ERR] allowlist: two\n" + pidText() + "[WRN] three\n",
                             pipe.readAll());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoggerTest);

}  // namespace gnatsd::tests
