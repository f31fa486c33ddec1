// Device tokens: their form, their MAC against RFC 4231, and what is remembered of used ones.

#include "plugins/devicetoken/DeviceToken.h"
#include "plugins/devicetoken/ReplayTable.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace gnatsd::tests {

using devicetoken::DeviceToken;
using devicetoken::Mac;
using devicetoken::macOf;
using devicetoken::ReplayTable;
using devicetoken::sameMac;
using std::chrono::seconds;

namespace {

std::string hexOf(const Mac& mac) {
    std::string text;
    for (const unsigned byte : mac) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 15U];
    }
    return text;
}

const std::string kHex = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
// The same in base64url.
const std::string kBase64 = "sDRMYdjbOFNcqK_OrwvxK4gdwgDJgz2nJuk3bC4yz_c";

}  // namespace

class DeviceTokenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DeviceTokenTest);
    CPPUNIT_TEST(theMacIsThatOfTheRfc);
    CPPUNIT_TEST(aTokenHasThreeParts);
    CPPUNIT_TEST(otherFormsAreNoTokens);
    CPPUNIT_TEST(everyBitOfTheMacCounts);
    CPPUNIT_TEST(usedTokensAreRememberedAsLongAsTheyAreValid);
    CPPUNIT_TEST(aFullTableForgetsNothingThatIsValid);
    CPPUNIT_TEST_SUITE_END();

    // RFC 4231, test cases 1 to 4, 6 and 7: keys shorter than, as long as and longer than a block.
    void theMacIsThatOfTheRfc() {
        std::string counting;
        for (char c = 1; c <= 25; ++c) {
            counting += c;
        }
        const std::string large(131, '\xaa');
        const struct {
            std::string key;
            std::string text;
            std::string mac;
        } kCases[] = {
            {std::string(20, '\x0b'), "Hi There", kHex},
            {"Jefe", "what do ya want for nothing?",
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
            {std::string(20, '\xaa'), std::string(50, '\xdd'),
             "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
            {counting, std::string(50, '\xcd'),
             "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
            {large, "Test Using Larger Than Block-Size Key - Hash Key First",
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
            {large,
             "This is a test using a larger than block-size key and a larger than block-size data. "
             "The key needs to be hashed before being used by the HMAC algorithm.",
             "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        };
        for (const auto& [key, text, mac] : kCases) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, mac, hexOf(macOf(key, text)));
        }
    }

    void aTokenHasThreeParts() {
        for (const std::string& mac : {kHex, kBase64, "B0344C61D8" + kHex.substr(10)}) {
            const std::string text = "dev_7-a:1700000000:" + mac;
            const auto token = DeviceToken::parse(text);

            CPPUNIT_ASSERT_MESSAGE(text, token.has_value());
            CPPUNIT_ASSERT_EQUAL(std::string("dev_7-a"), std::string(token->id));
            CPPUNIT_ASSERT(token->time == seconds(1'700'000'000));
            CPPUNIT_ASSERT_EQUAL(std::string("dev_7-a:1700000000"), std::string(token->signedText));
            CPPUNIT_ASSERT_EQUAL(kHex, hexOf(token->mac));
        }
    }

    void otherFormsAreNoTokens() {
        const std::string head = "dev7:1700000000:";
        for (const std::string& text :
             {std::string(), std::string(":"), std::string("::"), std::string("s3cr3t"),
              "dev7:" + kHex, ":1700000000:" + kHex, "dev7::" + kHex, "a:b:1700000000:" + kHex,
              "dev.7:1700000000:" + kHex, "dev*:1700000000:" + kHex, "dev>:1700000000:" + kHex,
              "dev 7:1700000000:" + kHex, std::string(65, 'd') + ":1700000000:" + kHex,
              "dev7:-170000000:" + kHex, "dev7:+170000000:" + kHex, "dev7:0170000000:" + kHex,
              "dev7:17e8:" + kHex, "dev7:1700000000000:" + kHex, "dev7: 1700000000:" + kHex,
              head + kHex.substr(1), head + kHex + "0", head + "g" + kHex.substr(1),
              head + kHex.substr(2) + "+1", head + kBase64.substr(1), head + kBase64 + "=",
              head + "+" + kBase64.substr(1),
              // Bits behind the last byte.
              head + kBase64.substr(0, 42) + "d", head}) {
            CPPUNIT_ASSERT_MESSAGE(text, !DeviceToken::parse(text).has_value());
        }
    }

    void everyBitOfTheMacCounts() {
        const Mac mac = macOf("0123456789abcdef", "dev7:1700000000");
        for (std::size_t bit = 0; bit < 8 * mac.size(); ++bit) {
            Mac other = mac;
            other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << bit % 8));
            CPPUNIT_ASSERT_MESSAGE(std::to_string(bit), !sameMac(mac, other));
        }
        CPPUNIT_ASSERT(sameMac(mac, macOf("0123456789abcdef", "dev7:1700000000")));
    }

    void usedTokensAreRememberedAsLongAsTheyAreValid() {
        ReplayTable table;
        const Mac mac = macOf("k", "1");
        const auto note = [&](const std::string& peer, int now) {
            return table.note(mac, peer, seconds(100), seconds(now), 10);
        };

        CPPUNIT_ASSERT(note("a:1", 50) == ReplayTable::Answer::first);
        CPPUNIT_ASSERT(note("a:1", 60) == ReplayTable::Answer::first);
        CPPUNIT_ASSERT(note("a:2", 60) == ReplayTable::Answer::again);
        CPPUNIT_ASSERT(note("b:1", 100) == ReplayTable::Answer::again);
        table.note(macOf("k", "2"), "c:1", seconds(200), seconds(101), 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, table.size());
    }

    void aFullTableForgetsNothingThatIsValid() {
        ReplayTable table;
        const auto note = [&](const std::string& text, int until, int now) {
            return table.note(macOf("k", text), "a:1", seconds(until), seconds(now), 2);
        };

        CPPUNIT_ASSERT(note("1", 20, 10) == ReplayTable::Answer::first);
        CPPUNIT_ASSERT(note("2", 30, 10) == ReplayTable::Answer::first);
        CPPUNIT_ASSERT(note("3", 30, 10) == ReplayTable::Answer::full);
        CPPUNIT_ASSERT(note("2", 30, 10) == ReplayTable::Answer::first);
        CPPUNIT_ASSERT(note("3", 30, 21) == ReplayTable::Answer::first);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeviceTokenTest);

}  // namespace gnatsd::tests
