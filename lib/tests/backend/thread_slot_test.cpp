#include <pawl/backend/backend.hpp>

#include <cppunit/extensions/HelperMacros.h>

namespace {

struct first_slot {
  int value = 3;
};
struct second_slot {
  int value = 4;
};

class thread_slot_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(thread_slot_test);
  CPPUNIT_TEST(the_type_is_the_key);
  CPPUNIT_TEST(each_thread_starts_anew);
  CPPUNIT_TEST_SUITE_END();

  void the_type_is_the_key() {
    pawl::thread_slot<first_slot>::get().value = 5;
    CPPUNIT_ASSERT_EQUAL(5, pawl::thread_slot<first_slot>::get().value);
    CPPUNIT_ASSERT_EQUAL(4, pawl::thread_slot<second_slot>::get().value);
  }

  void each_thread_starts_anew() {
    pawl::thread_slot<first_slot>::get().value = 6;
    int seen = 0;
    pawl::thread([&] { seen = pawl::thread_slot<first_slot>::get().value++; }).join();
    CPPUNIT_ASSERT_EQUAL(3, seen);
    CPPUNIT_ASSERT_EQUAL(6, pawl::thread_slot<first_slot>::get().value);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(thread_slot_test);

}  // namespace
