// Loops that spin without telling the checker: cut when they come back to where they were.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>

#include <memory>
#include <set>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto deadlock = failure_kind::deadlock;
constexpr auto no_progress = failure_kind::no_progress;

void spin_until_set(const atomic<int>& flag, memory_order order) {
  while (flag.load(order) == 0) this_thread::yield();
}

// A test-and-test-and-set lock of plain loops.
class spin_lock {
 public:
  void lock() {
    for (;;) {
      while (held_.load(memory_order_relaxed)) this_thread::yield();
      bool expected = false;
      if (held_.compare_exchange_strong(expected, true, memory_order_acquire, memory_order_relaxed))
        return;
    }
  }
  void unlock() { held_.store(false, memory_order_release); }

 private:
  atomic<bool> held_{false};
};

// Both give up after three reads. The counter of the first lives in a register.
[[gnu::noinline]] int reads_until_set(const atomic<int>& flag) {
  int n = 0;
  while (n < 3 && flag.load(memory_order_relaxed) == 0) ++n;
  return n;
}
[[gnu::noinline]] void count_reads_until_set(const atomic<int>& flag, int& n) {
  while (n < 3 && flag.load(memory_order_relaxed) == 0) ++n;
}

int static_reads = 0;

// Gives up after so many reads that a loop that spins would have been recognised long before.
constexpr int many_reads = 9;

