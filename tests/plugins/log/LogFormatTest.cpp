// Lines as text and as JSON, from records with a known time.

#include "kernel/Utf8.h"
#include "plugins/host/log/JsonFormat.h"
#include "plugins/host/log/TextFormat.h"
#include "tests/plugins/log/LogFixture.h"

#include <Poco/Environment.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <cppunit/extensions/HelperMacros.h>

#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <unistd.h>

namespace gnatsd::tests {

using host::JsonFormat;
using host::LineFormat;
using host::LogRecord;
using host::LogTime;
using host::TextFormat;
using kernel::Level;
using namespace std::string_view_literals;

class LogFormatTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogFormatTest);
    CPPUNIT_TEST(aTextLineHasPidLocalTimeLevelAndText);
    CPPUNIT_TEST(timesCanBeInUtcOrLeftOut);
    CPPUNIT_TEST(everyLevelHasItsWord);
    CPPUNIT_TEST(onlyTheLettersOfTheLevelAreColoured);
    CPPUNIT_TEST(whatIsNotPrintableIsEscapedInText);
    CPPUNIT_TEST(aJsonLineHasTimeLevelPidAndMessage);
    CPPUNIT_TEST(jsonTimesCanBeInUtcOrLeftOut);
    CPPUNIT_TEST(identitiesBecomeMembers);
    CPPUNIT_TEST(whatOnlyLooksLikeAnIdentityStays);
    CPPUNIT_TEST(anyBytesAreOneValidJsonLine);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        zone_ = Poco::Environment::get("TZ", "");
        setZone("XYZ-02:00");
    }

    void tearDown() override { setZone(zone_); }

