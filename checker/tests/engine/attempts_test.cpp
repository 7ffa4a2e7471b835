// Attempts whose failure tells nothing: of the executions in which they fail by reading one value
// or another, one is explored, and none that shows something else is passed over.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <pawl/check/symmetric.hpp>

#include "engine/search.hpp"
#include "random_runs.hpp"
#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

constexpr source_location tried = source_location::current();

bool try_once(atomic<int>& a, int below, int next, memory_order success, bool blindly) {
  const auto accepts = detail::to_predicate<int>([below](int v) { return v < below; });
  const auto changed = detail::to_update<int>([next](int v) { return v + next; });
  if (blindly) return rt::attempt_update(a.object(), accepts, changed, success, tried);
  return rt::try_update(a.object(), accepts, changed, success, memory_order_relaxed, tried).wrote;
}

// ---- random programs ----------------------------------------------------------------------------

struct step {
  enum { tries, tries_twice, tries_and_loads, loads, stores, adds, fences } does;
  std::size_t location;
  int value;
  memory_order order;
};
using random_program = std::vector<std::vector<step>>;

random_program draw(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t n) { return random() % n; };
  constexpr std::array orders{memory_order_relaxed, memory_order_acq_rel, memory_order_seq_cst};
  constexpr std::array kinds{step::tries, step::tries,  step::tries_twice, step::tries_and_loads,
                             step::loads, step::stores, step::adds,        step::fences};
  random_program p(2 + below(2));
  for (auto& thread : p)
    for (std::uint64_t n = p.size() == 2 ? 2 + below(3) : 2; n > 0; --n)
      thread.push_back({kinds[below(kinds.size())], below(4) / 3, static_cast<int>(1 + below(3)),
                        orders[below(orders.size())]});
  return p;
}

// Who fails reads the value after all, and changes it then if it is small enough.
void go_on(atomic<int>& a, const step& s) {
  int before = 0;
  const auto change = [limit = s.value + 2](int v) {
    return v < limit ? std::optional(v + 4) : std::nullopt;
  };
  update(a, before, change, s.order, memory_order_relaxed);
}

void perform(atomic<int>& a, const step& s, bool blindly) {
  switch (s.does) {
    case step::tries:
      if (!try_once(a, s.value, 3, s.order, blindly)) go_on(a, s);
      break;
    case step::tries_twice:
      if (!try_once(a, s.value, 3, s.order, blindly) && !try_once(a, s.value, 3, s.order, blindly))
        go_on(a, s);
      break;
    case step::tries_and_loads:
      if (!try_once(a, s.value, 3, s.order, blindly)) (void)a.load(memory_order_acquire);
      break;
    case step::loads:
      (void)a.load(memory_order_relaxed);
      break;
    case step::stores:
      a.store(s.value, memory_order_relaxed);
      break;
    case step::adds:
      a.fetch_add(s.value, memory_order_relaxed);
      break;
    case step::fences:
      if (s.order != memory_order_relaxed) atomic_thread_fence(s.order);
      break;
  }
}

// What is to be seen of an execution: all but what failed attempts read. Nothing, if one could have
// been taken by what its thread read next. Threads are renamed.
std::string seen_of(const engine::graph& g, const std::vector<int>& names) {
  std::vector<std::string> out(names.size());
  const auto name = [&](engine::event_id e) {
    return e.initial() ? std::string("0")
                       : fmt::format("{}.{}", names[e.thread - std::size_t{1}], e.index);
  };
  for (engine::thread_index t = 1; t <= names.size(); ++t)
    for (std::uint16_t i = 1; i <= g.size(t); ++i) {
      const auto& e = g.at({t, i});
      const bool failed = e.where.line() == tried.line() && !e.writes;
      if (failed) {
        const auto& next = g.at({t, static_cast<std::uint16_t>(i + 1)});
        const auto& accepts = g.parameters(e).holds;
        if (next.reads && accepts.holds(accepts.captured, next.read)) return {};
      }
      auto& own = out[static_cast<std::size_t>(names[t - std::size_t{1}])];
      if (e.reads && !failed) own += " r" + name(e.source);
      if (e.writes) own += " w" + name(e.mo_before);
      own += ';';
    }
  return fmt::format("{}", fmt::join(out, "|"));
}

// The least of what is to be seen if the first `identical` threads change their names.
std::string least_of(const engine::graph& g, std::size_t threads, std::size_t identical) {
  std::vector<int> names(threads);
  std::iota(names.begin(), names.end(), 0);
  std::string least = seen_of(g, names);
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(identical);
  while (std::next_permutation(names.begin(), end)) least = std::min(least, seen_of(g, names));
  return least;
}

