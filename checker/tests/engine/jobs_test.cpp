// Several workers explore what one does, each execution once.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <array>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

namespace pawl::check::tests {
namespace {

template <class Body>
void on_threads(std::size_t n, const Body& body) {
  std::array<thread, 8> threads;
  for (std::size_t i = 0; i < n; ++i) threads[i] = thread([&body, i] { body(i); });
  for (std::size_t i = 0; i < n; ++i) threads[i].join();
}

void increments() {  // Backward revisits.
  atomic<int> x{0};
  on_threads(7, [&](std::size_t) { x.fetch_add(1, memory_order_relaxed); });
}

void readers() {  // Forward choices only.
  std::array<atomic<int>, 2> x{};
  on_threads(7, [&](std::size_t i) {
    if (i == 0)
      for (auto& each : x) each.store(1, memory_order_relaxed);
    else
      for (auto& each : x) (void)each.load(memory_order_relaxed);
  });
}

// The waits seem ordered until the two stores meet, in a part of the tree that one worker comes to:
// all begin anew.
void unordered_waits() {
  atomic<int> flag{0}, x{0};
  on_threads(6, [&](std::size_t i) {
    if (i < 2) {
      if (x.fetch_add(1, memory_order_relaxed) == 4) flag.store(1, memory_order_relaxed);
    } else if (i == 2) {
      flag.store(1, memory_order_relaxed);
    } else if (i == 3) {
      spin_until(flag, [](int v) { return v != 0; }, memory_order_acquire);
    } else {
      x.fetch_add(1, memory_order_relaxed);
    }
  });
}

// Which child has which number depends on which execution is seen first.
void threads_that_depend_on_the_execution() {
  atomic<int> x{0};
  on_threads(3, [&](std::size_t i) {
    if (x.fetch_add(1, memory_order_relaxed) != static_cast<int>(i)) return;
    on_threads(2, [&](std::size_t) { x.fetch_add(1, memory_order_relaxed); });
  });
}

void spinners() {  // Known to spin only when a part of the tree is seen: one worker goes on alone.
  atomic<int> flag{0}, x{0};
  on_threads(5, [&](std::size_t i) {
    if (i == 0) {
      if (x.load(memory_order_relaxed) < 3) return;
      while (flag.load(memory_order_acquire) == 0) this_thread::yield();
    } else if (i == 4) {
      flag.store(1, memory_order_release);
    } else {
      x.fetch_add(1, memory_order_relaxed);
    }
  });
}

void fails_once() {
  atomic<int> x{0};
  on_threads(7, [&](std::size_t i) {
    const int before = x.fetch_add(1, memory_order_relaxed);
    require(i != 0 || before != 6, "the first thread is not the last");
  });
}

int runs = 0;  // What the checker can't put back.

void counts_its_executions() {
  increments();
  ++runs;
}

int last = 0;  // As above, but written by few executions.

void remembers_rarely() {
  atomic<int> x{0};
  on_threads(6, [&](std::size_t i) {
    int before = static_cast<int>(i);
    if (x.compare_exchange_strong(before, static_cast<int>(i) + 1, memory_order_relaxed) && i == 5)
      ++last;
    x.fetch_add(0, memory_order_relaxed);
  });
}

constexpr memory_model models[] = {memory_model::rc11, memory_model::ra, memory_model::tso,
                                   memory_model::sc};

constexpr auto whenever = snapshot_use::automatic;

class jobs_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(jobs_test);
  CPPUNIT_TEST(totals_do_not_depend_on_jobs);
  CPPUNIT_TEST(a_failure_is_told_once);
  CPPUNIT_TEST(limits_hold_for_all_workers);
  CPPUNIT_TEST(a_program_that_remembers_is_run_by_one);
  CPPUNIT_TEST_SUITE_END();

  static std::string totals(const report& r) {
    return fmt::format("{}: {} complete, {} blocked, {} pruned", to_string(r.verdict), r.complete,
                       r.blocked, r.pruned);
  }

 public:
  void totals_do_not_depend_on_jobs() {
    for (void (*const program)() :
         {increments, readers, unordered_waits, threads_that_depend_on_the_execution, spinners}) {
      for (const memory_model m : models) {
        const std::string alone = totals(explore(program, {.memory_model = m}));
        for (const unsigned jobs : {2u, 3u, 5u})
          CPPUNIT_ASSERT_EQUAL(
              alone,
              totals(explore(program, {.memory_model = m, .jobs = jobs, .snapshots = whenever})));
      }
    }
  }

  void a_failure_is_told_once() {
    const report r = explore(fails_once, {.jobs = 3, .snapshots = whenever});
    CPPUNIT_ASSERT(r.verdict == verdict::bug);
    options again;
    again.replay = r.error.value().token;
    const report replayed = explore(fails_once, again);
    CPPUNIT_ASSERT_EQUAL(r.error->sentence, replayed.error.value().sentence);
  }

  void limits_hold_for_all_workers() {
    const report some = explore(increments, {.executions = 1000, .jobs = 2, .snapshots = whenever});
    CPPUNIT_ASSERT(some.verdict == verdict::limited);
    CPPUNIT_ASSERT(some.complete >= 1000 && some.complete < 5040);
    const report none = explore(increments, {.jobs = 2, .snapshots = whenever},
                                [](const progress&) { return false; });
    CPPUNIT_ASSERT(none.verdict == verdict::limited);
  }

  void a_program_that_remembers_is_run_by_one() {
    runs = 0;
    const report r = explore(counts_its_executions, {.jobs = 2, .snapshots = whenever});
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5040}, r.complete);
    CPPUNIT_ASSERT(static_cast<std::uint64_t>(runs) >= r.complete);
    options from_start;
    from_start.snapshots = snapshot_use::never;
    last = 0;
    (void)explore(remembers_rarely, from_start);
    const int expected = last;
    CPPUNIT_ASSERT(expected > 0);
    last = 0;
    CPPUNIT_ASSERT(explore(remembers_rarely, {.snapshots = whenever}).complete > 0);
    CPPUNIT_ASSERT(last >= expected);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(jobs_test);

}  // namespace
}  // namespace pawl::check::tests
