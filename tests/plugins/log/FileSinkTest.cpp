// Log files: how they are opened, rotated and thinned out.

#include "plugins/host/HostError.h"
#include "plugins/host/log/LogFile.h"
#include "tests/plugins/log/LogFixture.h"

#include <Poco/Environment.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <filesystem>
#include <regex>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace gnatsd::tests {

using host::findBackups;
using host::HostError;
using host::Logger;
using host::LogSettings;
using kernel::Level;

class FileSinkTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FileSinkTest);
    CPPUNIT_TEST(linesAreAppended);
    CPPUNIT_TEST(aNewFileIsNotForEverybody);
    CPPUNIT_TEST(aFileThatCannotBeOpenedIsAnError);
    CPPUNIT_TEST(aFileAboveTheLimitIsRotated);
    CPPUNIT_TEST(aBackupHasTheTimeInItsName);
    CPPUNIT_TEST(namesOfBackupsAreNeverTaken);
    CPPUNIT_TEST(rotationLosesNothing);
    CPPUNIT_TEST(aFileTooLargeAtTheStartIsRotatedAtOnce);
    CPPUNIT_TEST(onlyTheNewestBackupsStay);
    CPPUNIT_TEST(whenRotationFailsTheLimitDoubles);
    CPPUNIT_TEST(aFileThatWasRotatedByOthersIsNotRenamed);
    CPPUNIT_TEST(aDeviceIsNotRotated);
    CPPUNIT_TEST_SUITE_END();

    static void log(const LogSettings& settings, const std::vector<std::string>& lines) {
        Logger log(settings, "gnatsd");
        for (const std::string& line : lines) {
            log.write(Level::info, line);
        }
    }

    static std::string info(const std::string& text) { return pidText() + "[INF] " + text; }

    void linesAreAppended() {  // LOG-20, OPT-32
        TempFolder folder;
        const LogSettings settings = fileSettings(folder.file("log"));
        writeFile(settings.file, "old\n");

        log(settings, {"a"});
        log(settings, {"b"});

        CPPUNIT_ASSERT_EQUAL("old\n" + info("a") + "\n" + info("b") + "\n",
                             readFile(settings.file));
    }

    void aNewFileIsNotForEverybody() {  // LOG-20
        TempFolder folder;
        const LogSettings settings = fileSettings(folder.file("log"));

        const mode_t mask = ::umask(0);
        log(settings, {"a"});
        ::umask(mask);

        struct stat status = {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat(settings.file.c_str(), &status));
        CPPUNIT_ASSERT_EQUAL(mode_t{0640}, mode_t{status.st_mode & 07777U});
    }

    void aFileThatCannotBeOpenedIsAnError() {  // LOG-20, CLI-70
        TempFolder folder;
        const std::string missing = folder.file("no/log");
        const std::pair<std::string, std::string> cases[] = {
            {missing, "no such file or directory"}, {folder.path().string(), "is a directory"}};
        for (const auto& [path, reason] : cases) {
            try {
                log(fileSettings(path), {});
                CPPUNIT_FAIL(path);
            } catch (const HostError& error) {
                const std::string start = "error opening file: open " + path;
                CPPUNIT_ASSERT_EQUAL(start + ": " + reason, error.message());
            }
        }
    }

    void aFileAboveTheLimitIsRotated() {  // LOG-30, OPT-150
        TempFolder folder;
        LogSettings settings = fileSettings(folder.file("log"));
        const std::string text(300, 'x');
        settings.sizeLimit = static_cast<std::int64_t>(2 * (info(text).size() + 1));

        log(settings, {text, text});
        CPPUNIT_ASSERT(findBackups(settings.file).empty());
        log(settings, {"c", "d"});

        const std::vector<std::string> backups = findBackups(settings.file);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, backups.size());
        CPPUNIT_ASSERT_EQUAL(info(text) + "\n" + info(text) + "\n" + info("c") + "\n",
                             readFile(backups[0]));
        CPPUNIT_ASSERT_EQUAL(
            info("Rotated log, backup saved as \"" + backups[0] + "\"\n") + info("d\n"),
            readFile(settings.file));
    }

    void aBackupHasTheTimeInItsName() {  // LOG-30
        const std::string zone = Poco::Environment::get("TZ", "");
        Poco::Environment::set("TZ", "XYZ-02:00");
        ::tzset();
        const host::LogTime time(std::chrono::nanoseconds(1461676880000379640));
        const std::string name = host::backupName("/nowhere/log", time);
        Poco::Environment::set("TZ", zone);
        ::tzset();

        CPPUNIT_ASSERT_EQUAL(std::string("/nowhere/log.2016.04.26.15.21.20.000379640"), name);
    }

    void namesOfBackupsAreNeverTaken() {
        TempFolder folder;
        const host::LogTime now = host::LogTime::clock::now();
        const std::string first = host::backupName(folder.file("log"), now);
        writeFile(first, "taken");

        CPPUNIT_ASSERT(host::backupName(folder.file("log"), now) > first);
    }

    void rotationLosesNothing() {  // LOG-21, LOG-30
        constexpr int kLines = 2000;
        TempFolder folder;
        LogSettings settings = fileSettings(folder.file("log"));
        settings.sizeLimit = 10'000;
        std::vector<std::string> expected;
        expected.reserve(kLines);
        for (int i = 0; i < kLines; ++i) {
            expected.push_back("line " + std::to_string(i));
        }

        log(settings, expected);

        std::vector<std::string> files = findBackups(settings.file);
        CPPUNIT_ASSERT(files.size() > 3);
        files.push_back(settings.file);
        std::size_t next = 0;
        for (const std::string& file : files) {
            CPPUNIT_ASSERT(std::filesystem::file_size(file) < 10'300);
            for (const std::string& line : linesOfFile(file)) {
                if (!contains(line, "[INF] Rotated log, ")) {
                    CPPUNIT_ASSERT_EQUAL(info(expected.at(next++)), line);
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL(expected.size(), next);
    }

    void aFileTooLargeAtTheStartIsRotatedAtOnce() {  // LOG-30
        TempFolder folder;
        LogSettings settings = fileSettings(folder.file("log"));
        settings.sizeLimit = 400;
        writeFile(settings.file, std::string(500, 'x') + "\n");

        log(settings, {"a"});

        const std::vector<std::string> backups = findBackups(settings.file);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, backups.size());
        CPPUNIT_ASSERT_EQUAL(info("Rotating logfile..."), linesOfFile(backups[0]).back());
        const std::vector<std::string> lines = linesOfFile(settings.file);
        CPPUNIT_ASSERT(contains(lines.front(), "[INF] Rotated log, backup saved as "));
    }

    void onlyTheNewestBackupsStay() {  // OPT-151
        TempFolder folder;
        LogSettings settings = fileSettings(folder.file("log"));
        settings.sizeLimit = 10;
        settings.maxFiles = 2;
        const std::string oldest = settings.file + ".2016.04.26.13.21.20.000000001";
        const std::vector<std::string> others = {
            settings.file + ".2016.04.26.13.21.20.00000001", settings.file + ".gz",
            settings.file + "2.2016.04.26.13.21.20.000000001",
            folder.file("other.2016.04.26.13.21.20.000000001")};
        writeFile(oldest, "");
        for (const std::string& other : others) {
            writeFile(other, "");
        }

        log(settings, {"a", "b", "c", "d"});

        const std::vector<std::string> backups = findBackups(settings.file);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, backups.size());
        CPPUNIT_ASSERT(contains(readFile(backups[1]), "[INF] d\n"));
        CPPUNIT_ASSERT(!std::filesystem::exists(oldest));
        for (const std::string& other : others) {
            CPPUNIT_ASSERT_MESSAGE(other, std::filesystem::exists(other));
        }
        CPPUNIT_ASSERT(contains(readFile(settings.file), "[INF] Purged log file \""));
    }

    void whenRotationFailsTheLimitDoubles() {  // LOG-30
        TempFolder folder;
        // The backup's name is longer than a name may be.
        LogSettings settings = fileSettings(folder.file(std::string(240, 'n')));
        settings.sizeLimit = 200;

        log(settings, std::vector<std::string>(30, std::string(20, 'x')));

        std::vector<std::string> errors;
        const std::regex form(R"(.*\[ERR\] Unable to close logfile for rotation \(rename .*: )"
                              R"(file name too long\), will attempt next rotation at size (\d+))");
        std::size_t lines = 0;
        for (const std::string& line : linesOfFile(settings.file)) {
            std::smatch found;
            if (std::regex_match(line, found, form)) {
                errors.push_back(found[1]);
            } else {
                ++lines;
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{30}, lines);
        CPPUNIT_ASSERT(errors.size() >= 2);
        CPPUNIT_ASSERT_EQUAL(std::string("400"), errors[0]);
        CPPUNIT_ASSERT_EQUAL(std::string("800"), errors[1]);
    }

    void aFileThatWasRotatedByOthersIsNotRenamed() {
        TempFolder folder;
        LogSettings settings = fileSettings(folder.file("log"));
        settings.sizeLimit = 60;
        Logger log(settings, "gnatsd");
        log.write(Level::info, "a");
        CPPUNIT_ASSERT(log.flush());
        std::filesystem::rename(settings.file, folder.file("log.1"));
        writeFile(settings.file, "");

        log.write(Level::info, std::string(60, 'b'));
        log.write(Level::info, "c");
        CPPUNIT_ASSERT(log.flush());

        CPPUNIT_ASSERT(findBackups(settings.file).empty());
        CPPUNIT_ASSERT_EQUAL(info("a\n") + info(std::string(60, 'b')) + "\n",
                             readFile(folder.file("log.1")));
        CPPUNIT_ASSERT_EQUAL(info("File log re-opened\n") + info("c\n"), readFile(settings.file));
    }

    void aDeviceIsNotRotated() {
        LogSettings settings = fileSettings("/dev/null");
        settings.sizeLimit = 10;

        log(settings, {"a", "b"});

        CPPUNIT_ASSERT(findBackups(settings.file).empty());
        CPPUNIT_ASSERT(std::filesystem::is_character_file("/dev/null"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FileSinkTest);

}  // namespace gnatsd::tests