struct found {
  std::set<std::string> seen;
  std::uint64_t executions = 0;
};

void run(const random_program& p, std::size_t identical, bool blindly) {
  std::array<atomic<int>, 2> memory{};
  const auto body = [&](std::size_t i) {
    for (const step& s : p[i]) perform(memory[s.location], s, blindly);
  };
  symmetric_threads twins(identical, [&] { body(0); });
  std::array<thread, 3> others;
  for (std::size_t i = identical; i < p.size(); ++i) others[i] = thread([&body, i] { body(i); });
  twins.join();
  for (std::size_t i = identical; i < p.size(); ++i) others[i].join();
}

found explored(const random_program& p, const options& o, bool blindly, std::size_t identical = 0) {
  found out;
  const auto hook = [&](const engine::runtime& r, engine::ending e) {
    if (e == engine::ending::restart) out = {};
    if (e != engine::ending::complete) return;
    ++out.executions;
    if (auto s = least_of(r.search.graph, p.size(), identical); !s.empty())
      out.seen.insert(std::move(s));
  };
  const report r = engine::search([&] { run(p, identical, blindly); }, o, {}, hook);
  CPPUNIT_ASSERT_MESSAGE(r.error ? r.error->sentence : "", r.ok());
  return out;
}

// Calls check(program, options, name) for random programs under each memory model.
template <class Check>
void for_random_attempts(const Check& check) {
  const std::uint64_t first = from_environment("PAWL_SEED", std::random_device{}());
  const std::uint64_t programs = from_environment("PAWL_AGREEMENT", 150);
  fmt::print("attempts: seeds {} to {}\n", first, first + programs - 1);
  for (std::uint64_t seed = first; seed < first + programs; ++seed)
    for (const memory_model m : models)
      for (const bool unblocking : {true, false})
        check(draw(seed), options{.memory_model = m, .unblocking = unblocking},
              fmt::format("PAWL_SEED={} under {}", seed, to_string(m)));
}

// ---- known counts -------------------------------------------------------------------------------

// An attempt meets one of five values that it does not accept, and the load after it another one
// that is not older.
std::uint64_t executions_of_late_reader(bool blindly) {
  return explore([=] {
           atomic<int> x{1};
           on_threads(2, [&](std::size_t i) {
             for (int v = 2; i == 0 && v < 6; ++v) x.store(v, memory_order_relaxed);
             if (i == 1 && !try_once(x, 1, 1, memory_order_acquire, blindly))
               (void)x.load(memory_order_relaxed);
           });
         })
      .complete;
}

void lock_and_unlock(atomic<int>& x, bool blindly) {
  const auto at = source_location::current();
  if (!try_once(x, 1, 1, memory_order_acquire, blindly))
    rt::await_update(x.object(), detail::to_predicate<int>([](int v) { return v == 0; }),
                     detail::to_update<int>([](int) { return 1; }), memory_order_acquire, at);
  x.store(0, memory_order_release);
}

report of_locks(bool blindly, options o) {
  return explore(
      [=] {
        atomic<int> x{0};
        auto all = spawn_symmetric(3, [&] { lock_and_unlock(x, blindly); });
        all.join();
      },
      o);
}

// The second thread finds the lock taken.
void fails_if_taken() {
  atomic<int> x{0};
  on_threads(2, [&](std::size_t) {
    if (!try_once(x, 1, 1, memory_order_acquire, true)) {
      int before = 0;
      update(
          x, before, [](int v) { return v == 0 ? std::optional(1) : std::nullopt; },
          memory_order_acquire, memory_order_relaxed);
      require(before == 0, "nobody has it");
    }
    x.store(0, memory_order_release);
  });
}

// Nobody unlocks.
void waits_for_ever() {
  atomic<int> x{1};
  on_threads(2, [&](std::size_t i) {
    if (i == 0) x.store(5, memory_order_relaxed);
    if (i == 1 && !try_once(x, 1, 1, memory_order_acquire, true))
      spin_until(x, [](int v) { return v == 0; }, memory_order_acquire);
  });
}

