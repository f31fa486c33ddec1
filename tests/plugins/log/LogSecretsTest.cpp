// Whatever a CONNECT has in it, none of its secrets is in any log of the program (LOG-50, LOG-51).

#include "tests/plugins/Program.h"
#include "tests/plugins/log/LogFixture.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/String.h>
#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace gnatsd::tests {

namespace {

const std::string kSecret = "s3cret";

/// CONNECT arguments: NAME stands for the name of a secret, as it is, in capitals (UPPER) or with
/// its second letter as JSON may escape it (ESCAPED).
constexpr const char* kForms[] = {
    R"({"NAME":"s3cret"})",
    "{ \t\"NAME\" \t: \t\"s3cret\" , \"user\" : \"u\" }",
    R"({"NAME":"x","NAME":"s3cret","NAME":"y"})",
    R"({"UPPER":"s3cret"})",
    R"({"ESCAPED":"s3cret"})",
    R"({"NAME":"a\",s3cret"})",
    R"({"NAME":"a\\\"s3cret","lang":"go"})",
    R"({"NAME":"\u0022s3cret"})",
    R"({"NAME":["x",{"y":"s3cret"}]})",
    R"({"NAME":{"a":"s3cret"}})",
    R"({"a":[{"NAME":"s3cret"}]})",
    R"({"NAME":s3cret})",
    R"({"NAME":"s3cret")",
    R"({"NAME":"s3cret)",
    R"({"NAME" "s3cret"})",
    R"({"NAME"="s3cret"})",
    R"({'NAME':'s3cret'})",
    R"({"user":"u","NAME":"s3cret",,"verbose":})",
    R"({"user":"b"o","NAME":"s3cret"})",
    R"({"NAME":"s3cret"}{"NAME":"s3cret"})",
    R"(["NAME":"s3cret"])",
    "{\"NAME\":\"\x01s3cret\"}",
    "{\"NAME\":\"\xffs3cret\"}",
    R"(NAME:s3cret)",
    R"(NAME s3cret)",
};

std::string upper(std::string name) {
    for (char& c : name) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

std::string escaped(const std::string& name) {
    constexpr std::string_view kDigits = "0123456789aBcDeF";
    const auto letter = static_cast<unsigned char>(name[1]);
    std::string text = name.substr(0, 1) + "\\u00";
    text += kDigits[letter >> 4U];
    text += kDigits[letter & 0xfU];
    return text + name.substr(2);
}

std::vector<std::string> secretArguments() {
    std::vector<std::string> all;
    for (const char* name : {"pass", "password", "auth_token", "jwt", "nkey", "sig"}) {
        for (const char* form : kForms) {
            std::string text = Poco::replace(std::string(form), "NAME", name);
            Poco::replaceInPlace(text, std::string("UPPER"), upper(name));
            Poco::replaceInPlace(text, std::string("ESCAPED"), escaped(name));
            all.push_back(std::move(text));
        }
    }
    return all;
}

void converse(std::uint16_t port, const std::string& lines) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
    socket.setReceiveTimeout(Poco::Timespan(10, 0));
    try {
        socket.sendBytes(lines.data(), static_cast<int>(lines.size()));
        socket.shutdownSend();
        char buffer[4096];
        while (socket.receiveBytes(buffer, sizeof buffer) > 0) {
        }
    } catch (const Poco::Exception&) {
        return;  // the server may cut it as soon as it has seen enough
    }
}

void tellSecrets(std::uint16_t port) {
    const std::string json = "{\"pass\":\"" + kSecret + "\"}";
    std::vector<std::string> inputs;
    for (const std::string& arguments : secretArguments()) {
        inputs.push_back("CONNECT " + arguments + "\r\nPING\r\n");
    }
    for (const std::string& line :
         {"connect " + json, "CONNECT\t" + json, "CONNECT" + json, "CONNEKT " + json, json,
          " CONNECT " + json, "PUB a 1\r\nxCONNECT " + json,
          "CONNECT {\"pass\":\"" + kSecret + std::string(5000, 'x') + "\"}",
          "CONNECT {\"user\":\"" + std::string(5000, 'x') + "\",\"pass\":\"" + kSecret + "\"}"}) {
        inputs.push_back(line + "\r\n");
    }
    inputs.push_back("CONNECT {\"pass\":\"" + kSecret);
    for (const std::string& input : inputs) {
        converse(port, input);
    }
}

