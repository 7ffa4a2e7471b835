// Several workers explore what one does, each execution once.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

void readers() {  // Forward choices only.
  std::array<atomic<int>, 2> x{};
  on_threads(7, [&](std::size_t i) {
    if (i == 0)
      for (auto& each : x) each.store(1, memory_order_relaxed);
    else
      for (auto& each : x) (void)each.load(memory_order_relaxed);
  });
}

// One alternative of each leads on.
void lopsided() {
  constexpr unsigned places = 20;
  atomic<unsigned> x{0};
  unsigned end = 0;
  while (end < places && choose(3) == 1) ++end;
  for (unsigned i = end; i < std::min(places, end + 4); ++i) (void)choose(3);
  on_threads(3, [&](std::size_t i) {
    if (i < 2)
      (void)x.load(memory_order_relaxed);
    else
      x.store(1, memory_order_relaxed);
  });
}

// Alternatives that are pending in the graphs of revisits, and revisits in turn.
void revisits_and_readers() {
  atomic<int> x{0}, y{0};
  on_threads(6, [&](std::size_t i) {
    if (i == 0) y.store(1, memory_order_relaxed);
    if (i == 0 || i == 5) (void)x.load(memory_order_relaxed);
    if (i >= 1) x.fetch_add(1, memory_order_relaxed);
    if (i >= 3) (void)y.load(memory_order_relaxed);
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

// The wait and the stores that nothing orders never meet in one execution, nor in one part of the
// tree: what two workers saw has to meet for the tree to be the one that a single worker explores.
void waits_and_unordered_stores_apart() {
  atomic<int> flag{0};
  constexpr unsigned parts = 400, waiting = 30, unordered = 350;
  const unsigned part = choose(parts);
  on_threads(2, [&](std::size_t i) {
    if (part == waiting && i == 0)
      spin_until(flag, [](int v) { return v != 0; }, memory_order_acquire);
    else if (part == unordered || (part == waiting && i == 1))
      flag.store(1, memory_order_release);
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

// 362,880 executions, which take longer than it takes to notice a limit.
void increments_of_nine() {
  atomic<int> x{0};
  on_threads(9, [&](std::size_t) { x.fetch_add(1, memory_order_relaxed); });
}

int runs = 0;  // What the checker can't put back.

void counts_its_executions() {
  increments();
  ++runs;
}

int last = 0;  // As above, but written by few executions.

void remembers_rarely() {
  atomic<int> x{0};
  on_threads(5, [&](std::size_t i) {
    int before = static_cast<int>(i);
    if (x.compare_exchange_strong(before, static_cast<int>(i) + 1, memory_order_relaxed) && i == 4)
      ++last;
    x.fetch_add(0, memory_order_relaxed);
  });
}

std::thread::id leader;
std::atomic<unsigned> by_leader{0}, by_others{0};  // Executions that were run, or parts of them.

// No revisits, and each execution takes a moment.
void slow_choices() {
  for (int i = 0; i < 12; ++i) (void)choose(2);
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < std::chrono::microseconds(50)) {}
  ++(std::this_thread::get_id() == leader ? by_leader : by_others);
}

std::atomic<bool> failing{false}, watched{false};

// Fails for every worker but the first one, just when that one reaches a limit.
void fails_at_the_limit() {
  atomic<int> x{0};
  increments();
  x.store(1, memory_order_relaxed);
  if (std::this_thread::get_id() == leader) return;
  failing = true;
  while (!watched) std::this_thread::yield();
  require(false, "another worker finds a bug");
}

std::atomic<int> rounds{0};  // How often the exploration began.

// What makes it begin anew comes late, and then each execution takes long.
void slow_when_begun_anew() {
  constexpr unsigned parts = 200'000, late = 60'000;
  const unsigned part = choose(parts);
  if (part == 0) ++rounds;
  atomic<int> flag{0};
  if (part == late) {
    on_threads(3, [&](std::size_t i) {
      if (i == 2)
        spin_until(flag, [](int v) { return v != 0; }, memory_order_acquire);
      else
        flag.store(1, memory_order_release);
    });
  }
  const auto begin = std::chrono::steady_clock::now();
  while (rounds > 1 && std::chrono::steady_clock::now() - begin < std::chrono::microseconds(200)) {}
}

constexpr auto whenever = snapshot_use::automatic;

class jobs_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(jobs_test);
  CPPUNIT_TEST(totals_do_not_depend_on_jobs);
  CPPUNIT_TEST(trees_without_revisits_are_shared);
  CPPUNIT_TEST(small_trees_are_not_shared);
  CPPUNIT_TEST(a_failure_is_told_once);
  CPPUNIT_TEST(limits_hold_for_all_workers);
  CPPUNIT_TEST(a_limit_does_not_hide_a_bug);
  CPPUNIT_TEST(limits_hold_after_a_restart);
  CPPUNIT_TEST(a_program_that_remembers_is_run_by_one);
  CPPUNIT_TEST_SUITE_END();

  static std::string totals(const report& r) {
    return fmt::format("{}: {} complete, {} blocked, {} pruned", to_string(r.verdict), r.complete,
                       r.blocked, r.pruned);
  }

 public:
  void totals_do_not_depend_on_jobs() {
    for (void (*const program)() :
         {increments, readers, lopsided, revisits_and_readers, unordered_waits,
          waits_and_unordered_stores_apart, threads_that_depend_on_the_execution, spinners}) {
      for (const memory_model m : models) {
        const std::string alone = totals(explore(program, {.memory_model = m}));
        for (const unsigned jobs : {1u, 2u, 3u, 5u})
          CPPUNIT_ASSERT_EQUAL(
              alone,
              totals(explore(program, {.memory_model = m, .jobs = jobs, .snapshots = whenever})));
      }
    }
  }

  void trees_without_revisits_are_shared() {
    leader = std::this_thread::get_id();
    by_leader = by_others = 0;
    const report r = explore(slow_choices, {.jobs = 2, .snapshots = snapshot_use::always});
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{4096}, r.complete);
    CPPUNIT_ASSERT(by_others > 4096 / 5 && by_leader > 4096 / 5);
    CPPUNIT_ASSERT(by_others + by_leader <= 2 * 4096);  // On the way, too.
  }

  void small_trees_are_not_shared() {
    leader = std::this_thread::get_id();
    by_leader = by_others = 0;
    const auto few_choices = [] {
      (void)choose(50);
      ++(std::this_thread::get_id() == leader ? by_leader : by_others);
    };
    (void)explore(+few_choices, {.jobs = 2, .snapshots = snapshot_use::always});
    CPPUNIT_ASSERT_EQUAL(0u, by_others.load());
    CPPUNIT_ASSERT_EQUAL(50u, by_leader.load());
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
    const report some =
        explore(increments_of_nine, {.executions = 1000, .jobs = 2, .snapshots = whenever});
    CPPUNIT_ASSERT(some.verdict == verdict::limited);
    CPPUNIT_ASSERT(some.complete >= 1000 && some.complete < 362880);
    const report none = explore(increments_of_nine, {.jobs = 2, .snapshots = whenever},
                                [](const progress&) { return false; });
    CPPUNIT_ASSERT(none.verdict == verdict::limited);
  }

  void a_limit_does_not_hide_a_bug() {
    leader = std::this_thread::get_id();
    failing = watched = false;
    const report r = explore(fails_at_the_limit, {.jobs = 2, .snapshots = snapshot_use::always},
                             [](const progress&) {
                               if (failing) watched = true;
                               return !failing;
                             });
    CPPUNIT_ASSERT(watched);
    CPPUNIT_ASSERT(r.verdict == verdict::bug);
    CPPUNIT_ASSERT(r.error.has_value());
  }

  void limits_hold_after_a_restart() {
    rounds = 0;
    const report r = explore(slow_when_begun_anew, {.snapshots = snapshot_use::never},
                             [](const progress&) { return rounds < 2; });
    CPPUNIT_ASSERT(r.verdict == verdict::limited);
    CPPUNIT_ASSERT_EQUAL(2, rounds.load());
    CPPUNIT_ASSERT(r.complete < 5000);  // Else it looked as rarely as before: for seconds.
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
