// Shared mutexes, semaphores and call_once, and their misuse.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>
#include <pawl/check/sync.hpp>

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>

#include "two_threads.hpp"
#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto deadlock = failure_kind::deadlock;
constexpr auto misuse = failure_kind::misuse;
constexpr std::chrono::milliseconds a_while{1};

class shared_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(shared_mutex_test);
  CPPUNIT_TEST(readers_together_writers_alone);
  CPPUNIT_TEST(reader_that_writes);
  CPPUNIT_TEST(tries);
  CPPUNIT_TEST(times);
  CPPUNIT_TEST(upgrade);
  CPPUNIT_TEST(wrong_unlocks);
  CPPUNIT_TEST_SUITE_END();

 public:
  void readers_together_writers_alone() {
    static const auto program = [](bool may_meet) {
      shared_mutex m;
      cell<int> x{0};
      atomic<int> reading{0};
      const auto read = [&] {
        const std::shared_lock lock(m);
        static_cast<void>(x.read());
        const bool together = reading.fetch_add(1, memory_order_relaxed) == 1;
        require(may_meet || !together, "two read together");
        reading.fetch_sub(1, memory_order_relaxed);
      };
      thread a(read), b(read);
      {
        const std::unique_lock lock(m);
        x.write(1);
      }
      a.join();
      b.join();
    };
    acquit_always([] { program(true); });
    convict_always(failure_kind::assertion, "two read together", [] { program(false); });
  }

  void reader_that_writes() {
    convict_always(failure_kind::data_race, "writes", [] {
      shared_mutex m;
      cell<int> x{0};
      two([&] {
        const std::shared_lock lock(m);
        x.write(1);
      });
    });
  }

  void tries() {
    acquit_always([] {
      shared_mutex m;
      require(m.try_lock_shared(), "a free one");
      thread a([&] {
        require(!m.try_lock(), "it is read");
        require(m.try_lock_shared(), "readers share");
        m.unlock_shared();
      });
      a.join();
      m.unlock_shared();
      require(m.try_lock(), "a free one");
      require(!m.try_lock_shared(), "a writer holds it");
      m.unlock();
    });
  }

  void times() {
    acquit_always([] {
      shared_timed_mutex m;
      if (m.try_lock_shared_for(a_while)) m.unlock_shared();
      if (m.try_lock_until(steady_clock::now())) {
        thread a([&] { require(!m.try_lock_shared_until(steady_clock::now()), "it is held"); });
        a.join();
        m.unlock();
      }
      m.lock_shared();
      require(!m.try_lock_for(a_while), "it is read");
      m.unlock_shared();
    });
  }

  void upgrade() {
    convict_always(deadlock, "for shared_mutex#1, which it holds itself", [] {
      shared_mutex m;
      m.lock_shared();
      m.lock();
    });
    convict_always(deadlock, "read by thread 1 and thread 2", [] {
      shared_mutex m;
      atomic<int> readers{0};
      two([&] {
        m.lock_shared();
        readers.fetch_add(1, memory_order_relaxed);
        spin_until(readers, [](int n) { return n == 2; }, memory_order_relaxed);
        m.lock();
      });
    });
  }

  void wrong_unlocks() {
    convict_always(misuse, "main unlocks shared_mutex#1, which is read by main", [] {
      shared_mutex m;
      m.lock_shared();
      m.unlock();
    });
    convict_always(misuse, "main unlocks as a reader shared_mutex#1, which is held by main", [] {
      shared_mutex m;
      m.lock();
      m.unlock_shared();
    });
    convict_always(misuse, "which is free", [] {
      shared_mutex m;
      m.unlock_shared();
    });
    convict_always(misuse, "thread 1 unlocks as a reader shared_mutex#1, which is read by main",
                   [] {
                     shared_mutex m;
                     m.lock_shared();
                     thread a([&] { m.unlock_shared(); });
                     a.join();
                   });
    convict_always(misuse, "main reads again", [] {
      shared_mutex m;
      m.lock_shared();
      m.lock_shared();
    });
    convict_always(misuse, "main destroys shared_mutex#1, which is read by main", [] {
      shared_mutex m;
      m.lock_shared();
    });
  }
};

