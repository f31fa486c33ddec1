// What must hold of the option table itself.

#include "plugins/host/options/Checks.h"
#include "plugins/host/options/OptionTable.h"
#include "plugins/host/options/Suggest.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace gnatsd::host::options;

class TableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TableTest);
    CPPUNIT_TEST(noNameIsInABlockTwice);
    CPPUNIT_TEST(noFlagIsThereTwice);
    CPPUNIT_TEST(everyRowCanBeRead);
    CPPUNIT_TEST(whatCannotBeReloadedHasAGoName);
    CPPUNIT_TEST(theNearestNameIsSuggested);
    CPPUNIT_TEST(routeUrlsAreReadAndHidden);
    CPPUNIT_TEST(publicUserKeysAreRecognized);
    CPPUNIT_TEST_SUITE_END();

    static std::vector<const Block*> blocks() {
        return {&topBlock(),
                &authorizationBlock(),
                &clusterAuthorizationBlock(),
                &websocketAuthorizationBlock(),
                &userBlock(),
                &accountBlock(),
                &permissionsBlock(),
                &tlsBlock(),
                &clusterBlock(),
                &websocketBlock(),
                &pluginsBlock()};
    }

    template <class Visit>
    static void forEach(const Visit& visit) {
        for (const Block* block : blocks()) {
            for (const auto part : block->parts) {
                for (const Key& key : part) {
                    visit(*block, key);
                }
            }
        }
    }

    void noNameIsInABlockTwice() {
        std::set<std::string> seen;
        forEach([&](const Block& block, const Key& key) {
            for (const std::string_view name : key.names) {
                if (!name.empty()) {
                    const std::string full = std::string(block.name) + "/" + std::string(name);
                    CPPUNIT_ASSERT_MESSAGE(full, seen.insert(full).second);
                    CPPUNIT_ASSERT_MESSAGE(full, block.find(name) == &key);
                }
            }
        });
        CPPUNIT_ASSERT(seen.size() > 150);
    }

    void noFlagIsThereTwice() {
        std::set<std::string_view> seen;
        forEach([&](const Block&, const Key& key) {
            for (const std::string_view name : key.flag.names) {
                if (!name.empty()) {
                    CPPUNIT_ASSERT_MESSAGE(std::string(name), seen.insert(name).second);
                    CPPUNIT_ASSERT_MESSAGE(std::string(name), findFlag(name).key == &key);
                }
            }
        });
        CPPUNIT_ASSERT_EQUAL(std::size_t{68}, seen.size());
    }

    void everyRowCanBeRead() {
        forEach([](const Block& block, const Key& key) {
            const std::string what = std::string(block.name) + "/" + std::string(key.name());
            CPPUNIT_ASSERT_MESSAGE(what, !key.name().empty() || key.flag.exists());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, key.kind == Kind::custom, key.read != nullptr);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, key.kind == Kind::block, key.block != nullptr);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, key.kind == Kind::address, !key.parts[0].empty());
            const bool flagOnly = key.name().empty();
            const bool does = key.flag.merge != nullptr || key.flag.ask != Ask::nothing;
            CPPUNIT_ASSERT_MESSAGE(what, !flagOnly || does);
        });
    }

    // OPT-202
    void whatCannotBeReloadedHasAGoName() {
        for (const auto part : topBlock().parts) {
            for (const Key& key : part) {
                const bool fixed = key.member.set != nullptr && key.reload == Reload::no;
                CPPUNIT_ASSERT_MESSAGE(std::string(key.name()), !fixed || !key.goName.empty());
            }
        }
    }

    void theNearestNameIsSuggested() {
        constexpr std::array<std::string_view, 4> kNames{"port", "max_payload", "tls", ""};
        CPPUNIT_ASSERT_EQUAL(std::string_view("port"), closest("prot", kNames));
        CPPUNIT_ASSERT_EQUAL(std::string_view("max_payload"), closest("MAX_PAYLOD", kNames));
        CPPUNIT_ASSERT_EQUAL(std::string_view("max_payload"), closest("max-payload", kNames));
        CPPUNIT_ASSERT_EQUAL(std::string_view(), closest("cluster", kNames));
        CPPUNIT_ASSERT_EQUAL(std::string_view(), closest("p", kNames));
    }

    // OPT-104, LOG-51
    void routeUrlsAreReadAndHidden() {
        std::string why;
        const auto url = parseRouteUrl("nats-route://us%40er:p%3Aw@[::1]:4245/x", why);
        CPPUNIT_ASSERT(url.has_value());
        CPPUNIT_ASSERT_EQUAL(std::string("us@er"), url->user);
        CPPUNIT_ASSERT_EQUAL(std::string("p:w"), url->password);
        CPPUNIT_ASSERT_EQUAL(std::string("::1"), url->host);
        CPPUNIT_ASSERT_EQUAL(4245, url->port);
        for (const std::string text : {"127.0.0.1:4248", "nats://h", "nats://h:x", "nats://h:99999",
                                       "nats://a b:1", "nats://u%zz:p@h:1", "://h:1", ""}) {
            why.clear();
            CPPUNIT_ASSERT_MESSAGE(text, !parseRouteUrl(text, why).has_value());
            CPPUNIT_ASSERT_MESSAGE(text, !why.empty());
        }
        CPPUNIT_ASSERT_EQUAL(std::string("nats://u:xxxxx@h:1"), withoutPassword("nats://u:pw@h:1"));
        CPPUNIT_ASSERT_EQUAL(std::string("nats://u:xxxxx@h"), withoutPassword("nats://u:p@w@h"));
        CPPUNIT_ASSERT_EQUAL(std::string("nats://xxxxx@h:1"), withoutPassword("nats://token@h:1"));
        CPPUNIT_ASSERT_EQUAL(std::string("u:xxxxx@h"), withoutPassword("u:pw@h"));
        CPPUNIT_ASSERT_EQUAL(std::string("nats://h:1"), withoutPassword("nats://h:1"));
    }

    // AU-81
    void publicUserKeysAreRecognized() {
        const std::string key = "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK";
        CPPUNIT_ASSERT(isPublicUserKey(key));
        for (std::size_t i = 0; i < key.size(); ++i) {
            std::string wrong = key;
            wrong[i] = key[i] == 'A' ? 'B' : 'A';
            CPPUNIT_ASSERT_MESSAGE(wrong, !isPublicUserKey(wrong));
        }
        CPPUNIT_ASSERT(!isPublicUserKey(key.substr(1)));
        CPPUNIT_ASSERT(!isPublicUserKey(""));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TableTest);
