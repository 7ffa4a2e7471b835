#include "tool/split.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tool/usage_error.hpp"

using namespace pawl::check::tool;

class split_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(split_test);
  CPPUNIT_TEST(takes_words_as_a_shell_does);
  CPPUNIT_TEST(names_a_quote_without_end);
  CPPUNIT_TEST_SUITE_END();

 public:
  void takes_words_as_a_shell_does() {
    using words = std::vector<std::string>;
    CPPUNIT_ASSERT(split("--args", " \t ").empty());
    CPPUNIT_ASSERT(split("--args", " a  b\n") == (words{"a", "b"}));
    CPPUNIT_ASSERT(split("--args", R"('a "b' "c 'd" e\ f '')") ==
                   (words{"a \"b", "c 'd", "e f", ""}));
    CPPUNIT_ASSERT(split("--args", R"(-x'y z'" w" 'a\')") == (words{"-xy z w", "a\\"}));
  }

  void names_a_quote_without_end() {
    try {
      static_cast<void>(split("--args", "a 'b"));
    } catch (const usage_error& error) {
      CPPUNIT_ASSERT_EQUAL(std::string("--args: a quote in 'a 'b' has no end"),
                           std::string(error.what()));
      return;
    }
    CPPUNIT_FAIL("accepted");
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(split_test);
