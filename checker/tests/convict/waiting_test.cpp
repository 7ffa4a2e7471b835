// Waits that never end: deadlock, lost wake-up, sections that depend on others.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>

#include "spin_lock.hpp"
#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto deadlock = failure_kind::deadlock;
constexpr auto no_progress = failure_kind::no_progress;

bool is_set(bool v) { return v; }

class waiting_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(waiting_test);
  CPPUNIT_TEST(two_locks);
  CPPUNIT_TEST(lock_taken_twice);
  CPPUNIT_TEST(forgotten_unlock);
  CPPUNIT_TEST(wait_for_a_value_that_passes);
  CPPUNIT_TEST(consumed_flag);
  CPPUNIT_TEST(check_before_registration);
  CPPUNIT_TEST(registration_reordered_with_check);
  CPPUNIT_TEST(park_without_unpark);
  CPPUNIT_TEST(deadline_ends_the_wait);
  CPPUNIT_TEST(section_waits_for_ever);
  CPPUNIT_TEST(section_waits_for_a_stopped_thread);
  CPPUNIT_TEST(section_takes_too_many_steps);
  CPPUNIT_TEST_SUITE_END();

 public:
  void two_locks() {
    const auto program = [](bool same_order) {
      spin_lock first, second;
      const auto take = [](spin_lock& outer, spin_lock& inner) {
        outer.lock();
        inner.lock();
        inner.unlock();
        outer.unlock();
      };
      thread a([&] { take(first, second); });
      thread b([&] { same_order ? take(first, second) : take(second, first); });
      a.join();
      b.join();
    };
    convict_always(deadlock, "waits", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void lock_taken_twice() {
    convict_always(deadlock, "for ever", [] {
      spin_lock l;
      l.lock();
      l.lock();
    });
  }

  void forgotten_unlock() {
    const auto program = [](bool unlocks) {
      spin_lock l;
      const auto use = [&] {
        l.lock();
        if (unlocks) l.unlock();
      };
      thread a(use), b(use);
      a.join();
      b.join();
    };
    convict_always(deadlock, "waits", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  // The flag goes up and down again; whether the waiter sees it is a matter of luck.
  void wait_for_a_value_that_passes() {
    const auto program = [](bool stays) {
      atomic<bool> up{false};
      thread a([&] {
        up.store(true, memory_order_relaxed);
        if (!stays) up.store(false, memory_order_relaxed);
      });
      spin_until(up, is_set, memory_order_relaxed);
      a.join();
    };
    convict_always(deadlock, "for ever", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  // Two threads wait for a flag that the first of them takes away.
  void consumed_flag() {
    const auto program = [](unsigned wakes) {
      atomic<unsigned> flags{0};
      const auto wait = [&] {
        spin_update(
            flags, [](unsigned n) { return n > 0; }, [](unsigned n) { return n - 1; },
            memory_order_acquire);
      };
      thread a(wait), b(wait);
      for (unsigned i = 0; i < wakes; ++i) flags.fetch_add(1, memory_order_release);
      a.join();
      b.join();
    };
    convict_always(deadlock, "waits", [=] { program(1); });
    acquit_always([=] { program(2); });
  }

  // A thread that sleeps until it is told that there is work.
  template <class Prepare>
  static void sleep_and_wake(memory_order order, Prepare must_sleep) {
    atomic<bool> work{false}, asleep{false}, wake{false};
    thread worker([&] {
      if (must_sleep(work, asleep)) spin_until(wake, is_set, memory_order_acquire);
    });
    work.store(true, order);
    if (asleep.load(order)) wake.store(true, memory_order_release);
    worker.join();
  }

  void check_before_registration() {
    convict_always(deadlock, "waits", [] {
      sleep_and_wake(memory_order_seq_cst, [](atomic<bool>& work, atomic<bool>& asleep) {
        if (work.load(memory_order_seq_cst)) return false;
        asleep.store(true, memory_order_seq_cst);
        return true;
      });
    });
  }

  void registration_reordered_with_check() {
    const auto program = [](memory_order store, memory_order load) {
      sleep_and_wake(memory_order_seq_cst, [=](atomic<bool>& work, atomic<bool>& asleep) {
        asleep.store(true, store);
        return !work.load(load);
      });
    };
    const auto weak = [=] { program(memory_order_release, memory_order_acquire); };
    convict(deadlock, "waits", weak);
    acquit(weak, {.memory_model = memory_model::sc});
    acquit_always([=] { program(memory_order_seq_cst, memory_order_seq_cst); });
  }

  void park_without_unpark() {
    const auto program = [](unsigned unparks) {
      atomic<parker*> sleeper{nullptr};
      thread a([&] {
        sleeper.store(&parker::current(), memory_order_release);
        parker::current().park();
        parker::current().park();
      });
      parker* const p =
          spin_until(sleeper, [](parker* at) { return at != nullptr; }, memory_order_acquire);
      for (unsigned i = 0; i < unparks; ++i) p->unpark();
      a.join();
    };
    convict_always(deadlock, "waits", [=] { program(1); });
    // Two unparks without a park between them are one.
    convict_always(deadlock, "waits", [=] { program(2); });
  }

  // A wait with a deadline is no deadlock, although nobody ends it.
  void deadline_ends_the_wait() {
    acquit_always([] {
      const bool unparked = parker::current().park_until(steady_clock::time_point::max());
      require(!unparked, "nobody unparks");
    });
  }

  void section_waits_for_ever() {
    convict_always(no_progress, "the wait", [] {
      atomic<bool> never{false};
      const must_return section("the wait");
      spin_until(never, is_set, memory_order_relaxed);
    });
  }

  void section_waits_for_a_stopped_thread() {
    const auto program = [](bool waits) {
      spin_lock l;
      thread a([&] {
        l.lock();
        l.unlock();
      });
      thread b([&] {
        const must_return section("the critical section");
        if (waits) {
          l.lock();
          l.unlock();
        } else if (l.try_lock()) {
          l.unlock();
        }
      });
      a.join();
      b.join();
    };
    acquit_always([=] { program(true); });
    const options stall{.stall = true};
    convict(no_progress, "the critical section", [=] { program(true); }, stall);
    acquit([=] { program(false); }, stall);
  }

  void section_takes_too_many_steps() {
    const auto program = [](unsigned steps) {
      atomic<int> x{0};
      const must_return section("three steps", 3);
      for (unsigned i = 0; i < steps; ++i) x.fetch_add(1, memory_order_relaxed);
    };
    convict_always(no_progress, "three steps", [=] { program(4); });
    acquit_always([=] { program(3); });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(waiting_test);

}  // namespace
}  // namespace pawl::check::tests
