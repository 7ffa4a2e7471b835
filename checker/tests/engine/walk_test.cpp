// Executions that are told without running the program: as many as when each one runs, and no claim
// that fails in one of them is passed over, whichever way its threads hear of each other.
#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <pawl/backend/backend.hpp>
#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>

#include "cursor.hpp"
#include "machine.hpp"
#include "random_runs.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto relaxed = memory_order_relaxed;
constexpr auto acquire = memory_order_acquire;
constexpr auto release = memory_order_release;

report walk(void (*program)(), memory_model m = memory_model::rc11) {
  return explore(program, {.memory_model = m, .snapshots = snapshot_use::automatic});
}
report run(void (*program)(), memory_model m = memory_model::rc11) {
  return explore(program, {.memory_model = m});
}

std::string totals(const report& r) {
  return fmt::format("{}: {} complete, {} blocked{}", to_string(r.verdict), r.complete, r.blocked,
                     r.error ? ", " + r.error->sentence : "");
}

// In memory that is older than the explorations, which is not watched.
std::uint64_t& runs = *new std::uint64_t{0};

// ---- random programs ----------------------------------------------------------------------------

// What a program of the oracle's language leaves in its registers. Threads hand them to the first
// one by plain memory: its stack, or heaps of their own. They wait in operations or in loops.
enum class handed { on_stack, by_heap };

const oracle::program* shown = nullptr;
handed how = handed::on_stack;
bool in_loops = false;

using registers = std::array<int, 16>;

void perform(const oracle::program& p, std::size_t t, machine& m, registers& own) {
  oracle::cursor c(p.threads[t], p.registers());
  while (const oracle::operation* next = c.pending()) {
    const bool loops = in_loops && oracle::waits(*next);
    c.perform(loops ? m.spin(*next, c.operand()) : m.run(*next, c.operand()));
    std::copy(c.registers().begin(), c.registers().end(), own.begin());
  }
}

std::uint64_t outcome() {
  const oracle::program& p = *shown;
  machine m{};
  std::array<registers, 3> on_stack{};
  std::array<std::unique_ptr<registers>, 3> by_heap;
  std::array<thread, 3> threads;
  for (std::size_t t = 0; t < p.threads.size(); ++t)
    threads[t] = thread([&, t] {
      if (how == handed::on_stack) return perform(p, t, m, on_stack[t]);
      auto own = std::make_unique<registers>();
      perform(p, t, m, *own);
      by_heap[t] = std::move(own);
    });
  std::uint64_t all = 0;
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    threads[t].join();
    for (const int r : how == handed::on_stack ? on_stack[t] : *by_heap[t])
      all = all * 31 + static_cast<std::uint64_t>(r);
  }
  return all;
}

std::uint64_t forbidden = 0;

void never_forbidden() {
  ++runs;
  require(outcome() != forbidden, "this outcome does not come");
}

std::string compare(const oracle::program& p, memory_model m) {
  shown = &p;
  std::set<std::uint64_t> outcomes;
  const auto note = [&] {
    const std::uint64_t one = outcome();
    const unmodelled outside;
    outcomes.insert(one);
  };
  const report all = explore(note, {.memory_model = m});
  for (forbidden = 1; outcomes.contains(forbidden); ++forbidden) {}
  if (const report r = walk(never_forbidden, m); totals(r) != totals(all))
    return fmt::format("{}, {}: {} instead of {}", to_string(m), static_cast<int>(how), totals(r),
                       totals(all));
  if (all.verdict != verdict::clean) return {};
  for (const std::uint64_t one : outcomes) {
    forbidden = one;
    if (walk(never_forbidden, m).verdict != verdict::bug)
      return fmt::format("{}, {}: one of {} outcomes is missed", to_string(m),
                         static_cast<int>(how), outcomes.size());
  }
  return {};
}

// ---- ways to hear of each other -----------------------------------------------------------------

void tells_nothing() {
  ++runs;
  atomic<int> x{0}, y{0};
  std::array<thread, 3> threads;
  for (thread& t : threads)
    t = thread([&] {
      x.fetch_add(1, relaxed);
      y.fetch_add(1, relaxed);
    });
  for (thread& t : threads) t.join();
}

// Values that other threads store before or after they are looked at: 0 to 3.
class dice {
 public:
  dice() {
    for (std::size_t i = 0; i < 2; ++i)
      throwers_[i] = thread([this, i] {
        for (int v = 1; v <= 3; ++v) values_[i].store(v, relaxed);
      });
  }
  ~dice() {
    for (thread& t : throwers_) t.join();
  }
  [[nodiscard]] int first() const { return values_[0].load(relaxed); }
  [[nodiscard]] int second() const { return values_[1].load(relaxed); }

 private:
  std::array<atomic<int>, 2> values_{};
  std::array<thread, 2> throwers_;
};

