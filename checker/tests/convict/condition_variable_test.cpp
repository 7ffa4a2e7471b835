// Condition variables: notifications that come, that are lost, and that somebody else gets.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>
#include <pawl/check/sync.hpp>

#include <chrono>
#include <mutex>

#include "verdicts.hpp"

namespace pawl::check::tests {
namespace {

constexpr auto deadlock = failure_kind::deadlock;
constexpr auto assertion = failure_kind::assertion;
constexpr auto misuse = failure_kind::misuse;
constexpr std::chrono::milliseconds a_while{1};

class condition_variable_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(condition_variable_test);
  CPPUNIT_TEST(producer_and_consumer);
  CPPUNIT_TEST(notified_without_the_mutex);
  CPPUNIT_TEST(lost_notification);
  CPPUNIT_TEST(notification_orders_nothing);
  CPPUNIT_TEST(any_of_two_waiters);
  CPPUNIT_TEST(each_notification_wakes_one);
  CPPUNIT_TEST(all_waiters);
  CPPUNIT_TEST(stolen_notification);
  CPPUNIT_TEST(time_passes_or_not);
  CPPUNIT_TEST(time_passes_though_notified);
  CPPUNIT_TEST(with_any_lock);
  CPPUNIT_TEST(wait_without_the_mutex);
  CPPUNIT_TEST(destroyed_while_waited_on);
  CPPUNIT_TEST(destroyed_after_notification);
  CPPUNIT_TEST_SUITE_END();

  // What the waiting threads of the tests share; `ready` is given by the mutex.
  struct room {
    mutex m;
    condition_variable c;
    cell<int> ready{0};
    room() { name(&c, "the condition"); }

    void wait_until_ready() {
      std::unique_lock lock(m);
      c.wait(lock, [&] { return ready.read() > 0; });
    }
    // Leaves executions in which n threads wait by now.
    void assume_waiting(int n) {
      const std::lock_guard lock(m);
      assume(waiting.read() == n);
    }
    void wait_once() {
      std::unique_lock lock(m);
      waiting.write(waiting.read() + 1);
      c.wait(lock);
    }
    cell<int> waiting{0};
  };

