// Runs the CppUnit tests of the executable.
//
//   --list   one test name a line
//   NAME…    the tests or suites of these names; without, all
//
// Exit code: 0 all passed, 1 one failed, 2 no such test, or none at all.

#include <cppunit/CompilerOutputter.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/TestRunner.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <iostream>
#include <span>
#include <stdexcept>
#include <string_view>

namespace {

void list(const CppUnit::Test& test) {
  if (test.getChildTestCount() == 0) {
    if (test.countTestCases() > 0) std::cout << test.getName() << '\n';
    return;
  }
  for (int i = 0; i < test.getChildTestCount(); ++i) list(*test.getChildTestAt(i));
}

int run(CppUnit::TestRunner& runner, std::span<char* const> names) {
  CppUnit::TestResult events;
  CppUnit::TestResultCollector collected;
  events.addListener(&collected);
  try {
    if (names.empty()) runner.run(events);
    for (const char* name : names) runner.run(events, name);
  } catch (const std::invalid_argument&) {
    std::cerr << "no such test; --list names them\n";
    return 2;
  }
  CppUnit::CompilerOutputter(&collected, std::cerr).write();
  if (collected.runTests() == 0) {
    std::cerr << "no test ran\n";
    return 2;
  }
  return collected.wasSuccessful() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CppUnit::Test* const all = CppUnit::TestFactoryRegistry::getRegistry().makeTest();
  CppUnit::TestRunner runner;
  runner.addTest(all);
  const std::span<char* const> arguments(argv + 1, argv + argc);
  if (arguments.size() == 1 && std::string_view(arguments[0]) == "--list") {
    list(*all);
    return 0;
  }
  return run(runner, arguments);
}