// Programs that are wrong if one thread sees one die show the first number, and the first thread
// the other die the second one. Each of both has been seen before they come together for the first
// time, in most of the programs. Objects end after all threads were joined: else the executions
// would be run.
int first = 0, second = 0;

int await_one(const atomic<int>& a) {
  return spin_until(a, [](int v) { return v == 1; }, acquire);
}

void by_the_stack_of_another() {
  const dice d;
  int seen = -1;
  thread w([&] { seen = d.first(); });
  const bool matters = d.second() == second;
  w.join();
  require(!(matters && seen == first), "they don't come together");
}

// A node on the stack of a thread that waits for it to be read.
void by_its_own_stack() {
  atomic<int*> node{nullptr};
  atomic<int> done{0};
  const dice d;
  thread w([&] {
    int seen = d.first();
    node.store(&seen, release);
    await_one(done);
  });
  const bool matters = d.second() == second;
  int* const there = spin_until(node, [](int* p) { return p != nullptr; }, acquire);
  const bool wrong = matters && *there == first;
  done.store(1, release);
  w.join();
  require(!wrong, "they don't come together");
}

// The same through a third thread, which hands on the address by relaxed operations.
void by_a_stack_behind_another_thread() {
  atomic<int*> node{nullptr}, again{nullptr};
  atomic<int> done{0};
  const dice d;
  thread w([&] {
    int seen = d.first();
    node.store(&seen, release);
    await_one(done);
  });
  thread between([&] {
    int* const there = spin_until(node, [](int* p) { return p != nullptr; }, acquire);
    again.store(there, relaxed);
  });
  const bool matters = d.second() == second;
  between.join();
  const bool wrong = matters && *again.load(relaxed) == first;
  done.store(1, release);
  w.join();
  require(!wrong, "they don't come together");
}

// By a heap block of a thread that has published it.
void by_the_heap() {
  atomic<int*> block{nullptr};
  const dice d;
  thread w([&] { block.store(new int{d.first()}, release); });
  const bool matters = d.second() == second;
  w.join();
  const std::unique_ptr<int> there(block.load(relaxed));
  require(!(matters && *there == first), "they don't come together");
}

void leaks() {
  const dice d;
  int* kept = nullptr;
  thread w([&] {
    if (d.first() == first) kept = new int{1};
  });
  const bool matters = d.second() == second;
  w.join();
  if (!matters) delete kept;
}

void ends_what_another_uses() {
  auto* const x = new atomic<int>{0};
  const dice d;
  thread w([&] {
    if (d.first() == first) x->store(1, relaxed);
  });
  if (d.second() == second) {
    delete x;
    w.join();
  } else {
    w.join();
    delete x;
  }
}

void races() {
  cell<int> data{0};
  const dice d;
  thread w([&] {
    if (d.first() == first) data.write(1);
  });
  if (d.second() == second) static_cast<void>(data.read());
  w.join();
}

// Whether there is a third thread, which waits for ever unless the first one lets it go, can't be
// told from how the second one ends.
void waits_for_ever() {
  atomic<int> go{0}, gone{0}, born{0};
  const dice d;
  thread w([&] {
    if (d.first() != first) return;
    thread([&] {
      await_one(go);
      gone.store(1, release);
    }).detach();
    born.store(1, relaxed);
  });
  const bool matters = d.second() == second;
  w.join();
  if (matters || born.load(relaxed) == 0) return;
  go.store(1, release);
  await_one(gone);
}

// By an address that is handed out only after what it points to was published.
void by_its_own_stack_later() {
  atomic<int*> node{nullptr};
  atomic<int> go{0}, done{0};
  thread w([&] {
    int seen = static_cast<int>(choose(4));
    go.store(1, release);
    node.store(&seen, relaxed);
    await_one(done);
  });
  thread v([&] {
    const bool matters = choose(12) == 8u + static_cast<unsigned>(second);
    if (go.load(acquire) == 1) {
      int* const there = node.load(relaxed);
      require(!(matters && there != nullptr && *there == first), "they don't come together");
    }
    done.store(1, release);
  });
  w.join();
  v.join();
}

// By which of two threads wrote last, for each value of a choice that is known by itself before.
void by_the_order_of_writers() {
  atomic<int> lock{0};
  int last = 0;
  const auto write = [&](int own) {
    spin_update(lock, [](int v) { return v == 0; }, [](int) { return 1; }, acquire);
    last = own;
    lock.store(0, release);
  };
  thread v([&] { write(0); }), w([&] { write(1); });
  thread between([&] {
    v.join();
    w.join();
  });
  const bool matters = choose(4) == static_cast<unsigned>(second);
  between.join();
  require(!(matters && last == first % 2), "they don't come together");
}

