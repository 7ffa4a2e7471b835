#include <pawl/error.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

namespace {

class error_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(error_test);
  CPPUNIT_TEST(a_message_names_value_and_limit);
  CPPUNIT_TEST(a_message_without_figures_has_none);
  CPPUNIT_TEST(value_throws_operation_failed_with_the_message);
  CPPUNIT_TEST(or_throw_takes_every_result);
  CPPUNIT_TEST(failure_converts_to_every_result);
  CPPUNIT_TEST(every_code_has_its_own_name);
  CPPUNIT_TEST_SUITE_END();

  void a_message_names_value_and_limit() {
    const std::string text = to_string(pawl::error{pawl::errc::exceeds_limit, 70000, 65535});
    CPPUNIT_ASSERT(text.find("exceeds_limit") != std::string::npos);
    CPPUNIT_ASSERT(text.find("70000") != std::string::npos);
    CPPUNIT_ASSERT(text.find("65535") != std::string::npos);
  }

  void a_message_without_figures_has_none() {
    const std::string text = to_string(pawl::error{pawl::errc::cancelled});
    CPPUNIT_ASSERT(text.find_first_of("0123456789") == std::string::npos);
  }

  void value_throws_operation_failed_with_the_message() {
    pawl::result<int> r = pawl::failure(pawl::errc::exceeds_limit, 9, 4);
    try {
      static_cast<void>(r.value());
      CPPUNIT_FAIL("value() of a failure returned");
    } catch (const pawl::operation_failed& failed) {
      CPPUNIT_ASSERT(failed.error() == r.error());
      CPPUNIT_ASSERT_EQUAL(to_string(r.error()), std::string(failed.what()));
    }
  }

  void or_throw_takes_every_result() {
    const pawl::result<void> closed = pawl::failure(pawl::errc::closed);
    CPPUNIT_ASSERT_THROW(pawl::or_throw(closed), pawl::operation_failed);
    pawl::or_throw(pawl::result<void>());
    const auto seven = pawl::or_throw(pawl::result<std::unique_ptr<int>>(std::make_unique<int>(7)));
    CPPUNIT_ASSERT_EQUAL(7, *seven);
  }

  void failure_converts_to_every_result() {
    const pawl::result<void> nothing = pawl::failure(pawl::errc::closed);
    const pawl::result<std::string> text = pawl::failure(pawl::errc::closed);
    CPPUNIT_ASSERT(!nothing && nothing.error() == pawl::error{pawl::errc::closed});
    CPPUNIT_ASSERT(!text && text.error() == nothing.error());
  }

  void every_code_has_its_own_name() {
    using pawl::errc;
    const errc codes[] = {errc::cancelled, errc::timed_out,   errc::closed,
                          errc::poisoned,  errc::would_block, errc::exceeds_limit};
    for (errc a : codes) {
      CPPUNIT_ASSERT(to_string(a) != "unknown");
      for (errc b : codes) CPPUNIT_ASSERT_EQUAL(a == b, to_string(a) == to_string(b));
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(error_test);

}  // namespace
