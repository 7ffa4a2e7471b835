// Estimates are exact where alternatives lead to equally many executions, and near elsewhere.
#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <cmath>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

namespace pawl::check::tests {
namespace {

template <class Body>
void on_threads(std::size_t n, const Body& body) {
  std::array<thread, 10> threads;
  for (std::size_t i = 0; i < n; ++i) threads[i] = thread([&body, i] { body(i); });
  for (std::size_t i = 0; i < n; ++i) threads[i].join();
}

void increments() {  // 7! = 5040.
  atomic<int> x{0};
  on_threads(7, [&](std::size_t) { x.fetch_add(1, memory_order_relaxed); });
}

void readers() {  // 2^9 = 512.
  atomic<int> x{0};
  on_threads(10, [&](std::size_t i) {
    if (i == 0)
      x.store(1, memory_order_relaxed);
    else
      (void)x.load(memory_order_relaxed);
  });
}

void skewed() {  // One alternative of the first decision leads to 5040 executions, seven to one.
  if (choose(8) == 3) increments();
}

void rotating() {  // 523: thread i of 7 turns i into i + 1.
  atomic<int> x{0};
  on_threads(7, [&](std::size_t i) {
    int expected = static_cast<int>(i);
    x.compare_exchange_strong(expected, static_cast<int>(i) + 1, memory_order_relaxed);
  });
}

void fails_sometimes() {
  atomic<int> x{0};
  on_threads(3, [&](std::size_t i) {
    const int before = x.fetch_add(1, memory_order_relaxed);
    require(i != 0 || before != 2, "the first thread is not the last");
  });
}

estimation estimated(program p) {
  const report r = explore(std::move(p), {.estimate = true});
  CPPUNIT_ASSERT(r.before.has_value());
  return *r.before;
}

class estimate_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(estimate_test);
  CPPUNIT_TEST(uniform_trees_exactly);
  CPPUNIT_TEST(skewed_trees_nearly);
  CPPUNIT_TEST(changes_no_count);
  CPPUNIT_TEST(finds_bugs);
  CPPUNIT_TEST(while_it_runs);
  CPPUNIT_TEST(random_has_nothing_to_estimate);
  CPPUNIT_TEST_SUITE_END();

 public:
  void uniform_trees_exactly() {
    const estimation e = estimated([] { (void)choose(12); });
    CPPUNIT_ASSERT_DOUBLES_EQUAL(12, e.executions, 1e-6);
    CPPUNIT_ASSERT_DOUBLES_EQUAL(0, e.deviation, 1e-6);
    CPPUNIT_ASSERT(e.descents >= 1000);
  }

  void skewed_trees_nearly() {
    const std::pair<program, double> programs[] = {
        {increments, 5040}, {readers, 512}, {skewed, 5047}, {rotating, 523}};
    for (const auto& [p, count] : programs) {
      const estimation e = estimated(p);
      CPPUNIT_ASSERT(e.executions > count / 1.5 && e.executions < count * 1.5);
      CPPUNIT_ASSERT(e.deviation > 0);
      CPPUNIT_ASSERT(std::abs(e.executions - count) < 5 * e.deviation);
    }
  }

  void changes_no_count() {
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{523}, explore(rotating, {.estimate = true}).complete);
  }

  void finds_bugs() {
    const report r = explore(fails_sometimes, {.estimate = true});
    CPPUNIT_ASSERT(r.verdict == verdict::bug);
    CPPUNIT_ASSERT(explore(fails_sometimes, {.replay = r.error.value().token}).error.has_value());
  }

  void while_it_runs() {
    double total = 0;
    std::uint64_t seen = 0;
    for (const unsigned jobs : {1u, 2u}) {
      const auto watch = [&](const progress& now) {
        seen = now.complete;
        total = now.expected;
        return now.complete < 300'000;
      };
      CPPUNIT_ASSERT(
          explore(long_increments, {.jobs = jobs, .snapshots = snapshot_use::automatic}, watch)
              .verdict == verdict::limited);
      CPPUNIT_ASSERT(seen >= 300'000);
      // The first alternatives lead to less than the others: see docs/checker.md.
      CPPUNIT_ASSERT(total > 3628800 / 8.0 && total < 3628800 * 4.0);
    }
  }

  void random_has_nothing_to_estimate() {
    CPPUNIT_ASSERT(
        explore(readers, {.strategy = strategy::random, .executions = 9, .estimate = true})
            .verdict == verdict::refused);
  }

 private:
  static void long_increments() {  // 10! = 3628800.
    atomic<int> x{0};
    on_threads(10, [&](std::size_t) { x.fetch_add(1, memory_order_relaxed); });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(estimate_test);

}  // namespace
}  // namespace pawl::check::tests
