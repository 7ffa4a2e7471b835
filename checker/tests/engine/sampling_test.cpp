// The strategies that draw: how often they find what, and that a seed decides.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>
#include <vector>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>

#include "engine/search.hpp"

namespace pawl::check::tests {
namespace {

constexpr strategy all_that_draw[] = {strategy::random, strategy::pct, strategy::pos,
                                      strategy::guided};
constexpr auto relaxed = memory_order_relaxed;

// What one thread has read in an execution; written by it alone.
struct seen {
  int first = -1, second = -1;
  friend bool operator==(const seen&, const seen&) = default;
};

using program_of = std::function<void(seen&)>;

// What each execution that is drawn has seen.
std::vector<seen> draw(const program_of& p, const options& o) {
  std::vector<seen> all;
  seen now;
  const auto hook = [&](const engine::runtime&, engine::ending) { all.push_back(now); };
  const report r = engine::search([&] { p(now = {}); }, o, {}, hook);
  CPPUNIT_ASSERT_EQUAL(verdict::limited, r.verdict);
  CPPUNIT_ASSERT_EQUAL(o.executions, std::uint64_t{all.size()});
  return all;
}

std::size_t count(const program_of& p, const options& o, seen wanted) {
  const auto all = draw(p, o);
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), wanted));
}

// One thread loads x twice, another one stores the values 1 … n. Three threads, 9 + n steps.
program_of two_loads_and_stores(int n) {
  return [n](seen& s) {
    atomic<int> x{0};
    thread reader([&] {
      s.first = x.load(relaxed);
      s.second = x.load(relaxed);
    });
    thread writer([&] {
      for (int v = 1; v <= n; ++v) x.store(v, relaxed);
    });
    reader.join();
    writer.join();
  };
}

// One thread loads x twice, after `early` steps of its own; the other stores 1 and 2, after `late`.
program_of loads_and_stores_after(int early, int late) {
  return [=](seen& s) {
    atomic<int> x{0}, mine{0}, others{0};
    thread reader([&] {
      for (int i = 0; i < early; ++i) mine.store(i, relaxed);
      s.first = x.load(relaxed);
      s.second = x.load(relaxed);
    });
    thread writer([&] {
      for (int i = 0; i < late; ++i) others.store(i, relaxed);
      x.store(1, relaxed);
      x.store(2, relaxed);
    });
    reader.join();
    writer.join();
  };
}

using read_pair = std::tuple<int, int, int, int>;

void add_pairs(const engine::graph& g, std::set<read_pair>& pairs) {
  for (const engine::event_id id : g.trail()) {
    const auto& e = g.at(id);
    if (e.reads) pairs.insert({id.thread, id.index, e.source.thread, e.source.index});
  }
}

// After how many executions every load has read every store that it can read.
std::size_t draws_until_covered(const program_of& p, options o) {
  seen unused;
  std::set<read_pair> all, drawn;
  const auto collect = [&](const engine::runtime& r, engine::ending) {
    add_pairs(r.search.graph, all);
  };
  CPPUNIT_ASSERT(
      engine::search([&] { p(unused); }, {.memory_model = o.memory_model}, {}, collect).ok());
  std::size_t n = 0, covered_at = 0;
  const auto count = [&](const engine::runtime& r, engine::ending) {
    add_pairs(r.search.graph, drawn);
    ++n;
    if (covered_at == 0 && drawn == all) covered_at = n;
  };
  CPPUNIT_ASSERT(engine::search([&] { p(unused); }, o, {}, count).ok());
  return covered_at != 0 ? covered_at : n;
}

void store_buffering(seen& s) {
  atomic<int> x{0}, y{0};
  thread other([&] {
    x.store(1, relaxed);
    s.first = y.load(relaxed);
  });
  y.store(1, relaxed);
  s.second = x.load(relaxed);
  other.join();
}

