// The SDK headers may not change their meaning without GNATSD_SDK_NUMBER changing.

#include "tests/plugins/Fixtures.h"
#include <gnatsd/Descriptor.h>

#include <Poco/DigestEngine.h>
#include <Poco/SHA1Engine.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace gnatsd::tests {

namespace fs = std::filesystem;

class SdkFreezeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SdkFreezeTest);
    CPPUNIT_TEST(theHeadersAreThoseOfTheirNumber);
    CPPUNIT_TEST(commentsAndLayoutDoNotCount);
    CPPUNIT_TEST(theSignatureIsReadable);
    CPPUNIT_TEST_SUITE_END();

    /// The text without comments and blanks.
    static std::string essence(const std::string& source) {
        std::istringstream in(source);
        std::string result;
        for (std::string line; std::getline(in, line);) {
            line = line.substr(0, line.find("//"));
            std::copy_if(line.begin(), line.end(), std::back_inserter(result),
                         [](char c) { return std::isspace(static_cast<unsigned char>(c)) == 0; });
        }
        return result;
    }

    static std::string hashOfHeaders() {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(GNATSD_SDK_FOLDER)) {
            files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        Poco::SHA1Engine engine;
        for (const fs::path& file : files) {
            engine.update(file.filename().string() + "\n" + essence(readFile(file.string())) +
                          "\n");
        }
        return Poco::DigestEngine::digestToHex(engine.digest());
    }

    void theHeadersAreThoseOfTheirNumber() {
        std::istringstream recorded(readFile(GNATSD_SDK_HASHES));
        std::string expected = "none";
        int last = 0;
        int number = 0;
        for (std::string hash; recorded >> number >> hash;) {
            CPPUNIT_ASSERT_MESSAGE("the numbers in SdkHashes.txt rise", number > last);
            last = number;
            expected = number == GNATSD_SDK_NUMBER ? hash : expected;
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the last line of SdkHashes.txt is the SDK's number",
                                     GNATSD_SDK_NUMBER, last);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "plugins/sdk/gnatsd changed: raise GNATSD_SDK_NUMBER and append number and hash to "
            "tests/plugins/SdkHashes.txt",
            expected, hashOfHeaders());
    }

    void commentsAndLayoutDoNotCount() {
        CPPUNIT_ASSERT_EQUAL(essence("int a;  // one\nint b;"), essence("int a; int b; // two"));
        CPPUNIT_ASSERT(essence("int a;") != essence("long a;"));
    }

    void theSignatureIsReadable() {
        const std::string abi = sdk::abiSignature();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(abi, std::size_t{0},
                                     abi.find("gnatsd-sdk/" + std::to_string(GNATSD_SDK_NUMBER) +
                                              ";poco/" GNATSD_POCO_VERSION ";"));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{3}, std::count(abi.begin(), abi.end(), ';'));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SdkFreezeTest);

}  // namespace gnatsd::tests