class attempts_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(attempts_test);
  CPPUNIT_TEST(show_what_their_readings_show);
  CPPUNIT_TEST(identical_threads_show_the_same);
  CPPUNIT_TEST(one_failure_stands_for_all);
  CPPUNIT_TEST(workers_and_parts_see_the_same);
  CPPUNIT_TEST(identical_threads_are_told_apart_by_what_they_may_have_read);
  CPPUNIT_TEST(a_failure_is_told_with_what_it_read);
  CPPUNIT_TEST(a_wait_for_ever_after_a_failure_is_a_deadlock);
  CPPUNIT_TEST_SUITE_END();

 public:
  void show_what_their_readings_show() {
    std::uint64_t all_readings = 0, all_seen = 0;
    for_random_attempts([&](const random_program& p, const options& o, const std::string& which) {
      const found all = explored(p, o, false), few = explored(p, o, true);
      CPPUNIT_ASSERT_MESSAGE(which, all.seen == few.seen);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(which, std::uint64_t{few.seen.size()}, few.executions);
      const report told = explore([&] { run(p, 0, true); }, o);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(which, few.executions, told.complete);
      all_readings += all.executions;
      all_seen += few.executions;
    });
    CPPUNIT_ASSERT(2 * all_seen < all_readings);
  }

  void identical_threads_show_the_same() {
    std::uint64_t kept = 0, left = 0;
    for_random_attempts([&](const random_program& drawn, options o, const std::string& which) {
      const random_program p(drawn.size(), drawn.front());
      const found few = explored(p, o, true, p.size());
      o.symmetry = false;
      const found all = explored(p, o, true, p.size());
      CPPUNIT_ASSERT_MESSAGE(which, all.seen == few.seen);
      kept += few.executions;
      left += few.seen.size();
    });
    CPPUNIT_ASSERT_MESSAGE(fmt::format("{} of {}", kept, left), kept <= left + left / 10);
  }

  void one_failure_stands_for_all() {
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{15}, executions_of_late_reader(false));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, executions_of_late_reader(true));
  }

  // What calls for a failure may come about in what another worker does.
  void workers_and_parts_see_the_same() {
    const options together{.jobs = 2, .snapshots = snapshot_use::always};
    const std::uint64_t all = of_locks(true, {.symmetry = false}).complete;
    options parallel = together;
    parallel.symmetry = false;
    for (int i = 0; i < 10; ++i) CPPUNIT_ASSERT_EQUAL(all, of_locks(true, parallel).complete);
    std::uint64_t sum = 0;
    for (unsigned i = 1; i <= 3; ++i)
      sum += of_locks(true, {.shard = shard{i, 3}, .symmetry = false}).complete;
    CPPUNIT_ASSERT_EQUAL(all, sum);
  }

  void identical_threads_are_told_apart_by_what_they_may_have_read() {
    for (const memory_model m : models) {
      const auto all = of_locks(true, {.memory_model = m, .symmetry = false});
      CPPUNIT_ASSERT_EQUAL(all.complete, 6 * of_locks(true, {.memory_model = m}).complete);
      const auto told_apart = of_locks(false, {.memory_model = m, .symmetry = false});
      CPPUNIT_ASSERT(2 * all.complete < told_apart.complete);
    }
  }

  void a_failure_is_told_with_what_it_read() {
    for (const memory_model m : models) {
      const report r = explore(fails_if_taken, {.memory_model = m});
      CPPUNIT_ASSERT(r.error.has_value());
      bool told = false;
      for (const auto& s : r.error->steps)
        told = told || (s.operation == "try_update" && s.failed && s.line == tried.line());
      CPPUNIT_ASSERT(told);
      const report again = explore(fails_if_taken, {.memory_model = m, .replay = r.error->token});
      CPPUNIT_ASSERT(again.error.has_value());
      CPPUNIT_ASSERT_EQUAL(r.error->sentence, again.error->sentence);
      CPPUNIT_ASSERT_EQUAL(r.error->steps.size(), again.error->steps.size());
    }
  }

  void a_wait_for_ever_after_a_failure_is_a_deadlock() {
    for (const memory_model m : models)
      for (const bool unblocking : {true, false}) {
        const report r = explore(waits_for_ever, {.memory_model = m, .unblocking = unblocking});
        CPPUNIT_ASSERT(r.error.has_value());
        CPPUNIT_ASSERT(r.error->kind == failure_kind::deadlock);
        const report again = explore(waits_for_ever, {.memory_model = m, .replay = r.error->token});
        CPPUNIT_ASSERT(again.error.has_value());
        CPPUNIT_ASSERT_EQUAL(r.error->sentence, again.error->sentence);
      }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(attempts_test);

}  // namespace
}  // namespace pawl::check::tests
