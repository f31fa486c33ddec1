// The parser against the vectors CV-001 to CV-298.

#include "tests/plugins/Fixtures.h"
#include "tests/plugins/conf/ConfFixture.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <Poco/String.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>

using namespace gnatsd::host::conf;
using namespace gnatsd::tests;
using Poco::Dynamic::Var;

namespace {

/// A vector's result in the notation of print().
std::string printed(const Var& value) {
    if (value.type() == typeid(Poco::JSON::Object::Ptr)) {
        const auto object = value.extract<Poco::JSON::Object::Ptr>();
        std::string text = "{";
        for (const auto& [key, item] : *object) {
            text += (text.size() > 1 ? "," : "") + print(Value(key, {})) + ":" + printed(item);
        }
        return text + "}";
    }
    if (value.type() == typeid(Poco::JSON::Array::Ptr)) {
        std::string text = "[";
        for (const Var& item : *value.extract<Poco::JSON::Array::Ptr>()) {
            text += (text.size() > 1 ? "," : "") + printed(item);
        }
        return text + "]";
    }
    if (value.isString()) {
        return print(Value(value.extract<std::string>(), {}));
    }
    if (value.isBoolean()) {
        return value.convert<bool>() ? "true" : "false";
    }
    return value.isInteger() ? print(Value(value.convert<std::int64_t>(), {}))
                             : print(Value(value.convert<double>(), {}));
}

/// What is wrong with the outcome, or empty.
std::string complaint(const Poco::JSON::Object& vector, const std::string& outcome,
                      const std::string& path) {
    if (vector.has("result")) {
        const std::string expected = printed(vector.get("result"));
        return outcome == expected ? "" : "wanted " + expected + ", got " + outcome;
    }
    const std::string mark = "error: ";
    if (!outcome.starts_with(mark)) {
        return "wanted an error, got " + outcome;
    }
    const std::string text = outcome.substr(mark.size());
    if (vector.has("error_prefix")) {
        const auto prefix = vector.getValue<std::string>("error_prefix");
        return text.starts_with(prefix) ? "" : "wanted " + prefix + "..., got " + text;
    }
    if (vector.isNull("error")) {
        return text.empty() ? "no text" : "";
    }
    const std::string expected =
        Poco::replace(vector.getValue<std::string>("error"), std::string("FILE"), path);
    return text == expected ? "" : "wanted " + expected + ", got " + text;
}

}  // namespace

class VectorsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(VectorsTest);
    CPPUNIT_TEST(everyVectorGivesItsResult);
    CPPUNIT_TEST_SUITE_END();

    void everyVectorGivesItsResult() {
        const Var parsed = Poco::JSON::Parser().parse(readFile(GNATSD_CONF_VECTORS));
        const auto& root = *parsed.extract<Poco::JSON::Object::Ptr>();
        for (const auto& [name, content] : *root.getObject("files")) {
            const std::filesystem::path file = folder_.path() / name;
            std::filesystem::create_directories(file.parent_path());
            writeFile(file.string(), content.extract<std::string>());
        }

        std::string failures;
        int count = 0;
        for (const Var& item : *root.getArray("vectors")) {
            const auto& vector = *item.extract<Poco::JSON::Object::Ptr>();
            const std::string problem = complaint(vector, resultOf(vector), path_);
            failures +=
                problem.empty() ? "" : vector.getValue<std::string>("id") + ": " + problem + "\n";
            ++count;
        }

        CPPUNIT_ASSERT_EQUAL(std::string(), failures);
        CPPUNIT_ASSERT_EQUAL(298, count);
    }

    std::string resultOf(const Poco::JSON::Object& vector) {
        writeFile(path_, vector.getValue<std::string>("input"));
        TextMap variables;
        if (vector.has("env")) {
            for (const auto& [name, value] : *vector.getObject("env")) {
                variables[name] = value.extract<std::string>();
            }
        }
        Environment environment = worldOf(variables);
        environment.read = fileText;
        try {
            return print(parseFile(path_, environment));
        } catch (const ParseError& error) {
            CPPUNIT_ASSERT(!error.report().empty());
            return "error: " + error.message();
        }
    }

    TempFolder folder_;
    const std::string path_ = folder_.file("main.conf");
};

CPPUNIT_TEST_SUITE_REGISTRATION(VectorsTest);
