// Mutexes, their misuse, and the deadlocks that they lead to.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>
#include <pawl/check/sync.hpp>

#include <chrono>
#include <mutex>
#include <string>

#include "two_threads.hpp"
#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto deadlock = failure_kind::deadlock;
constexpr auto misuse = failure_kind::misuse;
constexpr std::chrono::milliseconds a_while{1};

class mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(mutex_test);
  CPPUNIT_TEST(excludes_and_publishes);
  CPPUNIT_TEST(works_with_the_locks_of_std);
  CPPUNIT_TEST(opposite_orders);
  CPPUNIT_TEST(circle_of_three);
  CPPUNIT_TEST(locked_twice);
  CPPUNIT_TEST(left_locked);
  CPPUNIT_TEST(unlocked_by_another);
  CPPUNIT_TEST(unlocked_though_free);
  CPPUNIT_TEST(destroyed_while_held);
  CPPUNIT_TEST(static_mutex);
  CPPUNIT_TEST(try_lock_succeeds_and_fails);
  CPPUNIT_TEST(failed_try_orders_nothing);
  CPPUNIT_TEST(failed_try_does_not_acquire);
  CPPUNIT_TEST(spinning_on_try_lock);
  CPPUNIT_TEST(time_passes_or_not);
  CPPUNIT_TEST(recursion);
  CPPUNIT_TEST(recursive_misuse);
  CPPUNIT_TEST_SUITE_END();

 public:
  void excludes_and_publishes() {
    const auto program = [](bool locks) {
      mutex m;
      cell<int> x{0};
      two([&] {
        if (locks) m.lock();
        x.write(x.read() + 1);
        if (locks) m.unlock();
      });
      require(x.read() == 2, "both have counted");
    };
    convict_always(failure_kind::data_race, "the same data", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void works_with_the_locks_of_std() {
    acquit_always([] {
      mutex a;
      timed_mutex b;
      recursive_mutex c;
      cell<int> x{0};
      two([&] {
        {
          const std::scoped_lock all(a, b, c);
          x.write(x.read() + 1);
        }
        const std::lock_guard one(a);
        x.write(x.read() + 1);
      });
      std::unique_lock second(b, std::defer_lock), first(b, std::try_to_lock);
      require(first.owns_lock(), "nobody else is left");
      first.unlock();
      std::lock(a, second);
      require(second.owns_lock() && x.read() == 4, "locked, after both");
      a.unlock();
    });
  }

  static void two_locks(bool same_order) {
    mutex first, second;
    name(&first, "first");
    name(&second, "second");
    const auto take = [](mutex& outer, mutex& inner) {
      outer.lock();
      inner.lock();
      inner.unlock();
      outer.unlock();
    };
    thread a([&] { take(first, second); });
    thread b([&] { same_order ? take(first, second) : take(second, first); });
    a.join();
    b.join();
  }

  void opposite_orders() {
    convict_always(deadlock, "for second, held by thread 2; thread 2 waits at mutex_test.cpp:", [] {
      two_locks(false);
    });
    convict_always(deadlock, "for first, held by thread 1; main waits for thread 1 to end",
                   [] { two_locks(false); });
    acquit_always([] { two_locks(true); });
  }

  // The circle comes first, whoever waits for it.
  void circle_of_three() {
    const auto program = [] {
      mutex m[3];
      const auto take = [&](unsigned i) {
        m[i].lock();
        m[(i + 1) % 3].lock();
        m[(i + 1) % 3].unlock();
        m[i].unlock();
      };
      thread a([&] { take(0); });
      thread b([&] { take(1); });
      thread c([&] { take(2); });
      a.join();
      b.join();
      c.join();
    };
    convict_always(deadlock, ", held by thread 2; thread 2 waits", program);
    convict_always(deadlock, ", held by thread 3; thread 3 waits", program);
    convict_always(deadlock, ", held by thread 1; main waits", program);
  }

  void locked_twice() {
    const auto program = [] {
      mutex m;
      name(&m, "the mutex");
      const std::lock_guard lock(m);
      m.lock();
    };
    convict_always(deadlock, "for the mutex, which it holds itself", program);
    convict_always(deadlock, "main waits at mutex_test.cpp:", program);
  }

  void left_locked() {
    const auto program = [](bool unlocks) {
      mutex m;
      two([&] {
        m.lock();
        if (unlocks) m.unlock();
      });
    };
    convict_always(deadlock, "which has ended", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void unlocked_by_another() {
    convict_always(misuse, "thread 1 unlocks mutex#1, which is held by main (mutex_test.cpp:", [] {
      mutex m;
      m.lock();
      thread a([&] { m.unlock(); });
      a.join();
    });
  }

  void unlocked_though_free() {
    convict_always(misuse, "main unlocks m, which is free", [] {
      mutex m;
      name(&m, "m");
      m.lock();
      m.unlock();
      m.unlock();
    });
  }

  void destroyed_while_held() {
    const auto program = [](bool unlocks) {
      mutex m;
      thread a([&] {
        m.lock();
        if (unlocks) m.unlock();
      });
      a.join();
    };
    convict_always(misuse, "main destroys mutex#1, which is held by thread 1",
                   [=] { program(false); });
    acquit_always([=] { program(true); });
    convict(failure_kind::lifetime, "destroy", [] {
      thread a;
      {
        mutex m;
        a = thread([&] {
          m.lock();
          m.unlock();
        });
        m.lock();
        m.unlock();
      }
      a.join();
    });
  }

  // It begins each execution as it was before the exploration.
  void static_mutex() {
    static constinit mutex m;
    const std::lock_guard outside(m);
    m.unlock();
    acquit_always([] {
      require(m.try_lock(), "nobody holds it");
      two([] {});
    });
    m.lock();
  }

  void try_lock_succeeds_and_fails() {
    static const auto program = [](bool may_fail, bool may_succeed) {
      mutex m;
      cell<int> x{0};
      thread a([&] {
        const std::lock_guard lock(m);
        x.write(1);
      });
      const bool locked = m.try_lock();
      require(locked ? may_succeed : may_fail, locked ? "it locked" : "it failed");
      if (locked) {
        x.write(x.read() + 1);
        m.unlock();
      }
      a.join();
    };
    acquit_always([] { program(true, true); });
    convict_always(failure_kind::assertion, "it failed", [] { program(false, true); });
    convict_always(failure_kind::assertion, "it locked", [] { program(true, false); });
    acquit_always([] {
      mutex m;
      for (int i = 0; i < 2; ++i) {
        require(m.try_lock(), "a free mutex");
        require(!m.try_lock(), "a held mutex");
        m.unlock();
      }
    });
  }

  // That it is held says nothing about what its holder has done.
  void failed_try_orders_nothing() {
    convict_always(failure_kind::data_race, "reads", [] {
      mutex m;
      cell<int> x{0};
      thread a([&] {
        x.write(1);
        m.lock();
        m.unlock();
      });
      if (!m.try_lock())
        static_cast<void>(x.read());
      else
        m.unlock();
      a.join();
    });
  }

  // Nor what earlier holders have done, even if it certainly failed because of a later one.
  void failed_try_does_not_acquire() {
    const auto program = [](bool tries) {
      mutex m;
      cell<int> x{0};
      atomic<bool> locked{false};
      thread a([&] {
        m.lock();
        x.write(1);
        m.unlock();
        m.lock();
        locked.store(true, memory_order_relaxed);
        spin_until(locked, [](bool l) { return !l; }, memory_order_relaxed);
        m.unlock();
      });
      spin_until(locked, [](bool l) { return l; }, memory_order_relaxed);
      if (tries) {
        require(!m.try_lock(), "it is held");
        static_cast<void>(x.read());
      }
      locked.store(false, memory_order_relaxed);
      a.join();
    };
    convict(failure_kind::data_race, "reads", [=] { program(true); },
            {.memory_model = memory_model::sc});
    acquit_always([=] { program(false); });
  }

  void spinning_on_try_lock() {
    const auto program = [](bool unlocks) {
      mutex m;
      cell<int> x{0};
      m.lock();
      thread a([&] {
        while (!m.try_lock()) this_thread::yield();
        require(x.read() == 1, "it has what was done before");
        m.unlock();
      });
      x.write(1);
      if (unlocks) m.unlock();
      a.join();
    };
    convict_always(deadlock, "spins", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void time_passes_or_not() {
    static const auto program = [](bool may_pass, bool may_lock) {
      timed_mutex m;
      const auto before = steady_clock::now();
      const bool locked = m.try_lock_for(a_while);
      require(locked ? may_lock : may_pass, locked ? "it locked" : "time passed");
      require(steady_clock::now() == before + (locked ? std::chrono::milliseconds(0) : a_while),
              "time stands still but for that");
      if (locked) m.unlock();
    };
    acquit_always([] { program(true, true); });
    convict_always(failure_kind::assertion, "time passed", [] { program(false, true); });
    convict_always(failure_kind::assertion, "it locked", [] { program(true, false); });
    acquit_always([] {  // No deadlock: time passes.
      timed_mutex m;
      const std::lock_guard lock(m);
      thread a([&] {
        require(!m.try_lock_until(steady_clock::time_point::max()), "it stays locked");
        require(!m.try_lock_for(std::chrono::hours::max()), "it stays locked");
      });
      a.join();
    });
  }

  void recursion() {
    acquit_always([] {
      recursive_timed_mutex m;
      cell<int> x{0};
      two([&] {
        const std::lock_guard first(m);
        require(m.try_lock(), "its holder locks it again");
        x.write(x.read() + 1);
        m.unlock();
        x.write(x.read() + 1);
      });
      require(x.read() == 4, "both have counted twice");
    });
    // Unlocked once, it is still held.
    convict_always(deadlock, "held by main", [] {
      recursive_mutex m;
      m.lock();
      m.lock();
      m.unlock();
      thread a([&] { m.lock(); });
      a.join();
    });
  }

  void recursive_misuse() {
    convict_always(misuse, "main unlocks mutex#1, which is free", [] {
      recursive_mutex m;
      m.lock();
      m.lock();
      for (int i = 0; i < 3; ++i) m.unlock();
    });
    convict_always(misuse, "thread 1 unlocks mutex#1, which is held by main 2 times", [] {
      recursive_mutex m;
      m.lock();
      m.lock();
      thread a([&] { m.unlock(); });
      a.join();
    });
    convict_always(misuse, "destroys", [] {
      recursive_mutex m;
      m.lock();
      m.lock();
      m.unlock();
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(mutex_test);

}  // namespace
}  // namespace pawl::check::tests
