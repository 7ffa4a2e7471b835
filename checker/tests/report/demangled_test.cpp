#include "report/demangled.hpp"

#include <cppunit/extensions/HelperMacros.h>

using pawl::check::reporting::demangled;

class demangled_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(demangled_test);
  CPPUNIT_TEST(names_of_cpp_are_as_in_the_source);
  CPPUNIT_TEST(unnamed_namespaces_are_left_out);
  CPPUNIT_TEST(other_names_stay);
  CPPUNIT_TEST_SUITE_END();

 public:
  void names_of_cpp_are_as_in_the_source() {
    CPPUNIT_ASSERT_EQUAL(std::string("queue::push(int)"), demangled("_ZN5queue4pushEi"));
    CPPUNIT_ASSERT_EQUAL(std::string("guard variable for x"), demangled("_ZGV1x"));
  }
  void unnamed_namespaces_are_left_out() {
    CPPUNIT_ASSERT_EQUAL(std::string("f(a)"), demangled("_ZN12_GLOBAL__N_11fENS_1aE"));
  }
  void other_names_stay() {
    for (const std::string symbol : {"x", "main", "", "_Z", "_Z!", "__tsan_read4"})
      CPPUNIT_ASSERT_EQUAL(symbol, demangled(symbol));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(demangled_test);
