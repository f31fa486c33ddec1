// PluginTestFixture: runs gnatsd-plugin-test, mostly with the misbehaving module `wayward`, and
// looks at its output and status.

#pragma once

#include "tests/plugins/Fixtures.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace gnatsd::tests {

class PluginTestFixture : public CppUnit::TestFixture {
protected:
    using Words = std::vector<std::string>;

    static void assertHas(const Outcome& outcome, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' not in:\n" + outcome.output,
                               outcome.output.find(part) != std::string::npos);
    }
    static void assertHasNot(const Outcome& outcome, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' in:\n" + outcome.output,
                               outcome.output.find(part) == std::string::npos);
    }
    static void assertStatus(int status, const Outcome& outcome) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, status, outcome.status);
    }

    /// Runs a script with the misbehaving module, or another one.
    Outcome test(const std::string& script, Words flags = {},
                 const std::string& module = testModule("wayward")) {
        writeFile(folder_.file("x.plugintest"), script);
        flags.insert(flags.end(), {module, folder_.file("x.plugintest")});
        return run(GNATSD_PLUGIN_TEST, flags);
    }

    TempFolder folder_;
};

}  // namespace gnatsd::tests
