// The parser under load and abuse: it ends with a map or an error, soon, whatever it is fed
// (CFG-82).

#include "plugins/host/conf/ConfigView.h"
#include "tests/plugins/conf/ConfFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <ctime>
#include <random>
#include <string>

using namespace gnatsd::host::conf;
using namespace gnatsd::tests;

namespace {

/// Processor time, so that a busy machine does not count.
template <class Action>
double secondsOf(Action action) {
    const std::clock_t begin = std::clock();
    action();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

std::string usersFile(int count) {
    std::string text =
        "authorization {\n  P = {publish: [\"a.>\", b], subscribe: \">\"}\n  users = [\n";
    for (int i = 0; i < count; ++i) {
        text += "    {user: user" + std::to_string(i) +
                ", password: $2a$11$W2zko751KUvVy59mUTWmpOdWjpEm5qhcCZRd05GjI/sSOT.xtiHyG, "
                "permissions: $P}\n";
    }
    return text + "  ]\n}\n";
}

/// Parses and looks at everything; a report has to be printable.
/// Answers whether it was a map.
bool survive(const std::string& text, const Environment& world) {
    try {
        const Map map = parseText(text, "t.conf", world);
        const Value value(map, {});
        CPPUNIT_ASSERT(value == Value(map, {}));
        CPPUNIT_ASSERT(value.depth() <= 257);
        return true;
    } catch (const ParseError& error) {
        const std::string report = error.report();
        CPPUNIT_ASSERT(!error.message().empty() && !report.empty());
        for (const char c : report) {
            CPPUNIT_ASSERT_MESSAGE(report, static_cast<unsigned char>(c) >= 0x20 || c == '\n');
        }
        return false;
    }
}

}  // namespace

class ConfStressTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfStressTest);
    CPPUNIT_TEST(manyUsersParseFast);
    CPPUNIT_TEST(longTextsTakeLinearTime);
    CPPUNIT_TEST(randomBytesEndSomehow);
    CPPUNIT_TEST(randomTokensEndSomehow);
    CPPUNIT_TEST(everyPrefixOfAFileEndsSomehow);
    CPPUNIT_TEST(valuesCompareByContent);
    CPPUNIT_TEST_SUITE_END();

    /// The bounds are for a debug build with sanitizers; a release build needs 1/50 of them.
    void manyUsersParseFast() {
        std::string text = usersFile(10'000);
        const double ten = secondsOf([&] { parseText(text, "t.conf", worldOf({})); });
        CPPUNIT_ASSERT_MESSAGE(std::to_string(ten) + " s", ten < 1.0);

        text = usersFile(100'000);
        Map map;
        const double hundred = secondsOf([&] { map = parseText(text, "t.conf", worldOf({})); });
        CPPUNIT_ASSERT_MESSAGE(std::to_string(hundred) + " s", hundred < 10.0);
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{100'000},
            map.find("authorization")->value.map()->find("users")->value.array()->size());
    }

    void longTextsTakeLinearTime() {
        constexpr std::size_t kSize = 300'000;
        const auto repeated = [](const std::string& part) {
            std::string text;
            while (text.size() < kSize) {
                text += part;
            }
            return text;
        };
        const std::string texts[] = {"a=" + repeated("["),
                                     "a " + repeated("{a "),
                                     repeated("'"),
                                     repeated("\""),
                                     "a=(" + repeated("\n)x"),
                                     repeated("# x\n"),
                                     "a=" + repeated("9"),
                                     "a=" + repeated("1.") + "x",
                                     "a=\"" + repeated("\\n"),
                                     "a=" + repeated("pass @:://$2a$ ") + " b",
                                     repeated("a=1\nA=$a\n"),
                                     repeated("x") + "{ 1 2",
                                     repeated("a=[]\n") + "b=[1 2]",
                                     "a=[" + repeated("1\n,") + " ]"};
        for (const std::string& text : texts) {
            const double seconds = secondsOf([&] { survive(text, worldOf({})); });
            CPPUNIT_ASSERT_MESSAGE(text.substr(0, 20) + ": " + std::to_string(seconds),
                                   seconds < 3.0);
        }
        std::string keys;
        for (int i = 0; i < 20'000; ++i) {
            keys += "Key" + std::to_string(i) + "=1\nr" + std::to_string(i) + "=$kEY" +
                    std::to_string(i) + "\n";
        }
        CPPUNIT_ASSERT(secondsOf([&] { survive(keys, worldOf({})); }) < 3.0);
    }

    void randomBytesEndSomehow() {
        std::mt19937 random(20'161'121);
        for (int round = 0; round < 3000; ++round) {
            std::string text(random() % 200, '\0');
            for (char& c : text) {
                c = static_cast<char>(random() % (round % 2 == 0 ? 128 : 256));
            }
            survive(text, worldOf({}));
        }
    }

    void randomTokensEndSomehow() {
        static const char* const kTokens[] = {
            "a",  "b",  "pass", "include", " ",   "\n",  "\t",   "=",      ":",   "{",  "}",
            "[",  "]",  "(",    ")",       "\n)", "\n",  "\"",   "'",      "\\x", "\\", "41",
            ",",  ";",  "#",    "//",      "/",   "$a",  "$b",   "$E",     "$F",  "-",  ".",
            "12", "5k", "mib",  "true",    "é",   "4.5", "2020", "-01-02", "T",   "Z",  "f",
        };
        const TextMap variables{{"E", "[$F, {x=$F}]"}, {"F", "$2a$x"}, {"b", "$E"}};
        const TextMap files{{"f", "b=[1]\ninclude g"}, {"a", "include b"}, {"g", "pass=\"$b"}};
        const Environment world = worldOf(variables, files);
        std::mt19937 random(4222);
        int maps = 0;
        for (int round = 0; round < 10'000; ++round) {
            std::string text = round % 3 == 0 ? "a=" : round % 3 == 1 ? "include " : "a {b=";
            for (auto count = random() % 12; count > 0; --count) {
                text += kTokens[random() % std::size(kTokens)];
            }
            maps += survive(text, world) ? 1 : 0;
        }
        CPPUNIT_ASSERT_MESSAGE(std::to_string(maps), maps > 500 && maps < 9'500);
    }

    void everyPrefixOfAFileEndsSomehow() {
        const std::string text =
            "# c\nlisten: \"a:1\" // x\ncluster {\n routes = [\n  nats://u:p@h:1\n  'x', 2mb ]\n "
            "b (\nx\n)\n}\nA=-1.5\nx=$A\ny=\"\\x41\"; z=2020-01-02T03:04:05Z\ninclude f\n";
        for (std::size_t size = 0; size <= text.size(); ++size) {
            survive(text.substr(0, size), worldOf({}, {{"f", "k=1"}}));
        }
        CPPUNIT_ASSERT(outcome(text, {}, {{"f", "k=1"}}).starts_with("{"));
    }

    void valuesCompareByContent() {
        const auto valueOf = [](const std::string& text) {
            return Value(parseText(text, "t", worldOf({})), {});
        };
        CPPUNIT_ASSERT(valueOf("a=1\nb=[x,{c=2}]") == valueOf("b [x\n{c:2}]; a:1"));
        CPPUNIT_ASSERT(!(valueOf("a=1") == valueOf("a=1.0")));
        CPPUNIT_ASSERT(!(valueOf("a=1") == valueOf("a=1\nb=1")));
        CPPUNIT_ASSERT(!(valueOf("a=1") == valueOf("b=1")));
        CPPUNIT_ASSERT(!(valueOf("a=[1,2]") == valueOf("a=[2,1]")));
        CPPUNIT_ASSERT(!(valueOf("a=x") == valueOf("a=y")));
        CPPUNIT_ASSERT(Value() == Value(std::string(), {}));
        CPPUNIT_ASSERT_EQUAL(std::string("an array"),
                             std::string(valueOf("a=[]").map()->find("a")->value.typeName()));
        CPPUNIT_ASSERT_EQUAL(std::string("a float"), std::string(Value(1.5, {}).typeName()));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfStressTest);
