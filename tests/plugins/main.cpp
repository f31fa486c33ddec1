// Runs the tests of this executable, or those whose path is the first argument, and fails when
// there are none.

#include <cppunit/CompilerOutputter.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/extensions/TestFactoryRegistry.h>
#include <cppunit/ui/text/TestRunner.h>

#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
    CppUnit::Test* suite = CppUnit::TestFactoryRegistry::getRegistry().makeTest();
    CppUnit::TextUi::TestRunner runner;
    runner.addTest(suite);
    runner.setOutputter(new CppUnit::CompilerOutputter(&runner.result(), std::cerr));
    try {
        const bool passed = runner.run(argc > 1 ? argv[1] : "", false, true, false);
        const int count = runner.result().runTests();
        std::cerr << count << " tests run\n";
        return passed && count > 0 ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
