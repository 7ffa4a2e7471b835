// States visited instead of executions: what comes in an execution is found in a state, and nothing
// else is.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <string_view>

#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>

#include "cursor.hpp"
#include "machine.hpp"
#include "random_runs.hpp"
#include "sample_programs.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto relaxed = memory_order_relaxed;

report visit(check::program p, options o = {}) {
  o.memory_model = memory_model::sc;
  o.strategy = strategy::states;
  return explore(std::move(p), o);
}

bool says(const report& r, std::string_view part) {
  return (r.error ? r.error->sentence : r.message).find(part) != std::string::npos;
}

// ---- random programs ----------------------------------------------------------------------------

const oracle::program* shown = nullptr;

using registers = std::array<int, 16>;

std::uint64_t outcome() {
  const oracle::program& p = *shown;
  machine m{};
  std::array<registers, 3> all{};
  on_threads(p.threads.size(), [&](std::size_t t) {
    oracle::cursor c(p.threads[t], p.registers());
    while (const oracle::operation* next = c.pending()) {
      c.perform(m.run(*next, c.operand()));
      std::copy(c.registers().begin(), c.registers().end(), all[t].begin());
    }
  });
  std::uint64_t one = 0;
  for (const registers& own : all)
    for (const int r : own) one = one * 31 + static_cast<std::uint64_t>(r);
  return one;
}

std::uint64_t forbidden = 0;

void never_forbidden() { require(outcome() != forbidden, "this outcome does not come"); }

// What all executions come to is what the states come to.
std::string compare(const oracle::program& p) {
  shown = &p;
  std::set<std::uint64_t> outcomes;
  const report all = explore(
      [&] {
        const std::uint64_t one = outcome();
        const unmodelled outside;
        outcomes.insert(one);
      },
      {.memory_model = memory_model::sc});
  for (forbidden = 1; outcomes.contains(forbidden); ++forbidden) {}
  const report none = visit(&never_forbidden);
  if (none.verdict != all.verdict)
    return fmt::format("{} by states instead of {}", to_string(none.verdict),
                       to_string(all.verdict));
  if (all.error)
    return none.error->kind == all.error->kind ? "" : "by states: " + none.error->sentence;
  for (const std::uint64_t one : outcomes) {
    forbidden = one;
    const report r = visit(&never_forbidden);
    if (!says(r, "this outcome does not come"))
      return fmt::format("outcome {} of {} is not come to by states:\n{}", one, outcomes.size(),
                         r.text());
  }
  return {};
}

// ---- programs -----------------------------------------------------------------------------------

// A state for each pair of numbers of what the threads have done, while both go on.
void count_together() {
  atomic<int> x{0};
  on_threads(2, [&](std::size_t) {
    for (int i = 0; i < 40; ++i) x.fetch_add(1, relaxed);
  });
  require(x.load(relaxed) == 80, "nothing is lost");
}

void lose_one() {
  atomic<int> x{0};
  on_threads(2, [&](std::size_t) { x.store(x.load(relaxed) + 1, relaxed); });
  require(x.load(relaxed) == 2, "nothing is lost");
}

void wait_for_each_other() {
  atomic<int> a{0}, b{0};
  on_threads(2, [&](std::size_t i) {
    (i == 0 ? a : b).store(1, relaxed);
    spin_until(i == 0 ? b : a, [](int v) { return v == 2; }, relaxed);
  });
}

// Two threads wait for a third one that never comes: nothing ends.
void spin_for_ever() {
  atomic<int> x{0};
  on_threads(2, [&](std::size_t) {
    while (x.load(relaxed) == 0) {}
  });
}

// The object that the other thread accesses is gone, and another one is where it was.
void use_what_was_there() {
  atomic<atomic<int>*> handed{nullptr};
  thread other([&] {
    if (atomic<int>* const x = handed.load(memory_order_acquire)) x->store(1, relaxed);
  });
  alignas(atomic<int>) std::byte place[sizeof(atomic<int>)];
  auto* x = new (place) atomic<int>(0);
  handed.store(x, memory_order_release);
  handed.store(nullptr, relaxed);
  x->~atomic();
  x = new (place) atomic<int>(0);
  x->store(2, relaxed);
  other.join();
  x->~atomic();
}

// Words whose top bits change together are different ones.
void negate_all() {
  struct numbers {
    double first;
    float second, third;
  };
  const auto n = std::make_unique<numbers>(numbers{1, 1, 1});
  atomic<int> go{0};
  on_threads(2, [&](std::size_t i) {
    if (i == 0 && choose(2) == 1) *n = {-1, -1, -1};
    go.fetch_or(1, relaxed);
    go.fetch_or(1, relaxed);
  });
  require(n->first > 0, "it stays positive");
}

