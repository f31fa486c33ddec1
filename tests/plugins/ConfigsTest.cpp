// Every sample of the folder configs is valid, starts a server and serves a client.

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/Program.h"
#include "tests/plugins/daemon/RunningServer.h"
#include "tests/support/TlsFiles.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace {

const std::vector<std::string> kVariables{"ANN_PASSWORD=from-the-environment"};

std::vector<std::string> samples() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(GNATSD_CONFIGS)) {
        if (entry.path().extension() == ".conf") {
            found.push_back(entry.path().string());
        }
    }
    return found;
}

std::string portsFile(const TempFolder& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        if (entry.path().extension() == ".ports") {
            return readFile(entry.path().string());
        }
    }
    return {};
}

/// The port of {"nats":["nats://127.0.0.1:PORT"]}; 0 until the file is there.
std::uint16_t portOf(const TempFolder& folder) {
    const std::string text = portsFile(folder);
    std::smatch match;
    const bool found = std::regex_search(text, match, std::regex(R"re(127\.0\.0\.1:(\d+)")re"));
    return found ? static_cast<std::uint16_t>(std::stoi(match[1])) : std::uint16_t{0};
}

/// As the samples name it.
void makeCertificate(const TempFolder& folder) {
    const TlsFiles files;
    std::filesystem::copy_file(files.pem("server"), folder.file("server.pem"));
    std::filesystem::copy_file(files.key("server"), folder.file("server.key"));
}

/// The sample, or, where it has ports that the command line cannot change, another with any ports.
std::string onFreePorts(const std::string& sample, const TempFolder& folder) {
    const std::string text = readFile(sample);
    if (text.find("listeners:") == std::string::npos) {
        return sample;
    }
    const std::string copy = folder.file("sample.conf");
    writeFile(copy, std::regex_replace(text, std::regex(R"(:\d{4}")"), ":-1\""));
    return copy;
}

}  // namespace

class ConfigsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigsTest);
    CPPUNIT_TEST(everySampleIsValid);
    CPPUNIT_TEST(everySampleServes);
    CPPUNIT_TEST(hashOfTheSampleFitsItsPassword);
    CPPUNIT_TEST_SUITE_END();

    // OPT-190
    void everySampleIsValid() {
        const TempFolder folder;
        makeCertificate(folder);
        CPPUNIT_ASSERT(samples().size() >= 10);
        for (const std::string& sample : samples()) {
            Program program({"-C", folder.path().string(), GNATSD_PROGRAM, "-t", "-c", sample,
                             "--plugin_dir", GNATSD_TEST_MODULES},
                            kVariables, "/usr/bin/env");
            const int status = program.finish();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(program.errors(), 0, status);
            CPPUNIT_ASSERT_EQUAL("gnatsd: configuration file " + sample + " is valid\n",
                                 program.errors());
        }
    }

    void everySampleServes() {
        for (const std::string& sample : samples()) {
            const TempFolder folder;  // what a sample names without a path is there
            makeCertificate(folder);
            Program program(
                {"-C", folder.path().string(), GNATSD_PROGRAM, "-c", onFreePorts(sample, folder),
                 "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", folder.path().string(),
                 "--plugin_dir", GNATSD_TEST_MODULES},
                kVariables, "/usr/bin/env");
            CPPUNIT_ASSERT_MESSAGE(sample + "\n" + program.errors(),
                                   waitFor([&folder] { return portOf(folder) != 0; }));
            const Client client(portOf(folder));
            CPPUNIT_ASSERT(client.greeting().starts_with("INFO {"));
            program.signal(SIGTERM);
            assertEnds(program, 0);
        }
    }

    // AU-100: the comment in the sample is true.
    void hashOfTheSampleFitsItsPassword() {
        const TempFolder folder;
        Program program({"-c", GNATSD_CONFIGS "/bcrypt.conf", "-a", "127.0.0.1", "-p", "-1"});
        waitUntilReady(program);
        Client right(portIn(program.errors()));
        CPPUNIT_ASSERT_EQUAL(
            std::string("PONG\r\n"),
            right.say(R"(CONNECT {"verbose":false,"user":"derek","pass":"correct horse"})"));
        Client wrong(portIn(program.errors()));
        CPPUNIT_ASSERT_EQUAL(
            std::string("-ERR 'Authorization Violation'\r\n"),
            wrong.say(R"(CONNECT {"verbose":false,"user":"derek","pass":"wrong horse"})"));
        program.signal(SIGTERM);
        assertEnds(program, 0);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigsTest);

}  // namespace gnatsd::tests