// The object has ended before another thread comes to use it, by a way that is known.
void uses_what_has_ended() {
  auto* const x = new atomic<int>{0};
  atomic<int> ended{0}, other{0};
  bool deleted = false;
  thread user([&] {
    const bool matters = choose(4) == static_cast<unsigned>(second);
    if (ended.load(relaxed) == 1 && matters)
      x->store(1, relaxed);
    else
      static_cast<void>(other.load(relaxed));
  });
  thread owner([&] {
    if (choose(4) == static_cast<unsigned>(first)) {
      delete x;
      deleted = true;
    }
    ended.store(1, relaxed);
    other.store(1, relaxed);
  });
  user.join();
  owner.join();
  if (!deleted) delete x;
}

constexpr void (*wrong[])() = {by_the_stack_of_another,
                               by_its_own_stack,
                               by_a_stack_behind_another_thread,
                               by_the_heap,
                               leaks,
                               ends_what_another_uses,
                               races,
                               waits_for_ever,
                               by_its_own_stack_later,
                               by_the_order_of_writers,
                               uses_what_has_ended};

// The first thread reads one of 64 combinations of values, but comes to the same place by all.
void counts_in_a_loop() {
  ++runs;
  std::array<atomic<int>, 3> x{};
  std::array<thread, 3> threads;
  for (std::size_t i = 0; i < 3; ++i)
    threads[i] = thread([&, i] {
      for (int v = 1; v <= 3; ++v) x[i].store(v, relaxed);
    });
  for (const auto& each : x)
    if (each.load(relaxed) < 0) break;
  for (thread& t : threads) t.join();
}

// A loop of a thread whose turns lead to the same place, so that only its events tell them apart.
void takes_turns() {
  atomic<int> x{0}, y{0};
  thread w([&] {
    for (int i = 0; i < 5; ++i) x.store(1, relaxed);
  });
  thread v([&] {
    while (x.exchange(0, relaxed) != 0) static_cast<void>(y.load(relaxed));
  });
  w.join();
  v.join();
}

class walk_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(walk_test);
  CPPUNIT_TEST(most_executions_are_told_without_running);
  CPPUNIT_TEST(random_programs_have_the_same_outcomes);
  CPPUNIT_TEST(random_programs_that_wait_have_the_same_outcomes);
  CPPUNIT_TEST(random_programs_that_spin_have_the_same_outcomes);
  CPPUNIT_TEST(loops_that_come_to_the_same_place_are_one);
  CPPUNIT_TEST(bounds_hold_at_the_end_too);
  CPPUNIT_TEST(failures_are_found_however_threads_hear_of_each_other);
  CPPUNIT_TEST_SUITE_END();

 public:
  void most_executions_are_told_without_running() {
    runs = 0;
    const report r = walk(tells_nothing);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{36}, r.complete);
    CPPUNIT_ASSERT_EQUAL(totals(run(tells_nothing)), totals(r));
    runs = 0;
    static_cast<void>(walk(tells_nothing));
    CPPUNIT_ASSERT(runs > 0);
    CPPUNIT_ASSERT(runs < 30);
  }

  void random_programs_have_the_same_outcomes() { compare_random("walked", false); }
  void random_programs_that_wait_have_the_same_outcomes() { compare_random("walked, waits", true); }
  void random_programs_that_spin_have_the_same_outcomes() {
    in_loops = true;
    compare_random("walked, spins", true);
    in_loops = false;
  }

  void loops_that_come_to_the_same_place_are_one() {
    const report r = run(counts_in_a_loop);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{64}, r.complete);
    runs = 0;
    CPPUNIT_ASSERT_EQUAL(totals(r), totals(walk(counts_in_a_loop)));
    CPPUNIT_ASSERT(runs < 30);
  }

  void bounds_hold_at_the_end_too() {
    for (unsigned events = 6; events <= 13; ++events) {
      const options never{.bounds = {.events = events}};
      options automatic = never;
      automatic.snapshots = snapshot_use::automatic;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(fmt::format("{} events", events),
                                   totals(explore(takes_turns, never)),
                                   totals(explore(takes_turns, automatic)));
    }
  }

  void failures_are_found_however_threads_hear_of_each_other() {
    for (std::size_t i = 0; i < std::size(wrong); ++i) {
      for (int n = 0; n < 16; ++n) {
        first = n / 4;
        second = n % 4;
        const report r = walk(wrong[i]), expected = run(wrong[i]);
        const std::string program = fmt::format("program {}, {} and {}", i, first, second);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(program, std::string_view("bug"), to_string(expected.verdict));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(program, totals(expected), totals(r));
      }
    }
  }

 private:
  static void compare_random(std::string_view what, bool waits) {
    for_random_programs(what, {.threads = 3, .operations = 7, .locations = 2, .awaits = waits}, 60,
                        [](const oracle::program& p) {
                          for (how = handed::on_stack;; how = handed::by_heap) {
                            for (const memory_model m : {memory_model::rc11, memory_model::ra,
                                                         memory_model::tso, memory_model::sc})
                              if (std::string w = compare(p, m); !w.empty()) return w;
                            if (how == handed::by_heap) return std::string{};
                          }
                        });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(walk_test);

}  // namespace
}  // namespace pawl::check::tests
