// Variables (CFG-60 to CFG-67) and includes (CFG-70 to CFG-74) beyond the vectors.

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/conf/ConfFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace gnatsd::host::conf;
using namespace gnatsd::tests;

class ReferencesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReferencesTest);
    CPPUNIT_TEST(onlyReferredEntriesAreMarked);
    CPPUNIT_TEST(aReplacedEntryIsUnmarked);
    CPPUNIT_TEST(theReferenceKeepsItsOwnPlace);
    CPPUNIT_TEST(otherLetterCaseComesAfterTheEnvironment);
    CPPUNIT_TEST(aVariableIsReadOnce);
    CPPUNIT_TEST(chainsOfVariablesAreBounded);
    CPPUNIT_TEST(theProcessEnvironmentIsTheDefault);
    CPPUNIT_TEST(multipliedValuesAreBounded);
    CPPUNIT_TEST(referredDepthCounts);
    CPPUNIT_TEST(manyUsersMayShareOneMap);
    CPPUNIT_TEST(anIncludeIsReplacedAndReplaces);
    CPPUNIT_TEST(includedPlacesNameTheirFile);
    CPPUNIT_TEST(anAbsoluteIncludeIsLookedForBesideTheFileFirst);
    CPPUNIT_TEST(includesFollowTheFolderOfTheirFile);
    CPPUNIT_TEST(circlesOfFilesAreNamed);
    CPPUNIT_TEST(chainsOfFilesAreBounded);
    CPPUNIT_TEST(aFileIncludedOftenIsReadOnce);
    CPPUNIT_TEST(pathsThatCannotBePathsAreRefused);
    CPPUNIT_TEST(filesThatCannotBeReadAreNamed);
    CPPUNIT_TEST_SUITE_END();

    static void same(const std::string& expected, const std::string& text,
                     const TextMap& variables = {}, const TextMap& files = {}) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text, expected, outcome(text, variables, files));
    }

    void onlyReferredEntriesAreMarked() {
        const Map map = parseText("a=1\nb=2\nm {c=$A\nd=$b\nb=3}", "t", worldOf({{"A", "9"}}));

        CPPUNIT_ASSERT(!map.find("a")->used);
        CPPUNIT_ASSERT(map.find("b")->used);  // CFG-66
        CPPUNIT_ASSERT(!map.find("m")->value.map()->find("b")->used);
    }

    void aReplacedEntryIsUnmarked() {
        const Map map = parseText("a=1\nb=$a\na=2", "t", worldOf({}));

        CPPUNIT_ASSERT(!map.find("a")->used);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), map.entries.front().key);  // CFG-18: in place
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":2,"b":1})"), print(map));
    }

    void theReferenceKeepsItsOwnPlace() {
        const Map map = parseText("a={x=1}\nb=$a", "t", worldOf({}));

        const Value& b = map.find("b")->value;
        CPPUNIT_ASSERT_EQUAL(std::string("t:2:1"), b.place().text());
        CPPUNIT_ASSERT_EQUAL(std::string("t:1:3"), b.map()->find("x")->value.place().text());
    }

    void otherLetterCaseComesAfterTheEnvironment() {
        same(R"({"Foo":1,"a":2})", "Foo=1\na=$foo", {{"foo", "2"}});  // CFG-62
        same(R"({"FOO":3,"Foo":1,"a":3})", "Foo=1\nFOO=3\na=$foo");
        same(R"({"Foo":1,"m":{"FOO":2,"a":2}})", "Foo=1\nm {FOO=2\na=$foo}");
        same(R"({"Foo":1,"a":4,"foo":4})", "Foo=1\nfoo=4\na=$foo");
    }

    void aVariableIsReadOnce() {
        int reads = 0;
        Environment world = worldOf({});
        world.get = [&](const std::string&) {
            ++reads;
            return std::optional<std::string>("[1,2]");
        };

        const Map map = parseText("a=[$X,$X,$X]", "t", world);

        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":[[1,2],[1,2],[1,2]]})"), print(map));
        CPPUNIT_ASSERT_EQUAL(1, reads);
    }

    void chainsOfVariablesAreBounded() {
        TextMap variables{{"V0", "1"}};
        for (int i = 1; i < 100; ++i) {
            variables["V" + std::to_string(i)] = "$V" + std::to_string(i - 1);
        }
        same(R"({"a":1})", "a=$V31", variables);
        const std::string refused = outcome("a=$V99", variables);
        CPPUNIT_ASSERT_MESSAGE(refused,
                               refused.ends_with("more than 32 variables refer to one another"));
    }

    void theProcessEnvironmentIsTheDefault() {
        const Map map = parseText("a=$PATH", "t");
        CPPUNIT_ASSERT(!map.find("a")->value.string()->empty());
    }

    void multipliedValuesAreBounded() {
        std::string text = "b0=[x,x]\n";
        for (int i = 1; i < 64; ++i) {
            const std::string before = "$b" + std::to_string(i - 1);
            text += "b" + std::to_string(i) + "=[" + before + "," + before + "]\n";
        }
        same(
            "error: variable reference for 'b20' on line 22 could not be parsed: the "
            "configuration gets too large",
            text);  // CFG-82
    }

    void referredDepthCounts() {
        std::string text = "b0=[x]\n";
        for (int i = 1; i < 400; ++i) {
            text += "b" + std::to_string(i) + "=[$b" + std::to_string(i - 1) + "]\n";
        }
        same("error: Parse error on line 257: 'Maps and arrays are nested more than 256 deep.'",
             text);  // CFG-58
        const std::string deep = std::string(200, '[') + std::string(200, ']');
        same(
            "error: variable reference for 'X' on line 1 could not be parsed: Parse error on line "
            "1: "
            "'Maps and arrays are nested more than 256 deep.'",
            "a=" + std::string(100, '[') + "$X" + std::string(100, ']'), {{"X", deep}});
    }

    void manyUsersMayShareOneMap() {
        std::string text = "P {pub=[a,b,c,d,e,f,g,h]}\nusers=[\n";
        for (int i = 0; i < 20'000; ++i) {
            text += "{user: u" + std::to_string(i) + ", permissions: $P}\n";
        }
        const Map map = parseText(text + "]", "t", worldOf({}));

        const Array& users = *map.find("users")->value.array();
        CPPUNIT_ASSERT_EQUAL(std::size_t{20'000}, users.size());
        const Map* const last = users.back().map()->find("permissions")->value.map();
        CPPUNIT_ASSERT_EQUAL(map.find("P")->value.map(), last);  // shared, not copied
    }

    void anIncludeIsReplacedAndReplaces() {
        const TextMap files{{"i", "x=1\ny=2"}};
        same(R"({"x":1,"y":3,"z":[1]})", "x=0\ninclude i\ny=3\nz=[$x]", {}, files);  // CFG-73
        same(R"({"m":{"x":1,"y":2}})", "m {include \"i\"}", {}, files);
        same(R"({"x":1,"y":2})", "{Include i}", {}, files);
    }

    void includedPlacesNameTheirFile() {
        const Map map = parseText("m {\ninclude i}", "etc/t", worldOf({}, {{"etc/i", "\n x=1"}}));

        const Value& x = map.find("m")->value.map()->find("x")->value;
        CPPUNIT_ASSERT_EQUAL(std::string("etc/i:2:2"), x.place().text());  // CFG-81
    }

    void anAbsoluteIncludeIsLookedForBesideTheFileFirst() {
        TextMap files{{"/etc/x.conf", "a=1"}, {"/x.conf", "a=2"}};
        const auto parsed = [&] {
            return print(parseText("include /x.conf", "/etc/t", worldOf({}, files)));
        };
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":1})"), parsed());  // CFG-72
        files.erase("/etc/x.conf");
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":2})"), parsed());
        same("error: error parsing include file '/x', open /x: no such file or directory",
             "include /x");
    }

    void includesFollowTheFolderOfTheirFile() {
        const TextMap files{{"a/b/i", "include ../j"}, {"a/j", "include c/k"}, {"a/c/k", "k=1"}};
        same(R"({"k":1})", "include ./a//b/i", {}, files);
    }

    void circlesOfFilesAreNamed() {
        same("error: error parsing include file 't.conf', t.conf includes itself",
             "include t.conf");  // CFG-74
        same(
            "error: error parsing include file 'i', error parsing include file './j', error "
            "parsing include file 'i', i includes itself",
            "include i", {}, {{"i", "include ./j"}, {"j", "m { include i }"}});
    }

    void chainsOfFilesAreBounded() {
        TextMap files{{"f0", "x=1"}};
        for (int i = 1; i < 100; ++i) {
            files["f" + std::to_string(i)] = "include f" + std::to_string(i - 1);
        }
        same(R"({"x":1})", "include f31", {}, files);
        const std::string refused = outcome("include f32", {}, files);
        CPPUNIT_ASSERT_MESSAGE(refused,
                               refused.ends_with("files include one another more than 32 deep"));
    }

    void aFileIncludedOftenIsReadOnce() {
        TextMap files{{"f0", "x=1"}};
        for (int i = 1; i < 30; ++i) {
            const std::string before = "f" + std::to_string(i - 1);
            files["f" + std::to_string(i)] =
                "a {include " + before + "}\nb {include " + before + "}";
        }
        const std::string refused = outcome("include f29", {}, files);
        CPPUNIT_ASSERT_MESSAGE(refused, refused.ends_with("the configuration gets too large"));
        files["f2"] = "include f0\ninclude f1\ninclude f0\ninclude f1";
        same(R"({"a":{"x":1},"b":{"x":1},"x":1})", "include f2\ninclude f2", {}, files);
    }

    void pathsThatCannotBePathsAreRefused() {
        for (const auto& [text, what] : TextMap{{"include {", "start of a map"},
                                                {"include (", "start of a block"},
                                                {"include -x", "start of a number"},
                                                {"include \\x", "escape sequence"},
                                                {"m {include ", "EOF"}}) {
            same("error: Parse error on line 1: 'Expected include value but found " + what + "'",
                 text);  // CFG-71
        }
        same(R"({"x":1,"y":2})", "include a,b'\ny=2", {}, {{"a,b", "x=1"}});
        same("error: config is invalid (t.conf:1:7)", "include");
    }

    void filesThatCannotBeReadAreNamed() {
        const TempFolder folder;
        const auto refusal = [](const std::string& path) {
            try {
                return print(parseFile(path));
            } catch (const ParseError& error) {
                CPPUNIT_ASSERT_EQUAL(error.message(), error.report());
                CPPUNIT_ASSERT_EQUAL(0, error.line());
                return error.message();
            }
        };
        const std::string none = folder.file("none");
        CPPUNIT_ASSERT_EQUAL("open " + none + ": no such file or directory", refusal(none));
        const std::string self = folder.path().string();
        CPPUNIT_ASSERT_EQUAL("read " + self + ": is a directory", refusal(self));
        CPPUNIT_ASSERT_EQUAL(std::string("read /dev/zero: larger than 256 MB"),
                             refusal("/dev/zero"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReferencesTest);