class semaphore_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(semaphore_test);
  CPPUNIT_TEST(as_a_mutex);
  CPPUNIT_TEST(too_few);
  CPPUNIT_TEST(too_many);
  CPPUNIT_TEST(tries);
  CPPUNIT_TEST_SUITE_END();

 public:
  void as_a_mutex() {
    const auto program = [](unsigned n) {
      counting_semaphore<2> s(n);
      cell<int> x{0};
      two([&] {
        s.acquire();
        x.write(x.read() + 1);
        s.release();
      });
    };
    convict_always(failure_kind::data_race, "the same data", [=] { program(2); });
    acquit_always([=] { program(1); });
  }

  void too_few() {
    const auto program = [](int n) {
      counting_semaphore s(0);
      thread a([&] {
        s.acquire();
        s.acquire();
      });
      s.release(n);
      a.join();
    };
    convict_always(deadlock, "for semaphore#1, which is 0", [=] { program(1); });
    acquit_always([=] { program(2); });
  }

  void too_many() {
    convict_always(misuse, "main exceeds the maximum of semaphore#1, which is 1", [] {
      binary_semaphore s(0);
      s.release();
      s.release();
    });
    convict_always(misuse, "beyond its bounds", [] { binary_semaphore s(2); });
    convict_always(misuse, "negative", [] {
      binary_semaphore s(1);
      s.release(-1);
    });
  }

  void tries() {
    acquit_always([] {
      binary_semaphore s(1);
      static_assert(binary_semaphore::max() == 1);
      require(s.try_acquire() && !s.try_acquire(), "there was one");
      require(!s.try_acquire_for(a_while) && !s.try_acquire_until(steady_clock::now()),
              "and only one");
      s.release();
    });
    static const auto program = [](bool may_pass, bool may_take) {
      binary_semaphore s(0);
      thread a([&] { s.release(); });
      const bool taken = s.try_acquire_for(a_while);
      require(taken ? may_take : may_pass, taken ? "taken" : "time passed");
      a.join();
    };
    acquit_always([] { program(true, true); });
    convict_always(failure_kind::assertion, "taken", [] { program(true, false); });
    convict_always(failure_kind::assertion, "time passed", [] { program(false, true); });
  }
};

class once_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(once_test);
  CPPUNIT_TEST(once_and_for_all);
  CPPUNIT_TEST(after_an_exception);
  CPPUNIT_TEST(from_inside);
  CPPUNIT_TEST_SUITE_END();

 public:
  void once_and_for_all() {
    acquit_always([] {
      once_flag once;
      cell<int> x{0};
      const auto set = [&] {
        call_once(once, [&](int by) { x.write(x.read() + by); }, 1);
        require(x.read() == 1, "it was called once, and all see it");
      };
      thread a(set), b(set);
      set();
      a.join();
      b.join();
    });
  }

  void after_an_exception() {
    acquit_always([] {
      once_flag once;
      cell<int> calls{0};
      atomic<int> failures{0};
      two([&] {
        try {
          call_once(once, [&] {
            calls.write(calls.read() + 1);
            if (calls.read() == 1) throw std::runtime_error("the first time");
          });
        } catch (const std::runtime_error&) {
          failures.fetch_add(1, memory_order_relaxed);
        }
      });
      require(failures.load(memory_order_relaxed) == 1, "one has failed");
      require(calls.read() == 2, "then the other one has called");
    });
  }

  void from_inside() {
    convict_always(deadlock, "for once_flag#1, which it is calling itself", [] {
      once_flag once;
      call_once(once, [&] { call_once(once, [] {}); });
    });
    convict_always(deadlock, "for once_flag#2, being called by thread 2; thread 2 waits", [] {
      once_flag first, second;
      const auto take = [](once_flag& outer, once_flag& inner) {
        call_once(outer, [&] { call_once(inner, [] {}); });
      };
      thread a([&] { take(first, second); });
      thread b([&] { take(second, first); });
      a.join();
      b.join();
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(shared_mutex_test);
CPPUNIT_TEST_SUITE_REGISTRATION(semaphore_test);
CPPUNIT_TEST_SUITE_REGISTRATION(once_test);

}  // namespace
}  // namespace pawl::check::tests
