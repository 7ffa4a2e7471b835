// The bound on preemptions against brute force over interleavings.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <vector>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

#include "litmus.hpp"
#include "oracle_run.hpp"
#include "preemptions.hpp"
#include "random_runs.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto relaxed = memory_order_relaxed;

options bounded(unsigned preemptions) {
  return {.memory_model = memory_model::sc, .preemptions = preemptions};
}

std::set<std::string> within(const std::map<std::string, unsigned>& counts, unsigned most) {
  std::set<std::string> out;
  for (const auto& [graph, fewest] : counts)
    if (fewest <= most) out.insert(graph);
  return out;
}

std::string compare(const oracle::program& p) {
  const auto expected = oracle::fewest_preemptions(p);
  for (unsigned k = 0; k <= 4; ++k)
    for (const bool unblocking : {true, false}) {
      options o = bounded(k);
      o.unblocking = unblocking;
      o.snapshots = unblocking ? snapshot_use::always : snapshot_use::never;
      const explored e = explore_program(p, o);
      const std::string how =
          fmt::format("{} preemptions, unblocking {}", k, unblocking ? "on" : "off");
      if (!e.error.empty()) return how + ": " + e.error;
      if (e.duplicates() != 0) return fmt::format("{}: {} duplicates", how, e.duplicates());
      const auto complete = within(expected.complete, k), blocked = within(expected.blocked, k);
      if (e.complete != complete || e.blocked != blocked)
        return fmt::format("{}: {} complete and {} blocked graphs, not {} and {}", how,
                           e.complete.size(), e.blocked.size(), complete.size(), blocked.size());
    }
  return {};
}

template <int Threads>
void increments() {
  atomic<int> x{0};
  std::vector<thread> threads;
  for (int t = 0; t < Threads; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 3; ++i) x.fetch_add(1, relaxed);
    });
  for (thread& t : threads) t.join();
}

// The reader claims that it sees no value but the first and the last one.
void values_between() {
  atomic<int> x{0};
  thread reader([&] {
    const int first = x.load(relaxed);
    const int second = x.load(relaxed);
    require(first != 0 || second != 1, "the second load skips the first store");
  });
  thread writer([&] {
    x.store(1, relaxed);
    x.store(2, relaxed);
  });
  reader.join();
  writer.join();
}

class preemptions_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(preemptions_test);
  CPPUNIT_TEST(agrees_with_brute_force);
  CPPUNIT_TEST(agrees_with_brute_force_on_waits);
  CPPUNIT_TEST(a_store_may_be_put_off);
  CPPUNIT_TEST(a_bound_that_is_never_reached_excludes_nothing);
  CPPUNIT_TEST(threads_of_one_step_need_no_preemption);
  CPPUNIT_TEST(prunes_what_it_would_not_count);
  CPPUNIT_TEST(failures_beyond_the_bound_are_not_told);
  CPPUNIT_TEST(jobs_count_the_same);
  CPPUNIT_TEST(other_searches_are_refused);
  CPPUNIT_TEST_SUITE_END();

 public:
  void agrees_with_brute_force() {
    for_random_programs("bounded", {.threads = 3, .operations = 8, .locations = 2, .awaits = false},
                        150, compare);
    for_random_programs("bounded", {.threads = 4, .operations = 8, .locations = 3, .awaits = false},
                        50, compare);
  }
  void agrees_with_brute_force_on_waits() {
    for_random_programs("bounded, waiting", {.threads = 3, .operations = 8, .locations = 2}, 150,
                        compare);
    for_random_programs("bounded, waiting", {.threads = 4, .operations = 8, .locations = 2}, 50,
                        compare);
  }

  // The second thread is left for nothing before the first one has stored to x; after that, leaving
  // it costs a preemption, unless its wait reads that store.
  void a_store_may_be_put_off() {
    CPPUNIT_ASSERT_EQUAL(
        std::string{},
        compare(oracle::parse("store y 1; store x 1; r0 = load z; store x 0; store x 1 / "
                              "r0 = load y; store z 1; r1 = await x == 1")));
  }

  void a_bound_that_is_never_reached_excludes_nothing() {
    for (const auto& p : oracle::litmus_tests()) {
      const explored e = explore_program(p.code, bounded(1000));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(p.name, std::uint64_t{p.sc.complete}, e.complete_count);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(p.name, std::uint64_t{p.sc.blocked}, e.blocked_count);
    }
  }

  // As GenMC counts: a bound of 0 leaves all 120.
  void threads_of_one_step_need_no_preemption() {
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{120},
                         explore_program(oracle::fetch_adds(5), bounded(0)).complete_count);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1},
                         explore_program(oracle::disjoint(5), bounded(0)).complete_count);
    // Two steps each: one after the other, in any order.
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{6},
                         explore_program(oracle::fetch_adds(3, 2), bounded(0)).complete_count);
    // A thread that waits for a lock is not preempted.
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{24},
                         explore_program(oracle::locked_increments(4), bounded(0)).complete_count);
  }

  // Of 369,600 executions, 24 need no preemption: most of the tree is not visited.
  void prunes_what_it_would_not_count() {
    const report r = explore(increments<4>, bounded(0));
    CPPUNIT_ASSERT_EQUAL(std::string("clean"), std::string(to_string(r.verdict)));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{24}, r.complete);
    CPPUNIT_ASSERT(r.pruned < 40'000);
  }

  void failures_beyond_the_bound_are_not_told() {
    // Reads 0 0 and 2 2; and 0 2 and 1 1; and 1 2, and 0 1, which fails.
    for (const unsigned k : {0u, 1u}) {
      const report r = explore(values_between, bounded(k));
      CPPUNIT_ASSERT_EQUAL(std::string("clean"), std::string(to_string(r.verdict)));
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{k == 0 ? 2u : 4u}, r.complete);
    }
    const report r = explore(values_between, bounded(2));
    CPPUNIT_ASSERT(r.error && r.error->kind == failure_kind::assertion);
    options again = bounded(2);
    again.replay = r.error->token;
    const report replayed = explore(values_between, std::move(again));
    CPPUNIT_ASSERT_EQUAL(r.error->sentence, replayed.error.value().sentence);
  }

  void jobs_count_the_same() {
    options o = bounded(2);
    o.snapshots = snapshot_use::always;
    const auto one = explore(increments<4>, o).complete;
    o.jobs = 2;
    CPPUNIT_ASSERT_EQUAL(one, explore(increments<4>, o).complete);
  }

  void other_searches_are_refused() {
    const auto refused = [](const options& o) {
      return explore([] {}, o).verdict == verdict::refused;
    };
    CPPUNIT_ASSERT(!refused(bounded(1)));
    CPPUNIT_ASSERT(refused({.preemptions = 1}));
    CPPUNIT_ASSERT(refused({.memory_model = memory_model::sc,
                            .strategy = strategy::random,
                            .executions = 9,
                            .preemptions = 1}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(preemptions_test);

}  // namespace
}  // namespace pawl::check::tests