std::uint16_t portOf(const std::filesystem::path& folder) {
    std::uint16_t port = 0;
    waitFor([&] {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const std::string text = readFile(entry.path().string());
            if (const auto colon = text.rfind(':'); colon != std::string::npos) {
                port = static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)));
            }
        }
        return port != 0;
    });
    return port;
}

/// Runs the program so that its log is as `arguments` say, tells it the secrets, and answers what
/// it wrote to its own outputs.
std::string runWith(std::vector<std::string> arguments) {
    TempFolder ports;
    arguments.insert(arguments.end(), {"-DV", "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir",
                                       ports.path().string()});
    Program program(arguments);
    // Its log is on a pipe of limited size, which somebody has to empty.
    std::thread reader([&] { program.waitFor("Server Exiting.."); });
    const std::uint16_t port = portOf(ports.path());
    if (port != 0) {
        tellSecrets(port);
    }
    program.signal(SIGINT);
    reader.join();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(program.errors(), 0, program.finish());
    return program.output() + program.errors();
}

}  // namespace

class LogSecretsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogSecretsTest);
    CPPUNIT_TEST(noneIsOnTheConsole);
    CPPUNIT_TEST(noneIsInAFile);
    CPPUNIT_TEST(noneIsInJson);
    CPPUNIT_TEST(noneIsInARemoteSyslog);
    CPPUNIT_TEST(noneIsInALocalSyslog);
    CPPUNIT_TEST_SUITE_END();

    static void expectNoSecret(const std::string& text, const std::string& redacted) {
        CPPUNIT_ASSERT_MESSAGE(text.substr(0, 2000), contains(text, redacted));
        std::size_t marks = 0;
        for (std::size_t at = text.find("[REDACTED]"); at != text.npos;
             at = text.find("[REDACTED]", at + 1)) {
            ++marks;
        }
        CPPUNIT_ASSERT(marks >= secretArguments().size());
        for (const std::string& line : linesOf(text)) {
            CPPUNIT_ASSERT_MESSAGE(line, !contains(line, kSecret));
        }
    }

    static constexpr const char* kRedacted = R"(<<- [CONNECT {"auth_token":"[REDACTED]"}])";

    void noneIsOnTheConsole() { expectNoSecret(runWith({}), kRedacted); }

    void noneIsInAFile() {
        TempFolder folder;
        CPPUNIT_ASSERT_EQUAL(std::string(), runWith({"-l", folder.file("log")}));
        expectNoSecret(readFile(folder.file("log")), kRedacted);
    }

    void noneIsInJson() {
        TempFolder folder;
        writeFile(folder.file("conf"),
                  "log_format: json\nlog_file: '" + folder.file("log") + "'\n");
        CPPUNIT_ASSERT_EQUAL(std::string(), runWith({"-c", folder.file("conf")}));
        expectNoSecret(readFile(folder.file("log")),
                       R"(<<- [CONNECT {\"auth_token\":\"[REDACTED]\"}])");
    }

    void noneIsInARemoteSyslog() {
        SyslogReceiver receiver(SyslogReceiver::Kind::tcp);
        expectNoSecret(receivedWhile(receiver), kRedacted);
    }

    void noneIsInALocalSyslog() {
        TempFolder folder;
        SyslogReceiver receiver(SyslogReceiver::Kind::unixDatagram, folder.file("socket"));
        expectNoSecret(receivedWhile(receiver), kRedacted);
    }

    /// What the syslog gets from a whole run.
    static std::string receivedWhile(SyslogReceiver& receiver) {
        std::string text;
        std::thread reader([&] {
            while (!text.ends_with("Server Exiting..\n")) {
                const std::vector<std::string> lines = receiver.receive(1);
                if (lines.empty()) {
                    return;
                }
                text += lines[0];
            }
        });
        const std::string console = runWith({"-r", receiver.url()});
        reader.join();
        CPPUNIT_ASSERT_EQUAL(std::string(), console);
        CPPUNIT_ASSERT(contains(text, "Server Exiting.."));
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogSecretsTest);

}  // namespace gnatsd::tests
