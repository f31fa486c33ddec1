// Parsed values as the settings that plug-ins read.

#include "plugins/host/TrackedConfig.h"
#include "plugins/host/conf/ConfigView.h"
#include "tests/plugins/conf/ConfFixture.h"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/AbstractConfiguration.h>
#include <cppunit/extensions/HelperMacros.h>

#include <ctime>
#include <string>
#include <vector>

using namespace gnatsd::host::conf;
using namespace gnatsd::tests;
using gnatsd::host::TrackedConfig;

namespace {

using ViewPtr = Poco::AutoPtr<ConfigView>;
using Keys = Poco::Util::AbstractConfiguration::Keys;

ViewPtr viewOf(std::string_view text, const TextMap& variables = {}) {
    return ViewPtr(new ConfigView(parseText(text, "t.conf", worldOf(variables))));
}

Keys keysOf(const ConfigView& view, const std::string& key) {
    Keys keys;
    view.keys(key, keys);
    return keys;
}

double secondsOf(const std::clock_t begin) {
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

class ConfigViewTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigViewTest);
    CPPUNIT_TEST(scalarsHaveTheirText);
    CPPUNIT_TEST(pathsLeadThroughMapsAndLists);
    CPPUNIT_TEST(mapsAndListsHaveChildrenAndNoText);
    CPPUNIT_TEST(lettersOfAnyCaseAreFound);
    CPPUNIT_TEST(rawTextsAreNotExpanded);
    CPPUNIT_TEST(keysWithDotsAreListedOnly);
    CPPUNIT_TEST(placesAreThoseOfTheFile);
    CPPUNIT_TEST(variablesAreKnown);
    CPPUNIT_TEST(nothingCanBeWritten);
    CPPUNIT_TEST(contentIsSharedAndOutlivesItsMap);
    CPPUNIT_TEST(theHostsTrackingWorksOnIt);
    CPPUNIT_TEST(lookupsDoNotDependOnTheNumberOfSiblings);
    CPPUNIT_TEST_SUITE_END();

