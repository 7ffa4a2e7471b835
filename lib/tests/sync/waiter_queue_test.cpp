#include <pawl/sync/waiter_queue.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <vector>

namespace {

struct idle_waiter : pawl::waiter {
  idle_waiter() : waiter([](pawl::work_item&) noexcept {}, 1, false) {}
};

class waiter_queue_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(waiter_queue_test);
  CPPUNIT_TEST(first_in_first_out);
  CPPUNIT_TEST(out_of_any_place);
  CPPUNIT_TEST_SUITE_END();

 public:
  void first_in_first_out() {
    idle_waiter w[3];
    pawl::waiter_queue q;
    CPPUNIT_ASSERT(q.front() == nullptr);
    for (auto& each : w) q.push_back(each);
    for (auto& each : w) {
      CPPUNIT_ASSERT(q.front() == &each);
      q.remove(each);
    }
    CPPUNIT_ASSERT(q.front() == nullptr);
  }

  void out_of_any_place() {
    for (std::size_t place = 0; place < 4; ++place) {
      idle_waiter w[4];
      pawl::waiter_queue q;
      for (auto& each : w) q.push_back(each);
      q.remove(w[place]);
      q.push_back(w[place]);
      std::vector<pawl::waiter*> order;
      while (pawl::waiter* const first = q.front()) {
        order.push_back(first);
        q.remove(*first);
      }
      CPPUNIT_ASSERT_EQUAL(std::size_t{4}, order.size());
      CPPUNIT_ASSERT(order.back() == &w[place]);
      for (std::size_t i = 0; i < 3; ++i) CPPUNIT_ASSERT(order[i] == &w[i < place ? i : i + 1]);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(waiter_queue_test);

}  // namespace
