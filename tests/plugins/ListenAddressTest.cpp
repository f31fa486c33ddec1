#include "plugins/host/ListenAddress.h"
#include "plugins/host/Options.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

using namespace gnatsd::host;

namespace {

std::string joined(const std::vector<ListenAddress>& addresses) {
    std::string text;
    for (const ListenAddress& address : addresses) {
        text += address.text() + " ";
    }
    return text;
}

std::vector<ListenAddress> parsed(const std::string& text) {
    auto addresses = ListenAddress::parseList(text);
    CPPUNIT_ASSERT_MESSAGE(text, addresses.has_value());
    return *addresses;
}

}  // namespace

class ListenAddressTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ListenAddressTest);
    CPPUNIT_TEST(everySpellingOfOneAddressIsRead);
    CPPUNIT_TEST(severalAddressesKeepTheirOrder);
    CPPUNIT_TEST(malformedAddressesAreRefused);
    CPPUNIT_TEST(missingPartsGetTheDefaults);
    CPPUNIT_TEST_SUITE_END();

    void everySpellingOfOneAddressIsRead() {
        const std::vector<std::pair<std::string, ListenAddress>> cases{
            {"", {"", 0}},
            {"127.0.0.1", {"127.0.0.1", 0}},
            {"127.0.0.1:4333", {"127.0.0.1", 4333}},
            {"localhost:-1", {"localhost", -1}},
            {":4333", {"", 4333}},
            {"::1", {"::1", 0}},
            {"[::1]", {"::1", 0}},
            {"[fe80::1%eth0]:65535", {"fe80::1%eth0", 65535}}};
        for (const auto& [text, expected] : cases) {
            const auto addresses = parsed(text);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::size_t{1}, addresses.size());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, expected.host, addresses[0].host);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, expected.port, addresses[0].port);
        }
    }

    void severalAddressesKeepTheirOrder() {
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1:0 [::1]:5222 localhost:4333 "),
                             joined(parsed("127.0.0.1, [::1]:5222 ,localhost:4333")));
    }

    void malformedAddressesAreRefused() {
        for (const std::string text :
             {"a:b", "a:", "a:0", "a:65536", "a:-2", "a:99999999999", "[::1", "[]", "[::1]x",
              "[::1]:", "a,,b", ",", "a,", "a b", "nats://a:1", "\"a\""}) {
            CPPUNIT_ASSERT_MESSAGE("'" + text + "'", !ListenAddress::parseList(text).has_value());
        }
    }

    void missingPartsGetTheDefaults() {
        Options options;
        CPPUNIT_ASSERT_EQUAL(std::string("0.0.0.0:4222 "), joined(effectiveListen(options)));

        options.port = -1;
        options.listen = parsed("::1,:5222,localhost");
        CPPUNIT_ASSERT_EQUAL(std::string("[::1]:-1 0.0.0.0:5222 localhost:-1 "),
                             joined(effectiveListen(options)));

        options.port = 0;
        CPPUNIT_ASSERT_EQUAL(4222, effectiveListen(options)[0].port);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListenAddressTest);