class sampling_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(sampling_test);
  CPPUNIT_TEST(pct_finds_what_one_switch_causes);
  CPPUNIT_TEST(pct_finds_what_two_switches_cause);
  CPPUNIT_TEST(pct_finds_what_weak_memory_causes);
  CPPUNIT_TEST(pos_lets_a_thread_wait_for_many_steps);
  CPPUNIT_TEST(pos_redraws_what_races);
  CPPUNIT_TEST(guided_covers_what_can_be_read_sooner);
  CPPUNIT_TEST(a_seed_decides);
  CPPUNIT_TEST(distinct_executions_are_counted);
  CPPUNIT_TEST_SUITE_END();

  static options pct(unsigned depth, std::uint64_t n, memory_model m = memory_model::sc) {
    return {.memory_model = m, .strategy = strategy::pct, .executions = n, .depth = depth};
  }

 public:
  // At least 1/(n·k^(d-1)) of the executions, for n = 3 threads and k steps; none with a lower
  // depth.
  void pct_finds_what_one_switch_causes() {
    const auto p = two_loads_and_stores(1);
    const std::size_t hits = count(p, pct(2, 3000), {0, 1});
    CPPUNIT_ASSERT(hits >= 3000 / (3 * 10));
    CPPUNIT_ASSERT(hits < 1500);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count(p, pct(1, 3000), {0, 1}));
  }
  void pct_finds_what_two_switches_cause() {
    const auto p = two_loads_and_stores(2);
    CPPUNIT_ASSERT(count(p, pct(3, 6000), {0, 1}) >= 6000 / (3 * 11 * 11));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count(p, pct(2, 6000), {0, 1}));
  }
  // One load of an old store: a change point, too. Two threads, 7 steps, 2 alternatives.
  void pct_finds_what_weak_memory_causes() {
    const seen both_old{0, 0};
    const auto rc11 = memory_model::rc11;
    CPPUNIT_ASSERT(count(store_buffering, pct(2, 3000, rc11), both_old) >=
                   3000 / (2 * (2 * 7) * 2));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count(store_buffering, pct(1, 3000, rc11), both_old));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count(store_buffering, pct(3, 3000), both_old));
  }

  // A random walk keeps the reader waiting for twelve steps once in thousands of executions; by
  // priorities of events it is the lowest of some fifteen, once in as many.
  void pos_lets_a_thread_wait_for_many_steps() {
    const auto p = loads_and_stores_after(0, 12);
    options o{.memory_model = memory_model::sc, .strategy = strategy::pos, .executions = 2000};
    CPPUNIT_ASSERT(count(p, o, {2, 2}) >= 60);
    o.strategy = strategy::random;
    CPPUNIT_ASSERT(count(p, o, {2, 2}) <= 5);
  }
  // Each of the three races of 0 1 is a fair draw: about one execution in eight, fewer since the
  // reader starts first. An operation that kept its priority would lose again after it lost: 24.
  void pos_redraws_what_races() {
    const options o{
        .memory_model = memory_model::sc, .strategy = strategy::pos, .executions = 2000};
    const auto p = two_loads_and_stores(2);
    for (const seen each : {seen{0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 2}})
      CPPUNIT_ASSERT(count(p, o, each) >= 2000 / 16);
  }

  void guided_covers_what_can_be_read_sooner() {
    for (const memory_model m : {memory_model::sc, memory_model::rc11})
      for (const std::uint64_t seed : {1, 2, 3}) {
        options o{
            .memory_model = m, .strategy = strategy::guided, .executions = 1000, .seed = seed};
        const auto p = loads_and_stores_after(2, 12);
        const std::size_t guided = draws_until_covered(p, o);
        o.strategy = strategy::random;
        CPPUNIT_ASSERT(guided * 10 < draws_until_covered(p, o));
      }
  }

  void a_seed_decides() {
    for (const strategy s : all_that_draw) {
      options o{.strategy = s, .executions = 200};
      const auto p = two_loads_and_stores(3);
      const auto once = draw(p, o);
      CPPUNIT_ASSERT(once == draw(p, o));
      o.seed = 2;
      CPPUNIT_ASSERT(once != draw(p, o));
    }
  }

  // Two stores and two loads under sc: 3 + 2 + 1 executions.
  void distinct_executions_are_counted() {
    for (const strategy s : all_that_draw) {
      seen unused;
      const auto p = two_loads_and_stores(2);
      const options o{.memory_model = memory_model::sc, .strategy = s, .executions = 3000};
      const report r = explore([&] { p(unused); }, o);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{3000}, r.complete);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{6}, r.distinct);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(sampling_test);

}  // namespace
}  // namespace pawl::check::tests
