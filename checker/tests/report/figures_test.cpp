#include "report/figures.hpp"

#include <cppunit/extensions/HelperMacros.h>

using namespace pawl::check::reporting;

class figures_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(figures_test);
  CPPUNIT_TEST(counts);
  CPPUNIT_TEST(rates);
  CPPUNIT_TEST(durations);
  CPPUNIT_TEST_SUITE_END();

 public:
  void counts() {
    CPPUNIT_ASSERT_EQUAL(std::string("0"), count(0));
    CPPUNIT_ASSERT_EQUAL(std::string("999"), count(999));
    CPPUNIT_ASSERT_EQUAL(std::string("1,000"), count(1000));
    CPPUNIT_ASSERT_EQUAL(std::string("18,446,744,073,709,551,615"), count(~std::uint64_t{0}));
  }
  void rates() {
    CPPUNIT_ASSERT_EQUAL(std::string("-"), rate(0));
    CPPUNIT_ASSERT_EQUAL(std::string("950/s"), rate(950));
    CPPUNIT_ASSERT_EQUAL(std::string("1.00 k/s"), rate(999.7));
    CPPUNIT_ASSERT_EQUAL(std::string("412 k/s"), rate(412'345));
    CPPUNIT_ASSERT_EQUAL(std::string("1.00 M/s"), rate(999'700));
    CPPUNIT_ASSERT_EQUAL(std::string("23.1 M/s"), rate(23'100'000));
  }
  void durations() {
    CPPUNIT_ASSERT_EQUAL(std::string("0.00 s"), duration(0));
    CPPUNIT_ASSERT_EQUAL(std::string("9.99 s"), duration(9.99));
    CPPUNIT_ASSERT_EQUAL(std::string("10.0 s"), duration(9.996));
    CPPUNIT_ASSERT_EQUAL(std::string("1:00 min"), duration(59.97));
    CPPUNIT_ASSERT_EQUAL(std::string("1:15 min"), duration(75));
    CPPUNIT_ASSERT_EQUAL(std::string("2:00:01 h"), duration(7201));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(figures_test);
