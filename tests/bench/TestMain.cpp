// Runs the tests linked into this program; fails when one fails or there are none.

#include <cppunit/CompilerOutputter.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/extensions/TestFactoryRegistry.h>
#include <cppunit/ui/text/TestRunner.h>

#include <iostream>

int main() {
    CppUnit::TextUi::TestRunner runner;
    runner.addTest(CppUnit::TestFactoryRegistry::getRegistry().makeTest());
    runner.setOutputter(new CppUnit::CompilerOutputter(&runner.result(), std::cerr));
    const bool passed = runner.run();
    const int count = runner.result().runTests();
    std::cerr << count << " tests run\n";
    return passed && count > 0 ? 0 : 1;
}
