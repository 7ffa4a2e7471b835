#include <pawl/task/timer_heap.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <iterator>
#include <set>

namespace {

using time_point = pawl::steady_clock::time_point;

time_point at(int tick) { return time_point(std::chrono::milliseconds(tick)); }

struct test_timer : pawl::timer_item {
  explicit test_timer(int tick) : timer_item(at(tick), nullptr) {}
};

class timer_heap_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(timer_heap_test);
  CPPUNIT_TEST(an_empty_heap_has_nothing_due);
  CPPUNIT_TEST(what_is_due_comes_in_order_of_deadlines);
  CPPUNIT_TEST(remove_says_whether_the_item_was_there);
  CPPUNIT_TEST(agrees_with_a_sorted_set_under_random_use);
  CPPUNIT_TEST(ranks_stay_logarithmic_for_sorted_input);
  CPPUNIT_TEST_SUITE_END();

  pawl::detail::timer_heap heap_;

  void an_empty_heap_has_nothing_due() {
    CPPUNIT_ASSERT(heap_.first() == nullptr);
    CPPUNIT_ASSERT(heap_.take_due(time_point::max()) == nullptr);
  }

  void what_is_due_comes_in_order_of_deadlines() {
    test_timer late(30), early(10), middle(20);
    for (test_timer* t : {&late, &early, &middle}) heap_.insert(*t);
    CPPUNIT_ASSERT(heap_.take_due(at(9)) == nullptr);
    CPPUNIT_ASSERT(heap_.take_due(at(20)) == &early);
    CPPUNIT_ASSERT(heap_.take_due(at(20)) == &middle);
    CPPUNIT_ASSERT(heap_.take_due(at(20)) == nullptr);
    CPPUNIT_ASSERT(heap_.first() == &late);
  }

  void remove_says_whether_the_item_was_there() {
    test_timer first(10), second(20);
    heap_.insert(first);
    heap_.insert(second);
    CPPUNIT_ASSERT(heap_.remove(first));
    CPPUNIT_ASSERT(!heap_.remove(first));
    CPPUNIT_ASSERT(heap_.take_due(at(20)) == &second);
    CPPUNIT_ASSERT(!heap_.remove(second));
  }

  void agrees_with_a_sorted_set_under_random_use() {
    std::uint64_t random = 20240229;
    const auto below = [&random](std::uint64_t n) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      return (random >> 33) % n;
    };
    std::deque<test_timer> timers;
    std::multiset<time_point> deadlines;
    std::set<test_timer*> armed;
    for (int step = 0; step < 3000; ++step) {
      if (below(3) != 0) {
        test_timer& t = timers.emplace_back(static_cast<int>(below(500)));
        heap_.insert(t);
        deadlines.insert(t.deadline);
        armed.insert(&t);
      } else if (!armed.empty()) {
        const auto victim = std::next(armed.begin(), static_cast<long>(below(armed.size())));
        CPPUNIT_ASSERT(heap_.remove(**victim));
        deadlines.erase(deadlines.find((*victim)->deadline));
        armed.erase(victim);
      }
      CPPUNIT_ASSERT_EQUAL(deadlines.empty(), heap_.first() == nullptr);
      if (!deadlines.empty()) CPPUNIT_ASSERT(heap_.first()->deadline == *deadlines.begin());
    }
    for (const time_point expected : deadlines) {
      pawl::timer_item* const due = heap_.take_due(time_point::max());
      CPPUNIT_ASSERT(due != nullptr && due->deadline == expected);
    }
    CPPUNIT_ASSERT(heap_.first() == nullptr);
  }

  void ranks_stay_logarithmic_for_sorted_input() {
    std::deque<test_timer> timers;
    for (int tick = 0; tick < 1023; ++tick) heap_.insert(timers.emplace_back(tick));
    for (test_timer& t : timers) CPPUNIT_ASSERT(t.rank.read() <= 10);  // log2(1023 + 1)
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(timer_heap_test);

}  // namespace