    void scalarsHaveTheirText() {
        const ViewPtr view =
            viewOf("s='a b'\nt=yes\nf=off\ni=-8k\nd=0.1\ne=2.0\nw=2020-01-02T03:04:05Z\nn=''");

        CPPUNIT_ASSERT_EQUAL(std::string("a b"), view->getString("s"));
        CPPUNIT_ASSERT_EQUAL(std::string("true"), view->getString("t"));
        CPPUNIT_ASSERT(!view->getBool("f"));
        CPPUNIT_ASSERT_EQUAL(-8000, view->getInt("i"));
        CPPUNIT_ASSERT_EQUAL(std::string("0.1"), view->getString("d"));
        CPPUNIT_ASSERT_EQUAL(2.0, view->getDouble("e"));
        CPPUNIT_ASSERT_EQUAL(std::string("2020-01-02T03:04:05Z"), view->getString("w"));
        CPPUNIT_ASSERT(view->has("n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), view->getString("n"));
        CPPUNIT_ASSERT_THROW(view->getString("none"), Poco::NotFoundException);
    }

    void pathsLeadThroughMapsAndLists() {
        const ViewPtr view = viewOf("a {b=[x, {c=[1,2]}, [[3]]]}");

        CPPUNIT_ASSERT_EQUAL(std::string("x"), view->getString("a.b.0"));
        CPPUNIT_ASSERT_EQUAL(2, view->getInt("a.b.1.c.1"));
        CPPUNIT_ASSERT_EQUAL(3, view->getInt("a.b.2.0.0"));
        for (const std::string key : {"a.b.3", "a.b.-1", "a.b.00", "a.b.x", "a.b.0.c", "a..b", ".a",
                                      "a.b.0.", "a.b.99999999999999999999"}) {
            CPPUNIT_ASSERT_MESSAGE(key, !view->has(key));
        }
    }

    void mapsAndListsHaveChildrenAndNoText() {
        const ViewPtr view = viewOf("z=1\na {b=[x,y]\nc {}}");

        CPPUNIT_ASSERT(!view->has("a"));
        CPPUNIT_ASSERT(!view->has("a.b"));
        CPPUNIT_ASSERT((Keys{"z", "a"}) == keysOf(*view, ""));  // order of the file
        CPPUNIT_ASSERT((Keys{"b", "c"}) == keysOf(*view, "a"));
        CPPUNIT_ASSERT((Keys{"0", "1"}) == keysOf(*view, "a.b"));
        CPPUNIT_ASSERT(keysOf(*view, "a.c").empty());
        CPPUNIT_ASSERT(keysOf(*view, "z").empty());
        CPPUNIT_ASSERT(keysOf(*view, "none").empty());
    }

    void lettersOfAnyCaseAreFound() {
        std::string many = "Port=1\nPORT=2\nHost=h\nhost=g\n";
        CPPUNIT_ASSERT_EQUAL(2, viewOf(many)->getInt("port"));  // OPT-2, OPT-3
        CPPUNIT_ASSERT_EQUAL(1, viewOf(many)->getInt("Port"));
        for (int i = 0; i < 100; ++i) {
            many += "k" + std::to_string(i) + "=0\n";
        }
        CPPUNIT_ASSERT_EQUAL(2, viewOf(many)->getInt("port"));
        CPPUNIT_ASSERT_EQUAL(1, viewOf(many)->getInt("Port"));
        CPPUNIT_ASSERT_EQUAL(std::string("g"), viewOf(many)->getString("host"));
        CPPUNIT_ASSERT_EQUAL(std::string("g"), viewOf(many)->getString("HOST"));
    }

    void rawTextsAreNotExpanded() {
        const ViewPtr view = viewOf("pass='a${port}b\\n'\nport=1");
        CPPUNIT_ASSERT_EQUAL(std::string("a${port}b\\n"), view->getRawString("pass"));
    }

    void keysWithDotsAreListedOnly() {
        const ViewPtr view = viewOf("a.b=1\nm {'x.y'=2}");

        CPPUNIT_ASSERT((Keys{"a.b", "m"}) == keysOf(*view, ""));
        CPPUNIT_ASSERT((Keys{"x.y"}) == keysOf(*view, "m"));
        CPPUNIT_ASSERT(!view->has("a.b"));
        CPPUNIT_ASSERT(!view->has("m.x.y"));
    }

    void placesAreThoseOfTheFile() {
        const ViewPtr view = viewOf("a=1\nm {\n  list=[5,\n 6]}");

        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:1:0"), view->place("a")->text());
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:3:3"), view->place("m.list")->text());
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:4:2"), view->place("M.LIST.1")->text());
        CPPUNIT_ASSERT(!view->place("m.none"));

        const Value block = view->find("m")->at(*view->place("m"));
        const ViewPtr part(new ConfigView(block));
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:2:1"), part->place("")->text());
        CPPUNIT_ASSERT_EQUAL(6, part->getInt("list.1"));
    }

    void variablesAreKnown() {
        const ViewPtr view = viewOf("m {P=1\nq=$P}");
        CPPUNIT_ASSERT(view->isVariable("m.P"));  // OPT-4
        CPPUNIT_ASSERT(!view->isVariable("m.q"));
        CPPUNIT_ASSERT(!view->isVariable("m.none"));
    }

    void nothingCanBeWritten() {
        ViewPtr view = viewOf("a=1");
        CPPUNIT_ASSERT_THROW(view->setInt("a", 2), Poco::NotImplementedException);
        CPPUNIT_ASSERT_THROW(view->setString("b", "x"), Poco::NotImplementedException);
        CPPUNIT_ASSERT_THROW(view->remove("a"), Poco::NotImplementedException);
        CPPUNIT_ASSERT_EQUAL(1, view->getInt("a"));
    }

    void contentIsSharedAndOutlivesItsMap() {
        ViewPtr view;
        {
            const Map map = parseText("m {list=[1,2]}", "t", worldOf({}));
            view = new ConfigView(map.find("m")->value);
            CPPUNIT_ASSERT_EQUAL(map.find("m")->value.map()->find("list")->value.array(),
                                 view->find("list")->array());
        }
        CPPUNIT_ASSERT_EQUAL(2, view->getInt("list.1"));
    }

    void theHostsTrackingWorksOnIt() {
        const ViewPtr view = viewOf("a=1\nm {b=2\nc=[3]}");
        const TrackedConfig tracked(view);

        CPPUNIT_ASSERT_EQUAL(1, tracked.getInt("a"));
        CPPUNIT_ASSERT((std::vector<std::string>{"m.b", "m.c.0"}) == tracked.unread());
        CPPUNIT_ASSERT_EQUAL(3, tracked.getInt("m.c.0"));
        CPPUNIT_ASSERT_EQUAL(std::string("m.c.0"), tracked.lastKey());
        CPPUNIT_ASSERT_EQUAL(std::string("t.conf:3:4"), view->place(tracked.lastKey())->text());
    }

    void lookupsDoNotDependOnTheNumberOfSiblings() {
        constexpr int kCount = 20'000;
        std::string text = "users=[\n";
        for (int i = 0; i < kCount; ++i) {
            text += "{user: u" + std::to_string(i) + "}\n";
        }
        text += "]\nmap {\n";
        for (int i = 0; i < kCount; ++i) {
            text += "u" + std::to_string(i) + "=" + std::to_string(i) + "\n";
        }
        const ViewPtr view = viewOf(text + "}");

        const std::clock_t begin = std::clock();
        for (int i = 0; i < kCount; ++i) {
            const std::string number = std::to_string(i);
            CPPUNIT_ASSERT_EQUAL("u" + number, view->getString("users." + number + ".user"));
            CPPUNIT_ASSERT_EQUAL(i, view->getInt("map.u" + number));
        }
        // One by one it would be 400 million steps.
        CPPUNIT_ASSERT_MESSAGE(std::to_string(secondsOf(begin)), secondsOf(begin) < 3.0);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigViewTest);
