// The log of the program as its options ask for it: what a user sees of each.

#include "tests/plugins/Program.h"
#include "tests/plugins/log/LogFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace gnatsd::tests {

class LogProgramTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogProgramTest);
    CPPUNIT_TEST(aLogFileTakesEverything);
    CPPUNIT_TEST(aLogFileThatCannotBeOpenedEndsTheStart);
    CPPUNIT_TEST(aSyslogThatCannotBeReachedEndsTheStart);
    CPPUNIT_TEST(jsonIsAnOption);
    CPPUNIT_TEST(utcIsAnOption);
    CPPUNIT_TEST(theLogFileIsRotatedBySize);
    CPPUNIT_TEST(usr1ReopensTheLogFile);
    CPPUNIT_TEST(usr1IsIgnoredWithoutLogFile);
    CPPUNIT_TEST(aFatalErrorIsInTheLogFile);
    CPPUNIT_TEST_SUITE_END();

    static std::vector<std::string> withPort(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"-a", "127.0.0.1", "-p", "-1"});
        return arguments;
    }

    /// Starts it, waits until its log file says that it is ready, and stops it.
    static void runWithFile(const std::vector<std::string>& arguments, const std::string& file) {
        Program program(withPort(arguments));
        CPPUNIT_ASSERT(waitFor([&] { return contains(readFile(file), "Server is ready"); }));
        program.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(program.errors(), 0, program.finish());
        CPPUNIT_ASSERT_EQUAL(std::string(), program.output() + program.errors());
    }

    void aLogFileTakesEverything() {  // OPT-32, OPT-50
        TempFolder folder;
        runWithFile({"-l", folder.file("log")}, folder.file("log"));

        const std::vector<std::string> lines = linesOfFile(folder.file("log"));
        const std::regex form(
            R"(\[\d+\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} \[INF\] Starting nats-server version .*)");
        CPPUNIT_ASSERT_MESSAGE(lines.front(), std::regex_match(lines.front(), form));
        CPPUNIT_ASSERT(lines.back().ends_with("[INF] Server Exiting.."));
    }

    void aLogFileThatCannotBeOpenedEndsTheStart() {  // LOG-20, CLI-70
        expectFailure({"-l", "/no/such/folder/log"},
                      "error opening file: open /no/such/folder/log: no such file or directory");
    }

    void aSyslogThatCannotBeReachedEndsTheStart() {  // CLI-71, CLI-72
        expectFailure({"-r", "http://127.0.0.1:1"}, "error invalid network type: \"http\"");
        expectFailure({"-r", "unix:///no/such/log"},
                      "error connecting to syslog: \"dial unix /no/such/log: connect: no such file "
                      "or directory\"");
    }

    static void expectFailure(const std::vector<std::string>& arguments, const std::string& text) {
        Program program(withPort(arguments));
        CPPUNIT_ASSERT_EQUAL(1, program.finish());
        const std::regex time(R"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )");
        const std::string line = program.errors();
        CPPUNIT_ASSERT_MESSAGE(
            line, std::regex_search(line, time, std::regex_constants::match_continuous));
        CPPUNIT_ASSERT_EQUAL(text + "\n", line.substr(20));
        CPPUNIT_ASSERT_EQUAL(std::string(), program.output());
    }

    void jsonIsAnOption() {
        TempFolder folder;
        writeFile(folder.file("conf"), "log_format: json\n");
        Program program(withPort({"-c", folder.file("conf")}));
        CPPUNIT_ASSERT(program.waitFor("\"message\":\"Server is ready\"}"));
        program.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(0, program.finish());

        const std::regex form(
            R"re(\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)",)re"
            R"re("level":"[a-z]+","pid":\d+,.*"message":".*"\})re");
        for (const std::string& line : linesOf(program.errors())) {
            CPPUNIT_ASSERT_MESSAGE(line, std::regex_match(line, form));
        }
    }

    void utcIsAnOption() {  // OPT-152
        TempFolder folder;
        writeFile(folder.file("conf"), "logtime_utc: true\nlog_file: '" + folder.file("log") + "'");
        writeFile(folder.file("local"), "log_file: '" + folder.file("log2") + "'");
        // A zone 13 hours away cannot show the same hour.
        for (const char* name : {"conf", "local"}) {
            Program program(withPort({"-c", folder.file(name)}), {"TZ=XYZ-13:00"});
            const std::string file = folder.file(name[0] == 'c' ? "log" : "log2");
            CPPUNIT_ASSERT(waitFor([&] { return contains(readFile(file), "Server is ready"); }));
            program.signal(SIGINT);
            CPPUNIT_ASSERT_EQUAL(0, program.finish());
        }

        const int utc = hourOf(linesOfFile(folder.file("log")).front());
        const int local = hourOf(linesOfFile(folder.file("log2")).front());
        CPPUNIT_ASSERT((local - utc + 24) % 24 == 13 || (local - utc + 24) % 24 == 14);
    }

    static int hourOf(const std::string& line) {
        std::smatch found;
        CPPUNIT_ASSERT(std::regex_search(line, found, std::regex(R"( (\d\d):\d\d:\d\d\.)")));
        return std::stoi(found[1]);
    }

    void theLogFileIsRotatedBySize() {  // OPT-150, OPT-151, LOG-30
        TempFolder folder;
        writeFile(folder.file("conf"), "logfile_size_limit: 50\nlogfile_max_num: 2\nlog_file: '" +
                                           folder.file("log") + "'\n");
        Program program(withPort({"-c", folder.file("conf")}));
        CPPUNIT_ASSERT(waitFor([&] { return contains(allOf(folder), "Server is ready"); }));
        program.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(0, program.finish());

        std::size_t backups = 0;
        const std::regex form(R"(log(\.\d\d){0}\.\d{4}(\.\d\d){5}\.\d{9})");
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            backups += std::regex_match(entry.path().filename().string(), form) ? 1 : 0;
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, backups);
    }

    static std::string allOf(const TempFolder& folder) {
        std::string text;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            text += readFile(entry.path().string());
        }
        return text;
    }

    void usr1ReopensTheLogFile() {  // LOG-31, CLI-83
        TempFolder folder;
        const std::string log = folder.file("log");
        Program program(withPort({"-l", log}));
        CPPUNIT_ASSERT(waitFor([&] { return contains(readFile(log), "Server is ready"); }));
        std::filesystem::rename(log, folder.file("log.1"));
        program.signal(SIGUSR1);
        CPPUNIT_ASSERT(waitFor([&] { return contains(readFile(log), "\n"); }));
        program.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(0, program.finish());

        const std::vector<std::string> lines = linesOfFile(log);
        CPPUNIT_ASSERT_MESSAGE(lines.front(), lines.front().ends_with("[INF] File log re-opened"));
        CPPUNIT_ASSERT(lines.back().ends_with("[INF] Server Exiting.."));
        CPPUNIT_ASSERT(!contains(readFile(folder.file("log.1")), "Server Exiting.."));
    }

    void usr1IsIgnoredWithoutLogFile() {  // LOG-31
        Program program(withPort({}));
        CPPUNIT_ASSERT(program.waitFor("Server is ready"));
        program.signal(SIGUSR1);
        CPPUNIT_ASSERT(program.waitFor("[INF] File log re-open ignored, not a file logger"));
        program.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(0, program.finish());
    }

    void aFatalErrorIsInTheLogFile() {  // LOG-3, CLI-65, CLI-76
        TempFolder folder;
        SyslogReceiver taken(SyslogReceiver::Kind::tcp);
        SyslogReceiver syslog(SyslogReceiver::Kind::udp);
        const std::vector<std::string> port = {"-a", "127.0.0.1", "-p",
                                               std::to_string(taken.port())};
        for (const std::vector<std::string>& target :
             {std::vector<std::string>{"-l", folder.file("log")}, {"-r", syslog.url()}}) {
            std::vector<std::string> arguments = target;
            arguments.insert(arguments.end(), port.begin(), port.end());
            Program program(arguments);
            CPPUNIT_ASSERT_EQUAL(1, program.finish());
        }

        CPPUNIT_ASSERT(contains(readFile(folder.file("log")), "[FTL] Error listening on port: "));
        std::string line;
        do {
            const std::vector<std::string> lines = syslog.receive(1);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lines.size());
            line = lines[0];
        } while (!contains(line, "Error listening on port: "));
        CPPUNIT_ASSERT_MESSAGE(line, line.starts_with("<2>"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogProgramTest);

}  // namespace gnatsd::tests