// A thread may come round to where it was, for ever.
void turn_round() {
  atomic<int> x{0}, stop{0};
  on_threads(2, [&](std::size_t i) {
    if (i == 1) return stop.store(1, relaxed);
    while (stop.load(relaxed) == 0) x.fetch_xor(1, relaxed);
  });
}

void use_what_has_ended() {
  atomic<int> gone{0};
  thread other;
  {
    atomic<int> x{0};
    other = thread([&] {
      if (gone.load(relaxed) == 0) x.store(1, relaxed);
    });
    gone.store(1, relaxed);
  }
  other.join();
}

int written = 0;

void write_static_data() {
  on_threads(2, [](std::size_t) {
    atomic<int> x{0};
    x.store(1, relaxed);
    ++written;
  });
}

atomic<int> shared{0};

void use_static_object() {
  on_threads(2, [](std::size_t) { shared.fetch_add(1, relaxed); });
}

void choose_values() {
  atomic<int> x{0};
  on_threads(2, [&](std::size_t i) {
    if (choose(3) == 2) x.fetch_add(1 << i, relaxed);
  });
  require(x.load(relaxed) != 3, "both chose 2");
}

class states_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(states_test);
  CPPUNIT_TEST(random_programs_come_to_the_same);
  CPPUNIT_TEST(states_are_counted);
  CPPUNIT_TEST(failures_are_told);
  CPPUNIT_TEST(a_loop_for_ever_is_few_states);
  CPPUNIT_TEST(what_a_state_does_not_hold_is_refused);
  CPPUNIT_TEST(nothing_that_ends_is_no_proof);
  CPPUNIT_TEST(limits_stop_it);
  CPPUNIT_TEST_SUITE_END();

 public:
  void random_programs_come_to_the_same() {
    for_random_programs("states", {.awaits = true}, 300, compare);
    for_random_programs("states of updates", {.operations = 10, .stores = false}, 200, compare);
  }

  void states_are_counted() {
    const report r = visit(&count_together);
    CPPUNIT_ASSERT(r.verdict == verdict::clean);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{40 * 40}, r.states);
    CPPUNIT_ASSERT(r.complete < 100);
  }

  void failures_are_told() {
    const struct {
      void (*program)();
      failure_kind kind;
      std::string_view says;
    } all[] = {{&lose_one, failure_kind::assertion, "nothing is lost"},
               {&wait_for_each_other, failure_kind::deadlock, ""},
               {&use_what_has_ended, failure_kind::lifetime, "destroys"},
               {&use_what_was_there, failure_kind::lifetime, ""},
               {&negate_all, failure_kind::assertion, "it stays positive"},
               {&choose_values, failure_kind::assertion, "both chose 2"}};
    for (const auto& [program, kind, sentence] : all) {
      const report r = visit(program);
      CPPUNIT_ASSERT_MESSAGE(std::string(sentence) + r.text(), r.verdict == verdict::bug);
      CPPUNIT_ASSERT_EQUAL(to_string(kind), to_string(r.error->kind));
      CPPUNIT_ASSERT_MESSAGE(r.text(), says(r, sentence) && !r.error->steps.empty());
      const report again = explore(program, {.replay = r.error->token});
      CPPUNIT_ASSERT_EQUAL(to_string(kind), to_string(again.error->kind));
    }
  }

  void a_loop_for_ever_is_few_states() {
    const report r = visit(&turn_round);
    CPPUNIT_ASSERT(r.verdict == verdict::clean);
    CPPUNIT_ASSERT(r.states < 10);
  }

  void what_a_state_does_not_hold_is_refused() {
    int captured = 0;
    CPPUNIT_ASSERT(says(visit([&] { ++captured; }), "captured"));
    CPPUNIT_ASSERT(says(visit(&write_static_data), "static data"));
    CPPUNIT_ASSERT(says(visit(&use_static_object), "static data"));
    CPPUNIT_ASSERT(says(explore(&lose_one, {.strategy = strategy::states}), "under rc11"));
    CPPUNIT_ASSERT(says(visit(&lose_one, {.weak_cas_fails = 1}), "that may"));
    CPPUNIT_ASSERT(says(visit(&lose_one, {.stall = true}), "--stall"));
  }

  void nothing_that_ends_is_no_proof() {
    const report r = visit(&spin_for_ever);
    CPPUNIT_ASSERT(r.verdict == verdict::refused && says(r, "spin"));
  }

  void limits_stop_it() {
    const report r = visit(&count_together, {.executions = 3});
    CPPUNIT_ASSERT(r.verdict == verdict::limited);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(states_test);

}  // namespace
}  // namespace pawl::check::tests
