#include <pawl/backend/backend.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <utility>

namespace {

class cell_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(cell_test);
  CPPUNIT_TEST(starts_value_initialised_or_with_its_argument);
  CPPUNIT_TEST(with_gives_the_value_itself_and_returns_what_f_returns);
  CPPUNIT_TEST_SUITE_END();

  void starts_value_initialised_or_with_its_argument() {
    pawl::cell<int> zero;
    pawl::cell<int> seven(7);
    CPPUNIT_ASSERT_EQUAL(0, zero.read());
    CPPUNIT_ASSERT_EQUAL(7, seven.read());
    zero.write(3);
    CPPUNIT_ASSERT_EQUAL(3, zero.read());
  }

  void with_gives_the_value_itself_and_returns_what_f_returns() {
    pawl::cell<std::unique_ptr<int>> holder(std::make_unique<int>(5));
    CPPUNIT_ASSERT_EQUAL(5, holder.with_read([](const auto& p) { return *p; }));
    auto taken = holder.with([](auto& p) { return std::move(p); });
    CPPUNIT_ASSERT_EQUAL(5, *taken);
    CPPUNIT_ASSERT(holder.with_read([](const auto& p) { return p == nullptr; }));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(cell_test);

}  // namespace
