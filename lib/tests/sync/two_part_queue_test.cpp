#include <pawl/sync/two_part_queue.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <random>
#include <vector>

namespace {

struct idle_waiter : pawl::waiter {
  idle_waiter() : waiter([](pawl::work_item&) noexcept {}, 1, false) {}
};

// The same, for the reader.
struct reference {
  std::deque<pawl::waiter*> front, rear;

  pawl::waiter* first() const {
    if (!front.empty()) return front.front();
    return rear.empty() ? nullptr : rear.front();
  }
  pawl::waiter* first_of_rear() const { return rear.empty() ? nullptr : rear.front(); }
};

class two_part_queue_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(two_part_queue_test);
  CPPUNIT_TEST(without_a_rear_it_is_a_queue);
  CPPUNIT_TEST(the_rear_comes_last);
  CPPUNIT_TEST(agrees_with_two_queues);
  CPPUNIT_TEST(counts_for_the_first_of_the_rear);
  CPPUNIT_TEST_SUITE_END();

 public:
  void without_a_rear_it_is_a_queue() {
    idle_waiter w[3];
    pawl::two_part_queue q;
    for (auto& each : w) q.push_back(each);
    CPPUNIT_ASSERT(q.rear() == nullptr);
    for (auto& each : w) {
      CPPUNIT_ASSERT(q.front() == &each);
      q.remove(each);
    }
    CPPUNIT_ASSERT(q.front() == nullptr && q.rear() == nullptr);
  }

  void the_rear_comes_last() {
    idle_waiter last, first, second;
    pawl::two_part_queue q;
    q.push_rear(last);
    q.push_before_rear(second);
    q.push_front(first);
    for (auto* each : {&first, &second, &last}) {
      CPPUNIT_ASSERT(q.front() == each && q.rear() == &last);
      q.remove(*each);
    }
    CPPUNIT_ASSERT(q.front() == nullptr);
  }

  void agrees_with_two_queues() {
    std::mt19937 random(1);
    std::vector<idle_waiter> all(8);
    std::vector<bool> queued(all.size());
    pawl::two_part_queue q;
    reference r;
    for (int step = 0; step < 20000; ++step) {
      const std::size_t i = random() % all.size();
      pawl::waiter* const w = &all[i];
      if (queued[i]) {
        q.remove(all[i]);
        std::erase(r.front, w);
        std::erase(r.rear, w);
      } else if (const auto where = random() % 3; where == 0) {
        q.push_rear(all[i]);
        r.rear.push_back(w);
      } else if (where == 1) {
        q.push_before_rear(all[i]);
        r.front.push_back(w);
      } else {
        q.push_front(all[i]);
        r.front.push_front(w);
      }
      queued[i] = !queued[i];
      CPPUNIT_ASSERT(q.front() == r.first());
      CPPUNIT_ASSERT(q.rear() == r.first_of_rear());
    }
  }

  void counts_for_the_first_of_the_rear() {
    idle_waiter a, b;
    pawl::two_part_queue q;
    q.note_overtaken();
    q.push_rear(a);
    q.push_rear(b);
    CPPUNIT_ASSERT_EQUAL(0u, q.times_overtaken());
    q.note_overtaken();
    CPPUNIT_ASSERT_EQUAL(1u, q.times_overtaken());
    for (int i = 0; i < 1000; ++i) q.note_overtaken();
    CPPUNIT_ASSERT_EQUAL(255u, q.times_overtaken());
    q.remove(a);
    CPPUNIT_ASSERT_EQUAL(0u, q.times_overtaken());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(two_part_queue_test);

}  // namespace
