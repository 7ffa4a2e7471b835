#include <cppunit/extensions/HelperMacros.h>

#include <pawl/check/options.hpp>
#include <pawl/check/report.hpp>

#include <set>

using namespace pawl::check;

class names_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(names_test);
  CPPUNIT_TEST(what_is_printed_can_be_parsed);
  CPPUNIT_TEST(other_words_are_refused);
  CPPUNIT_TEST(every_failure_has_a_name_of_its_own);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_is_printed_can_be_parsed() {
    for (const memory_model m :
         {memory_model::rc11, memory_model::ra, memory_model::tso, memory_model::sc})
      CPPUNIT_ASSERT(parse_memory_model(to_string(m)) == m);
    for (const strategy s :
         {strategy::exhaustive, strategy::random, strategy::pct, strategy::pos, strategy::guided})
      CPPUNIT_ASSERT(parse_strategy(to_string(s)) == s);
    for (const resumption r : {resumption::own_thread, resumption::in_waker})
      CPPUNIT_ASSERT(parse_resumption(to_string(r)) == r);
  }
  void other_words_are_refused() {
    CPPUNIT_ASSERT(!parse_memory_model("arm"));
    CPPUNIT_ASSERT(!parse_memory_model("RC11"));
    CPPUNIT_ASSERT(!parse_strategy("dfs"));
    CPPUNIT_ASSERT(!parse_strategy(""));
    CPPUNIT_ASSERT(!parse_resumption("both"));
  }
  void every_failure_has_a_name_of_its_own() {
    std::set<std::string_view> names;
    constexpr auto last = static_cast<int>(failure_kind::vacuous);
    for (int i = 0; i <= last; ++i) names.insert(to_string(static_cast<failure_kind>(i)));
    CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(last) + 1, names.size());
    CPPUNIT_ASSERT(!names.contains("unknown"));
    CPPUNIT_ASSERT_EQUAL(std::string_view("unknown"),
                         to_string(static_cast<failure_kind>(last + 1)));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(names_test);