private:
    static void setZone(const std::string& zone) {
        Poco::Environment::set("TZ", zone);
        ::tzset();
    }

    /// 2016-04-26 13:21:20.379640 UTC
    static LogRecord record(std::string_view text, Level level = Level::info) {
        return {LogTime(std::chrono::microseconds(1461676880379640)), level, text};
    }

    static std::string lineOf(LineFormat&& format, const LogRecord& record) {
        std::string line;
        format.append(record, line);
        return line;
    }

    static std::string json(std::string_view text) {
        return lineOf(JsonFormat(false, false), record(text));
    }

    static std::string jsonStart() {
        return R"({"level":"info","pid":)" + std::to_string(::getpid());
    }

    void aTextLineHasPidLocalTimeLevelAndText() {  // LOG-1
        CPPUNIT_ASSERT_EQUAL(pidText() + "2016/04/26 15:21:20.379640 [INF] Server is ready\n",
                             lineOf(TextFormat(true, false, false), record("Server is ready")));
    }

    void timesCanBeInUtcOrLeftOut() {  // LOG-2, LOG-7, OPT-152
        CPPUNIT_ASSERT_EQUAL(pidText() + "2016/04/26 13:21:20.379640 [INF] x\n",
                             lineOf(TextFormat(true, true, false), record("x")));
        CPPUNIT_ASSERT_EQUAL(pidText() + "[INF] x\n",
                             lineOf(TextFormat(false, true, false), record("x")));
    }

    void everyLevelHasItsWord() {  // LOG-3
        std::string text;
        TextFormat format(false, false, false);
        for (const Level level : {Level::fatal, Level::error, Level::warning, Level::info,
                                  Level::debug, Level::trace}) {
            format.append(record("x", level), text);
        }

        std::string expected;
        for (const char* word : {"FTL", "ERR", "WRN", "INF", "DBG", "TRC"}) {
            expected += pidText() + "[" + word + "] x\n";
        }
        CPPUNIT_ASSERT_EQUAL(expected, text);
    }

    void onlyTheLettersOfTheLevelAreColoured() {  // LOG-5
        const struct {
            Level level;
            const char* word;
        } kCases[] = {
            {Level::info, "\x1b[32mINF\x1b[0m"},  {Level::debug, "\x1b[36mDBG\x1b[0m"},
            {Level::error, "\x1b[31mERR\x1b[0m"}, {Level::fatal, "\x1b[31mFTL\x1b[0m"},
            {Level::trace, "\x1b[33mTRC\x1b[0m"}, {Level::warning, "\x1b[0;93mWRN\x1b[0m"}};
        for (const auto& each : kCases) {
            CPPUNIT_ASSERT_EQUAL(pidText() + "[" + each.word + "] x\n",
                                 lineOf(TextFormat(false, false, true), record("x", each.level)));
        }
    }

    void whatIsNotPrintableIsEscapedInText() {  // LOG-6, LOG-10, LOG-52
        CPPUNIT_ASSERT_EQUAL(
            pidText() +
                "[INF] a\\n[1] [INF] b\\r\\t\\x00\\x1b[0m\\x7f \"q\" \\ \xc3\xa9 \\u009b \\xff\n",
            lineOf(TextFormat(false, false, false),
                   record("a\n[1] [INF] b\r\t\0\x1b[0m\x7f \"q\" \\ \xc3\xa9 \xc2\x9b \xff"sv)));
    }

    void aJsonLineHasTimeLevelPidAndMessage() {
        CPPUNIT_ASSERT_EQUAL(R"({"time":"2016-04-26T15:21:20.379640+02:00","level":"warn","pid":)" +
                                 std::to_string(::getpid()) + R"(,"message":"a \"b\""})" + "\n",
                             lineOf(JsonFormat(true, false), record("a \"b\"", Level::warning)));
    }

    void jsonTimesCanBeInUtcOrLeftOut() {  // OPT-152
        CPPUNIT_ASSERT_EQUAL(R"({"time":"2016-04-26T13:21:20.379640Z","level":"trace","pid":)" +
                                 std::to_string(::getpid()) + R"(,"message":"x"})" + "\n",
                             lineOf(JsonFormat(true, true), record("x", Level::trace)));
        CPPUNIT_ASSERT_EQUAL(jsonStart() + R"(,"message":"x"})" + "\n", json("x"));
    }

    void identitiesBecomeMembers() {  // LOG-8
        CPPUNIT_ASSERT_EQUAL(
            jsonStart() + R"(,"client":"127.0.0.1:55484","cid":6,"message":"<<- [PING]"})" + "\n",
            json("127.0.0.1:55484 - cid:6 - <<- [PING]"));
        CPPUNIT_ASSERT_EQUAL(
            jsonStart() + R"(,"client":"[::1]:63330","cid":12,"message":"\"v1:go\" - x"})" + "\n",
            json("[::1]:63330 - cid:12 - \"v1:go\" - x"));
        CPPUNIT_ASSERT_EQUAL(
            jsonStart() + R"(,"route":"127.0.0.1:4248","rid":1,"message":"Route created"})" + "\n",
            json("127.0.0.1:4248 - rid:1 - Route created"));
        CPPUNIT_ASSERT_EQUAL(
            jsonStart() + R"(,"client":"10.0.0.1/127.0.0.1:8","wid":3,"message":"y"})" + "\n",
            json("10.0.0.1/127.0.0.1:8 - wid:3 - y"));
    }

    void whatOnlyLooksLikeAnIdentityStays() {
        for (const char* text :
             {"Listening for client connections on 0.0.0.0:4222", "a - b", "a - cid: - b",
              "a - cid:1", "a - cid:x - b", "a - cid:01 - b", "a - cid:-1 - b", " - cid:1 - b",
              "a b - cid:1 - c", "a - sid:1 - b", "a - ", "a"}) {
            CPPUNIT_ASSERT_EQUAL(jsonStart() + ",\"message\":\"" + text + "\"}\n", json(text));
        }
    }

    void anyBytesAreOneValidJsonLine() {  // LOG-52
        std::mt19937 random(20161121);
        for (int round = 0; round < 3000; ++round) {
            std::string text;
            for (std::size_t i = random() % 40; i > 0; --i) {
                if (random() % 3 == 0) {
                    text += static_cast<char>(random() % 256);
                } else {
                    kernel::appendUtf8(text, static_cast<char32_t>(random() % 0x110000));
                }
            }
            const std::string line = json(text);
            std::string_view rest = line;
            while (!rest.empty()) {
                const kernel::CodePoint point = kernel::decodeUtf8(rest);
                const bool newline = point.value == '\n' && rest.size() == 1;
                CPPUNIT_ASSERT_MESSAGE(
                    line, point.valid && (newline || kernel::isPrintable(point.value)));
                rest.remove_prefix(point.size);
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(line, asUtf8(text), messageOf(line));
        }
    }

    /// `text` with what is not UTF-8 replaced.
    static std::string asUtf8(std::string_view text) {
        std::string valid;
        while (!text.empty()) {
            const kernel::CodePoint point = kernel::decodeUtf8(text);
            kernel::appendUtf8(valid, point.valid ? point.value : kernel::kReplacementChar);
            text.remove_prefix(point.size);
        }
        return valid;
    }

    static std::string messageOf(const std::string& line) {
        Poco::JSON::Parser parser;
        const auto object = parser.parse(line).extract<Poco::JSON::Object::Ptr>();
        return object->getValue<std::string>("message");
    }

    std::string zone_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogFormatTest);

}  // namespace gnatsd::tests