 public:
  void producer_and_consumer() {
    const auto program = [](bool notifies) {
      room r;
      thread consumer([&] { r.wait_until_ready(); });
      {
        const std::lock_guard lock(r.m);
        r.ready.write(1);
        if (notifies) r.c.notify_one();
      }
      consumer.join();
    };
    convict_always(deadlock,
                   "thread 1 waits at condition_variable_test.cpp:", [=] { program(false); });
    convict_always(deadlock, "for a notification of the condition", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void notified_without_the_mutex() {
    acquit_always([] {
      room r;
      thread consumer([&] { r.wait_until_ready(); });
      {
        const std::lock_guard lock(r.m);
        r.ready.write(1);
      }
      r.c.notify_one();
      consumer.join();
    });
  }

  // What is waited for is looked at, but not under the mutex.
  void lost_notification() {
    const auto program = [](bool locks) {
      mutex m;
      condition_variable c;
      name(&c, "the condition");
      atomic<bool> ready{false};
      thread consumer([&] {
        std::unique_lock lock(m);
        while (!ready.load(memory_order_relaxed)) c.wait(lock);
      });
      if (locks) m.lock();
      ready.store(true, memory_order_relaxed);
      if (locks) m.unlock();
      c.notify_one();
      consumer.join();
    };
    convict_always(deadlock, "for a notification of the condition", [=] { program(false); });
    acquit_always([=] { program(true); });
    convict_always(deadlock, "waits at condition_variable_test.cpp:", [] {
      room r;
      thread a([&] { r.wait_once(); });
      r.c.notify_one();
      a.join();
    });
  }

  void notification_orders_nothing() {
    convict_always(failure_kind::data_race, "the same data", [] {
      room r;
      cell<int> x{0};
      thread a([&] {
        r.wait_once();
        static_cast<void>(x.read());
      });
      r.assume_waiting(1);
      x.write(1);
      r.c.notify_one();
      a.join();
    });
  }

  // Two wait; who goes on first says so. With `chain`, the one that is notified notifies the other.
  static void two_waiters(int notifications, int never_first, bool chain = false) {
    room r;
    cell<int> first{0};
    const auto wait = [&](int i) {
      std::unique_lock lock(r.m);
      r.waiting.write(r.waiting.read() + 1);
      r.c.wait(lock);
      if (first.read() == 0) first.write(i);
      if (chain) r.c.notify_one();
    };
    thread a([&] { wait(1); });
    thread b([&] { wait(2); });
    r.assume_waiting(2);
    for (int i = 0; i < notifications; ++i) r.c.notify_one();
    if (notifications == 0) r.c.notify_all();
    a.join();
    b.join();
    require(first.read() != never_first, "this one was not the first");
  }

  void any_of_two_waiters() {
    convict_always(assertion, "not the first", [] { two_waiters(1, 1, true); });
    convict_always(assertion, "not the first", [] { two_waiters(1, 2, true); });
    acquit_always([] { two_waiters(1, 3, true); });
  }

  void each_notification_wakes_one() {
    convict_always(deadlock, "for a notification of the condition", [] { two_waiters(1, 3); });
    acquit_always([] { two_waiters(2, 3); });
  }

  void all_waiters() {
    acquit_always([] { two_waiters(0, 3); });
    convict_always(assertion, "not the first", [] { two_waiters(0, 1); });
  }

  // Two sorts of waiters share one condition variable: the notification reaches the wrong one.
  void stolen_notification() {
    const auto program = [](bool all) {
      room r;
      cell<int> other{0};
      thread a([&] { r.wait_until_ready(); });
      thread b([&] {
        std::unique_lock lock(r.m);
        r.c.wait(lock, [&] { return other.read() > 0; });
      });
      const auto tell = [&](cell<int>& what) {
        const std::lock_guard lock(r.m);
        what.write(1);
        all ? r.c.notify_all() : r.c.notify_one();
      };
      tell(r.ready);
      tell(other);
      a.join();
      b.join();
    };
    convict_always(deadlock, "for a notification of the condition", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void time_passes_or_not() {
    static const auto program = [](std::cv_status never) {
      room r;
      thread a([&] {
        std::unique_lock lock(r.m);
        const auto before = steady_clock::now();
        const std::cv_status how = r.c.wait_for(lock, a_while);
        require(how != never, how == std::cv_status::timeout ? "time passed" : "notified");
        require((steady_clock::now() - before == a_while) == (how == std::cv_status::timeout),
                "time stands still but for that");
      });
      r.c.notify_one();
      a.join();
    };
    convict_always(assertion, "time passed", [] { program(std::cv_status::timeout); });
    convict_always(assertion, "notified", [] { program(std::cv_status::no_timeout); });
    acquit_always([] { program(static_cast<std::cv_status>(7)); });
    acquit_always([] {
      room r;
      std::unique_lock lock(r.m);
      require(r.c.wait_until(lock, steady_clock::now()) == std::cv_status::timeout, "nobody tells");
      require(!r.c.wait_for(lock, a_while, [] { return false; }), "nor here");
      require(r.c.wait_until(lock, steady_clock::now(), [] { return true; }), "no need to wait");
    });
  }

  // A notification reached it, and was used up; who takes that for none loses it.
  void time_passes_though_notified() {
    convict_always(assertion, "it was told nothing", [] {
      room r;
      thread a([&] {
        std::unique_lock lock(r.m);
        r.waiting.write(1);
        if (r.c.wait_for(lock, a_while) == std::cv_status::timeout)
          require(r.ready.read() == 0, "it was told nothing");
      });
      r.assume_waiting(1);
      {
        const std::lock_guard lock(r.m);
        r.ready.write(1);
        r.c.notify_one();
      }
      a.join();
    });
  }

  void with_any_lock() {
    const auto program = [](bool notifies) {
      recursive_mutex m;
      condition_variable_any c;
      cell<int> ready{0};
      thread a([&] {
        std::unique_lock lock(m);
        c.wait(lock, [&] { return ready.read() > 0; });
      });
      thread b([&] {
        const std::lock_guard lock(m);
        while (ready.read() == 0)
          if (c.wait_for(m, a_while) == std::cv_status::timeout) return;
      });
      {
        const std::lock_guard lock(m);
        ready.write(1);
        if (notifies) c.notify_all();
      }
      a.join();
      b.join();
    };
    convict_always(deadlock, "for a notification of condition#2", [=] { program(false); });
    acquit_always([=] { program(true); });
  }

  void wait_without_the_mutex() {
    convict_always(misuse, "holds no mutex", [] {
      room r;
      std::unique_lock lock(r.m, std::defer_lock);
      r.c.wait(lock);
    });
    convict_always(misuse, "main unlocks mutex#1, which is free (condition_variable_test.cpp:", [] {
      room r;
      std::unique_lock lock(r.m, std::adopt_lock);
      r.c.wait(lock);
    });
  }

  void destroyed_while_waited_on() {
    convict_always(misuse, "main destroys the condition, which is waited on by thread 1", [] {
      mutex m;
      cell<int> waiting{0};
      thread a;
      {
        condition_variable c;
        name(&c, "the condition");
        a = thread([&] {
          std::unique_lock lock(m);
          waiting.write(1);
          c.wait(lock);
        });
        const std::lock_guard lock(m);
        assume(waiting.read() == 1);
      }
      a.join();
    });
  }

  // Those that were notified need not have left.
  void destroyed_after_notification() {
    acquit_always([] {
      mutex m;
      cell<int> waiting{0};
      thread a;
      {
        condition_variable c;
        a = thread([&] {
          std::unique_lock lock(m);
          waiting.write(1);
          c.wait(lock);
        });
        const std::lock_guard lock(m);
        assume(waiting.read() == 1);
        c.notify_all();
      }
      a.join();
    });
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(condition_variable_test);

}  // namespace
}  // namespace pawl::check::tests
