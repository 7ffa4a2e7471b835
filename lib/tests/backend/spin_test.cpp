#include <pawl/backend/backend.hpp>

#include <cppunit/extensions/HelperMacros.h>

namespace {

class spin_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(spin_test);
  CPPUNIT_TEST(spin_until_returns_the_first_value_that_satisfies);
  CPPUNIT_TEST(spin_update_replaces_and_returns_the_old_value);
  CPPUNIT_TEST(spin_update_makes_a_lock);
  CPPUNIT_TEST(spin_briefly_looks_until_it_has_seen_enough);
  CPPUNIT_TEST(spin_briefly_gives_up);
  CPPUNIT_TEST_SUITE_END();

  void spin_until_returns_the_first_value_that_satisfies() {
    pawl::atomic<int> value{0};
    int data = 0;
    pawl::thread writer([&] {
      data = 42;
      value.store(7, pawl::memory_order_release);
    });
    const auto nonzero = [](int v) { return v != 0; };
    CPPUNIT_ASSERT_EQUAL(7, pawl::spin_until(value, nonzero, pawl::memory_order_acquire));
    CPPUNIT_ASSERT_EQUAL(42, data);
    writer.join();
  }

  void spin_update_replaces_and_returns_the_old_value() {
    pawl::atomic<int> value{5};
    const int old = pawl::spin_update(
        value, [](int v) { return v == 5; }, [](int v) { return v + 1; },
        pawl::memory_order_relaxed);
    CPPUNIT_ASSERT_EQUAL(5, old);
    CPPUNIT_ASSERT_EQUAL(6, value.load(pawl::memory_order_relaxed));
  }

  void spin_update_makes_a_lock() {
    constexpr int rounds = 20000;
    pawl::atomic<bool> locked{false};
    int count = 0;
    const auto add = [&] {
      for (int i = 0; i < rounds; ++i) {
        pawl::spin_update(
            locked, [](bool held) { return !held; }, [](bool) { return true; },
            pawl::memory_order_acquire);
        ++count;
        locked.store(false, pawl::memory_order_release);
      }
    };
    pawl::thread other(add);
    add();
    other.join();
    CPPUNIT_ASSERT_EQUAL(2 * rounds, count);
  }

  void spin_briefly_looks_until_it_has_seen_enough() {
    const pawl::atomic<int> value{5};
    unsigned looks = 0;
    pawl::spin_briefly(value, [&looks](int v) { return ++looks == 3 && v == 5; });
    CPPUNIT_ASSERT_EQUAL(3U, looks);
  }

  void spin_briefly_gives_up() {
    const pawl::atomic<int> value{5};
    unsigned looks = 0;
    pawl::spin_briefly(value, [&looks](int) { return ++looks == 0; });
    CPPUNIT_ASSERT_EQUAL(pawl::limits::most_looks, looks);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(spin_test);

}  // namespace
