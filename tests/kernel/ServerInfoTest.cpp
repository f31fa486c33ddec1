// The INFO line: CP-20 to CP-26.

#include "kernel/ServerInfo.h"

#include <cppunit/extensions/HelperMacros.h>

#include <set>
#include <string>

using gnatsd::kernel::kProtocolVersion;
using gnatsd::kernel::newServerId;
using gnatsd::kernel::ServerInfo;

namespace {

ServerInfo sample() {
    ServerInfo info;
    info.serverId = "NID";
    info.serverName = "name";
    return info;
}

std::string version() {
    return std::string(gnatsd::kernel::kVersion);
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// The bytes of unpadded base32, empty for a character outside its alphabet.
std::string base32Decoded(const std::string& text) {
    const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) {
            return {};
        }
        buffer = ((buffer << 5U) | static_cast<unsigned>(value)) & 0xFFFFU;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>((buffer >> bits) & 0xFFU);
        }
    }
    return out;
}

/// CRC-16/XMODEM by polynomial division, written otherwise than the code under test.
unsigned remainder(std::string bytes) {
    bytes += std::string(2, '\0');
    unsigned value = 0;
    for (const char c : bytes) {
        for (unsigned bit = 8; bit-- > 0;) {
            value = (value << 1U) | ((static_cast<unsigned char>(c) >> bit) & 1U);
            if (value > 0xFFFFU) {
                value ^= 0x11021U;
            }
        }
    }
    return value;
}

}  // namespace

class ServerInfoTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServerInfoTest);
    CPPUNIT_TEST(lineHasTheFieldsInOrder);
    CPPUNIT_TEST(optionalFieldsComeLastAndOnlyWhenSet);
    CPPUNIT_TEST(sslRequiredFollowsTlsRequired);
    CPPUNIT_TEST(serverNameIsTheIdWhenNotConfigured);
    CPPUNIT_TEST(stringsAreEscapedAndStayOnOneLine);
    CPPUNIT_TEST(bytesThatAreNotUtf8DoNotReachTheLine);
    CPPUNIT_TEST(numbersKeepTheirWholeRange);
    CPPUNIT_TEST(versionHasThreeNumbers);
    CPPUNIT_TEST(serverIdIsAPublicKeyOfAServerWithValidChecksum);
    CPPUNIT_TEST(serverIdsDiffer);
    CPPUNIT_TEST_SUITE_END();

public:
    void lineHasTheFieldsInOrder() {  // CP-20, CP-23
        CPPUNIT_ASSERT_EQUAL(
            R"(INFO {"server_id":"NID","server_name":"name","version":"2.9.10","proto":1,)"
            R"("gnatsd_version":")" +
                version() +
                R"(","host":"0.0.0.0","port":4222,"headers":true,"auth_required":false,)"
                R"("ssl_required":false,"tls_required":false,"tls_verify":false,)"
                R"("max_payload":1048576,"client_id":7,"client_ip":"127.0.0.1"} )"
                "\r\n",
            sample().line(7, "127.0.0.1", ""));
    }

    void optionalFieldsComeLastAndOnlyWhenSet() {  // CP-22, CP-23, CP-25
        ServerInfo info = sample();
        info.cluster = "c1";
        info.connectUrls = {"10.0.0.1:4222", "[2001:db8::1]:4222"};
        info.lameDuck = true;

        const std::string line = info.line(1, "::1", "abcdefghijklmno");

        const std::string expected =
            R"("client_ip":"::1","nonce":"abcdefghijklmno","cluster":"c1",)"
            R"("connect_urls":["10.0.0.1:4222","[2001:db8::1]:4222"],"ldm":true} )"
            "\r\n";
        CPPUNIT_ASSERT_EQUAL(expected, line.substr(line.find("\"client_ip\"")));
    }

    void sslRequiredFollowsTlsRequired() {
        ServerInfo info = sample();
        info.authRequired = true;
        info.tlsRequired = true;
        info.tlsVerify = true;

        CPPUNIT_ASSERT(contains(info.line(1, "", ""), R"("auth_required":true,"ssl_required":true,)"
                                                      R"("tls_required":true,"tls_verify":true)"));
    }

    void serverNameIsTheIdWhenNotConfigured() {
        ServerInfo info = sample();
        info.serverName.clear();

        CPPUNIT_ASSERT(contains(info.line(1, "", ""), R"("server_name":"NID")"));
    }

    void stringsAreEscapedAndStayOnOneLine() {  // CP-26
        ServerInfo info = sample();
        info.serverName = "a\"b\\c\r\nd\te\x01\x1F/\xC3\xA9";

        const std::string line = info.line(1, "", "");

        CPPUNIT_ASSERT(contains(line, R"("server_name":"a\"b\\c\u000d\u000ad\u0009e\u0001\u001f/)"
                                      "\xC3\xA9\""));
        CPPUNIT_ASSERT_EQUAL(line.size() - 2, line.find_first_of("\r\n"));
    }

    void bytesThatAreNotUtf8DoNotReachTheLine() {
        ServerInfo info = sample();
        info.cluster = "a\xFF\x62";

        CPPUNIT_ASSERT(contains(info.line(1, "", ""), "\"cluster\":\"a\xEF\xBF\xBD\x62\""));
    }

    void numbersKeepTheirWholeRange() {
        ServerInfo info = sample();
        info.port = 65535;
        info.maxPayload = 64U * 1024 * 1024;

        const std::string line = info.line(18446744073709551615U, "", "");

        CPPUNIT_ASSERT(contains(line, "\"port\":65535,"));
        CPPUNIT_ASSERT(contains(line, "\"max_payload\":67108864,"));
        CPPUNIT_ASSERT(contains(line, "\"client_id\":18446744073709551615,"));
    }

    void versionHasThreeNumbers() {  // CP-24
        int dots = 0;
        for (const char c : kProtocolVersion) {
            CPPUNIT_ASSERT(c == '.' || (c >= '0' && c <= '9'));
            dots += c == '.' ? 1 : 0;
        }
        CPPUNIT_ASSERT_EQUAL(2, dots);
    }

    void serverIdIsAPublicKeyOfAServerWithValidChecksum() {  // CP-22
        for (int round = 0; round < 100; ++round) {
            const std::string id = newServerId();

            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::size_t{56}, id.size());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, 'N', id.front());
            const std::string bytes = base32Decoded(id);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::size_t{35}, bytes.size());
            const unsigned stored = static_cast<unsigned char>(bytes[33]) +
                                    256U * static_cast<unsigned char>(bytes[34]);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, remainder(bytes.substr(0, 33)), stored);
        }
    }

    void serverIdsDiffer() {
        std::set<std::string> ids;
        for (int i = 0; i < 1000; ++i) {
            ids.insert(newServerId());
        }

        CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, ids.size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServerInfoTest);