class spinning_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(spinning_test);
  CPPUNIT_TEST(flag_that_nobody_sets);
  CPPUNIT_TEST(each_for_the_other);
  CPPUNIT_TEST(lock_that_is_not_released);
  CPPUNIT_TEST(beside_a_wait);
  CPPUNIT_TEST(section_spins);
  CPPUNIT_TEST(flag_is_set);
  CPPUNIT_TEST(flag_passes_data);
  CPPUNIT_TEST(lock_of_loops);
  CPPUNIT_TEST(lock_by_compare_exchange);
  CPPUNIT_TEST(two_locations);
  CPPUNIT_TEST(fence_in_the_loop);
  CPPUNIT_TEST(cell_in_the_loop);
  CPPUNIT_TEST(cell_that_changes_after_the_loop);
  CPPUNIT_TEST(cell_behind_a_fence);
  CPPUNIT_TEST(failure_by_chance);
  CPPUNIT_TEST(counter_is_no_spinning);
  CPPUNIT_TEST(counter_lies_elsewhere);
  CPPUNIT_TEST(section_and_stopped_thread);
  CPPUNIT_TEST(loop_that_writes);
  CPPUNIT_TEST_SUITE_END();

  static std::uint64_t complete(const std::function<void()>& program, options o = {}) {
    const report r = explore(program, o);
    CPPUNIT_ASSERT_MESSAGE(r.error ? r.error->sentence : "", r.verdict == verdict::clean);
    return r.complete;
  }

 public:
  void flag_that_nobody_sets() {
    const auto program = [] {
      atomic<int> flag{0};
      name(&flag.object(), "flag");
      thread a([&] { spin_until_set(flag, memory_order_relaxed); });
      a.join();
    };
    convict_always(deadlock, "reading flag = 0 again and again", program);
    convict_always(deadlock, "thread 1 spins at spinning_test.cpp:", program);
    convict_always(deadlock, "for ever: nothing is left that could end the loop", [] {
      atomic<int> flag{0};
      spin_until_set(flag, memory_order_acquire);
    });
    const report r = explore(program, {});
    CPPUNIT_ASSERT(!r.error->end.empty());
    CPPUNIT_ASSERT(std::any_of(r.error->end.begin(), r.error->end.end(), [](const auto& line) {
      return line.find("spins at") != std::string::npos;
    }));
  }

  void each_for_the_other() {
    const auto program = [](bool sets_first) {
      atomic<int> x{0}, y{0};
      thread a([&] {
        if (sets_first) x.store(1, memory_order_release);
        spin_until_set(y, memory_order_acquire);
        x.store(1, memory_order_release);
      });
      thread b([&] {
        spin_until_set(x, memory_order_acquire);
        y.store(1, memory_order_release);
      });
      a.join();
      b.join();
    };
    convict_always(deadlock, "spins", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void lock_that_is_not_released() {
    const auto program = [](bool releases) {
      atomic<int> held{0};
      const auto use = [&] {
        for (int expected = 0;
             !held.compare_exchange_strong(expected, 1, memory_order_acquire, memory_order_relaxed);
             expected = 0)
          this_thread::yield();
        if (releases) held.store(0, memory_order_release);
      };
      thread a(use), b(use);
      a.join();
      b.join();
    };
    convict_always(deadlock, "again and again", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void beside_a_wait() {
    convict_always(deadlock, "spins", [] {
      atomic<int> x{0}, y{0};
      thread a([&] { spin_until_set(x, memory_order_relaxed); });
      thread b([&] { spin_until(y, [](int v) { return v != 0; }, memory_order_relaxed); });
      a.join();
      b.join();
    });
  }

  void section_spins() {
    const auto program = [](bool sets) {
      atomic<int> flag{0};
      thread a([&] {
        if (sets) flag.store(1, memory_order_relaxed);
      });
      {
        const must_return section("the loop");
        spin_until_set(flag, memory_order_relaxed);
      }
      a.join();
    };
    convict_always(no_progress, "the loop", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void flag_is_set() {
    for (const memory_order order : {memory_order_relaxed, memory_order_acquire}) {
      const auto program = [=](bool reader_first) {
        atomic<int> flag{0};
        const auto set = [&] { flag.store(1, memory_order_release); };
        const auto wait = [&] { spin_until_set(flag, order); };
        thread a(reader_first ? std::function<void()>(wait) : set);
        thread b(reader_first ? std::function<void()>(set) : wait);
        a.join();
        b.join();
      };
      acquit_always([=] { program(true); });
      acquit_always([=] { program(false); });
    }
  }

  void flag_passes_data() {
    const auto program = [](memory_order order) {
      atomic<int> flag{0};
      cell<int> data{0};
      thread a([&] {
        data.write(7);
        flag.store(1, memory_order_release);
      });
      spin_until_set(flag, order);
      require(data.read() == 7, "the data has arrived");
      a.join();
    };
    acquit_always([=] { program(memory_order_acquire); });
    convict_always(failure_kind::data_race, "main", [=] { program(memory_order_relaxed); });
  }

  void lock_of_loops() {
    const auto program = [](bool unlocks) {
      spin_lock l;
      cell<int> n{0};
      const auto use = [&] {
        l.lock();
        n.write(n.read() + 1);
        if (unlocks) l.unlock();
      };
      thread a(use), b(use);
      a.join();
      b.join();
      require(n.read() == 2);
    };
    acquit_always([=] { program(true); });
    convict_always(deadlock, "spins", [=] { program(false); });
  }

  // Each order of the threads, and in each the failures that a thread can see before its success.
  void lock_by_compare_exchange() {
    const auto program = [] {
      atomic<int> turn{0};
      thread a([&] {
        int expected = 0;
        while (!turn.compare_exchange_strong(expected, 1, memory_order_acq_rel)) expected = 0;
      });
      thread b([&] {
        int expected = 1;
        while (!turn.compare_exchange_strong(expected, 2, memory_order_acq_rel)) expected = 1;
      });
      a.join();
      b.join();
    };
    const std::uint64_t n = complete(program);
    CPPUNIT_ASSERT(n >= 1 && n <= 3);
    CPPUNIT_ASSERT_EQUAL(n, complete(program, {.unblocking = false}));
  }

  void two_locations() {
    const auto program = [](bool sets) {
      atomic<int> x{0}, y{0};
      thread a([&] { x.store(1, memory_order_release); });
      thread b([&] {
        if (sets) y.store(1, memory_order_release);
      });
      while (x.load(memory_order_acquire) == 0 || y.load(memory_order_acquire) == 0) {}
      a.join();
      b.join();
    };
    convict_always(deadlock, " and ", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void fence_in_the_loop() {
    const auto program = [](bool sets) {
      atomic<int> x{0};
      cell<int> data{0};
      thread a([&] {
        data.write(1);
        if (sets) x.store(1, memory_order_release);
      });
      while (x.load(memory_order_relaxed) == 0) atomic_thread_fence(memory_order_seq_cst);
      atomic_thread_fence(memory_order_acquire);
      require(data.read() == 1);
      a.join();
    };
    convict_always(deadlock, "spins", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  // The race of an iteration is found although the iteration is cut.
  void cell_in_the_loop() {
    const auto program = [](bool races) {
      atomic<int> x{0};
      cell<int> data{0}, other{0};
      thread a([&] {
        data.write(1);
        x.store(1, memory_order_release);
      });
      while (x.load(memory_order_acquire) == 0) (void)(races ? data : other).read();
      require(data.read() == 1);
      a.join();
    };
    convict_always(failure_kind::data_race, "main", [=] { program(true); });
    acquit_always([=] { program(false); });
  }

  // The write comes about only through what follows the loop.
  void cell_that_changes_after_the_loop() {
    const auto program = [](memory_order order) {
      atomic<int> x{0}, y{0};
      cell<int> data{0};
      name(&data, "data");
      thread a([&] { x.store(1, memory_order_relaxed); });
      thread b([&] {
        if (y.load(order) == 1) data.write(1);
      });
      while (x.load(memory_order_relaxed) == 0) (void)data.read();
      y.store(1, memory_order_release);
      a.join();
      b.join();
    };
    convict(failure_kind::data_race, "data", [=] { program(memory_order_relaxed); });
    acquit_always([=] { program(memory_order_acquire); });
  }

  // What a fence has published does not cover the read behind it.
  void cell_behind_a_fence() {
    convict_always(failure_kind::data_race, "data", [] {
      atomic<int> x{0}, y{0};
      cell<int> data{0};
      name(&data, "data");
      thread a([&] {
        for (int i = 0; i < 6; ++i) (void)x.load(memory_order_relaxed);
        (void)data.read();
        (void)x.load(memory_order_relaxed);
        atomic_thread_fence(memory_order_release);
        (void)data.read();
        y.store(1, memory_order_relaxed);
      });
      if (y.load(memory_order_acquire) == 1) data.write(1);
      a.join();
    });
  }

  // A compare-exchange that fails by chance succeeds some day.
  void failure_by_chance() {
    acquit_always(
        [] {
          atomic<int> x{0};
          int expected = 0;
          while (!x.compare_exchange_weak(expected, 1, memory_order_relaxed, memory_order_relaxed))
            expected = 0;
        },
        {.weak_cas_fails = true});
  }

  template <class Count>
  static std::set<int> counts(Count count, bool sets, int suspects = 0) {
    std::set<int> seen;
    const report r = explore(
        [&] {
          atomic<int> flag{0}, other{0};
          thread a([&] {
            if (sets) flag.store(1, memory_order_relaxed);
          });
          // Has threads that spin looked at from the start.
          for (int i = 0; i < suspects; ++i) (void)other.load(memory_order_relaxed);
          const int n = count(flag);
          a.join();
          const unmodelled outside;
          seen.insert(n);
        },
        {});
    CPPUNIT_ASSERT_MESSAGE(r.error ? r.error->sentence : "", r.verdict == verdict::clean);
    return seen;
  }

  void counter_is_no_spinning() {
    const auto in_register = [](const atomic<int>& flag) { return reads_until_set(flag); };
    const auto in_memory = [](const atomic<int>& flag) {
      int n = 0;
      count_reads_until_set(flag, n);
      return n;
    };
    for (const int suspects : {0, 8}) {
      CPPUNIT_ASSERT((counts(in_register, true, suspects) == std::set{0, 1, 2, 3}));
      CPPUNIT_ASSERT((counts(in_register, false, suspects) == std::set{3}));
      CPPUNIT_ASSERT((counts(in_memory, true, suspects) == std::set{0, 1, 2, 3}));
      CPPUNIT_ASSERT((counts(in_memory, false, suspects) == std::set{3}));
    }
  }

  // The stack of the loop is the same in each iteration.
  void counter_lies_elsewhere() {
    const auto run = [](int& n, const atomic<int>& flag) {
      while (n < many_reads && flag.load(memory_order_relaxed) == 0) ++n;
      return n;
    };
    std::set<int> all;
    for (int i = 0; i <= many_reads; ++i) all.insert(i);
    const auto on_heap = [&](const atomic<int>& flag) {
      const auto n = std::make_unique<int>(0);
      return run(*n, flag);
    };
    const auto is_static = [&](const atomic<int>& flag) {
      static_reads = 0;
      return run(static_reads, flag);
    };
    const auto on_another_stack = [&](const atomic<int>& flag) {
      int n = 0;
      thread([&] { run(n, flag); }).join();
      return n;
    };
    int outside = 0;
    const auto outside_of_the_model = [&](const atomic<int>& flag) {
      outside = 0;
      return run(outside, flag);
    };
    CPPUNIT_ASSERT(counts(on_heap, true) == all);
    CPPUNIT_ASSERT(counts(is_static, true) == all);
    CPPUNIT_ASSERT(counts(on_another_stack, true) == all);
    CPPUNIT_ASSERT(counts(outside_of_the_model, true) == all);
  }

  void section_and_stopped_thread() {
    const auto program = [](bool waits) {
      spin_lock l;
      atomic<int> x{0};
      thread a([&] {
        l.lock();
        x.store(1, memory_order_relaxed);
        l.unlock();
      });
      thread b([&] {
        const must_return section("the reader");
        if (waits) l.lock();
        (void)x.load(memory_order_relaxed);
        if (waits) l.unlock();
      });
      a.join();
      b.join();
    };
    const options stall{.stall = true};
    acquit_always([=] { program(true); });
    convict(no_progress, "the reader", [=] { program(true); }, stall);
    acquit([=] { program(false); }, stall);
  }

  void loop_that_writes() {
    convict_always(failure_kind::limit, "49 events, its bound, before ",
                   [] {
                     atomic<int> x{0}, y{0};
                     while (x.load(memory_order_relaxed) == 0) y.store(1, memory_order_relaxed);
                   },
                   {.bounds = {.events = 49}});
    convict_always(failure_kind::limit, "raise bounds.events",
                   [] {
                     atomic<int> x{0};
                     while (x.exchange(1, memory_order_relaxed) != 2) {}
                   },
                   {.bounds = {.events = 50}});
    convict_always(failure_kind::limit, "spinning_test.cpp:",
                   [] {
                     atomic<int> x{0};
                     for (unsigned n = 0; x.load(memory_order_relaxed) == 0 || n == 0; ++n) {}
                   },
                   {.bounds = {.events = 50}});
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(spinning_test);

}  // namespace
}  // namespace pawl::check::tests
