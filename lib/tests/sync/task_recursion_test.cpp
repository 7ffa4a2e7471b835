// A task that waits for a lock it holds itself. Built with PAWL_DEBUG.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/once_cell.hpp>
#include <pawl/sync/shared_mutex.hpp>
#include <pawl/task/task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using pawl::mutex;
using pawl::once_cell;
using pawl::shared_mutex;
using pawl::task;
using guard = pawl::mutex_guard<int>;

// Runs a task here, and inline wherever it is resumed; the promise knows nothing of frames.
class running {
 public:
  struct promise_type {
    running get_return_object() { return running(ended_); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() { *ended_ = true; }
    void unhandled_exception() { std::terminate(); }

   private:
    const std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
  };

  [[nodiscard]] bool ended() const { return *ended_; }

 private:
  explicit running(std::shared_ptr<bool> ended) : ended_(std::move(ended)) {}

  std::shared_ptr<bool> ended_;
};

running run(task<> t) { co_await std::move(t); }

// Fails unless the awaiting task is refused, and the lock is as it was.
template <class Op, class Lock>
task<> check_refused(Op op, Lock& lock, std::string name) {
  std::string told;
  try {
    const auto again = co_await op();
  } catch (const std::logic_error& e) {
    told = e.what();
  }
  CPPUNIT_ASSERT_EQUAL(name + ": the task would wait for a lock that it holds; let it go first",
                       told);
  CPPUNIT_ASSERT(lock.is_locked() && !lock.has_waiters() && !lock.is_poisoned());
}
task<> check_refused(mutex<int>& m) {
  return check_refused([&m] { return m.lock(); }, m, "mutex");
}

task<> lock_once(mutex<int>& m) { ++**(co_await m.lock()); }

class task_recursion_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(task_recursion_test);
  CPPUNIT_TEST(locking_again_is_refused);
  CPPUNIT_TEST(so_it_is_by_an_owned_call);
  CPPUNIT_TEST(so_it_is_in_a_task_that_it_awaits);
  CPPUNIT_TEST(an_argument_has_the_lock);
  CPPUNIT_TEST(what_was_unlocked_has_nothing);
  CPPUNIT_TEST(a_guard_that_was_moved_away_is_nobodys);
  CPPUNIT_TEST(a_guard_that_came_from_elsewhere_counts);
  CPPUNIT_TEST(another_task_waits);
  CPPUNIT_TEST(a_task_at_the_same_place_waits);
  CPPUNIT_TEST(what_has_a_limit_is_not_judged);
  CPPUNIT_TEST(poison_ends_the_wait);
  CPPUNIT_TEST(a_writer_waits_for_nothing_of_its_own);
  CPPUNIT_TEST(a_reader_may_be_let_in);
  CPPUNIT_TEST(an_upgrade_waits_for_no_read_of_its_own);
  CPPUNIT_TEST(a_downgraded_guard_reads);
  CPPUNIT_TEST(an_initializer_asks_no_cell_of_its_own);
  CPPUNIT_TEST(an_initializer_does_not_wait_for_its_own_cell);
  CPPUNIT_TEST_SUITE_END();

  mutex<int> m_{7};
  shared_mutex<int> s_{7};

  // Fails unless the task ends, and the locks are free then.
  void check(task<> t) {
    CPPUNIT_ASSERT(run(std::move(t)).ended());
    CPPUNIT_ASSERT(m_.try_lock().has_value() && s_.try_lock().has_value());
  }

  void locking_again_is_refused() {
    check([](mutex<int>& m) -> task<> {
      {
        const auto held = co_await m.lock();
        co_await check_refused(m);
      }
      auto held = (co_await m.lock()).value();
      co_await check_refused(m);
      CPPUNIT_ASSERT_EQUAL(7, *held);
      held.unlock();
      co_await lock_once(m);
      CPPUNIT_ASSERT_EQUAL(8, m.unguarded());
    }(m_));
  }

  void so_it_is_by_an_owned_call() {
    const auto shared = std::make_shared<mutex<int>>(7);
    check([](std::shared_ptr<mutex<int>> m) -> task<> {
      const auto held = co_await lock_owned(m);
      co_await check_refused(*m);
      co_await check_refused([&m] { return lock_owned(m); }, *m, "mutex");
    }(shared));
    CPPUNIT_ASSERT(!shared->is_locked());
  }

  // The exception unwinds all of it.
  void so_it_is_in_a_task_that_it_awaits() {
    mutex<int> m(7, pawl::on_unwind::release);
    check([](mutex<int>& m) -> task<> {
      const auto holds = [](mutex<int>& m) -> task<> {
        const auto held = co_await m.lock();
        co_await lock_once(m);
      };
      bool is_refused = false;
      try {
        co_await holds(m);
      } catch (const std::logic_error&) {
        is_refused = true;
      }
      CPPUNIT_ASSERT(is_refused && !m.is_locked() && !m.is_poisoned());
      co_await lock_once(m);
    }(m));
  }

  void an_argument_has_the_lock() {
    check([](mutex<int>& m) -> task<> {
      co_await [](mutex<int>& m, guard) -> task<> { co_await check_refused(m); }(
                                            m, m.try_lock().value());
      co_await lock_once(m);
    }(m_));
  }

  void what_was_unlocked_has_nothing() {
    std::optional<running> waiting;
    waiting.emplace(run([](mutex<int>& m) -> task<> {
      auto held = (co_await m.lock()).value();
      std::move(held).forget();
      co_await lock_once(m);
    }(m_)));
    CPPUNIT_ASSERT(!waiting->ended() && m_.has_waiters());
    m_.force_unlock();
    CPPUNIT_ASSERT(waiting->ended() && !m_.is_locked());
  }

  void a_guard_that_was_moved_away_is_nobodys() {
    std::vector<guard> passed;
    const running waiting = run([](mutex<int>& m, std::vector<guard>& to) -> task<> {
      to.push_back((co_await m.lock()).value());
      co_await lock_once(m);
    }(m_, passed));
    CPPUNIT_ASSERT(!waiting.ended() && m_.has_waiters());
    passed.clear();
    CPPUNIT_ASSERT(waiting.ended());
  }

  void a_guard_that_came_from_elsewhere_counts() {
    std::vector<guard> passed;
    passed.push_back(m_.try_lock().value());
    check([](mutex<int>& m, std::vector<guard>& from) -> task<> {
      const guard held = std::move(from.back());
      co_await check_refused(m);
    }(m_, passed));
  }

  void another_task_waits() {
    mutex<int> other(1);
    std::optional<running> holds, waits;
    holds.emplace(run([](mutex<int>& m, mutex<int>& until) -> task<> {
      const auto held = co_await m.lock();
      co_await lock_once(until);
    }(m_, other)));
    CPPUNIT_ASSERT(holds->ended());
    auto until = other.try_lock().value();
    holds.emplace(run([](mutex<int>& m, mutex<int>& until) -> task<> {
      const auto held = co_await m.lock();
      co_await lock_once(until);
    }(m_, other)));
    waits.emplace(run(lock_once(m_)));
    CPPUNIT_ASSERT(!holds->ended() && !waits->ended());
    until.unlock();
    CPPUNIT_ASSERT(holds->ended() && waits->ended());
  }

  // Frames of tasks that follow each other are at one place.
  void a_task_at_the_same_place_waits() {
    std::vector<guard> kept;
    CPPUNIT_ASSERT(run([](mutex<int>& m, std::vector<guard>& to) -> task<> {
                     to.push_back((co_await m.lock()).value());
                   }(m_, kept))
                       .ended());
    const running waiting = run(lock_once(m_));
    CPPUNIT_ASSERT(!waiting.ended());
    kept.clear();
    CPPUNIT_ASSERT(waiting.ended());
  }

  void what_has_a_limit_is_not_judged() {
    pawl::stop_source stop;
    const running waiting = run([](mutex<int>& m, pawl::stop_token token) -> task<> {
      const auto held = co_await m.lock();
      const auto cancelled = co_await m.lock(token);
      CPPUNIT_ASSERT(cancelled.error().code == pawl::errc::cancelled);
      const auto late = co_await m.lock_until(pawl::steady_clock::time_point::min());
      CPPUNIT_ASSERT(late.error().code == pawl::errc::timed_out);
      CPPUNIT_ASSERT(m.try_lock().error().code == pawl::errc::would_block);
    }(m_, stop.get_token()));
    CPPUNIT_ASSERT(!waiting.ended());
    stop.request_stop();
    CPPUNIT_ASSERT(waiting.ended());
  }

  void poison_ends_the_wait() {
    CPPUNIT_ASSERT(run([](mutex<int>& m) -> task<> {
                     const auto held = co_await m.lock();
                     m.poison();
                     const auto again = co_await m.lock();
                     CPPUNIT_ASSERT(again.error().code == pawl::errc::poisoned);
                   }(m_))
                       .ended());
  }

  void a_writer_waits_for_nothing_of_its_own() {
    check([](shared_mutex<int>& s) -> task<> {
      const auto lock = [&s] { return s.lock(); };
      const auto lock_shared = [&s] { return s.lock_shared(); };
      const auto lock_upgrade = [&s] { return s.lock_upgrade(); };
      {
        const auto writes = co_await s.lock();
        co_await check_refused(lock, s, "shared_mutex");
        co_await check_refused(lock_shared, s, "shared_mutex");
        co_await check_refused(lock_upgrade, s, "shared_mutex");
      }
      {
        const auto reads = co_await s.lock_shared();
        co_await check_refused(lock, s, "shared_mutex");
      }
      const auto upgradable = co_await s.lock_upgrade();
      co_await check_refused(lock, s, "shared_mutex");
      co_await check_refused(lock_upgrade, s, "shared_mutex");
    }(s_));
  }

  void a_reader_may_be_let_in() {
    check([](shared_mutex<int>& s) -> task<> {
      const auto reads = co_await s.lock_shared();
      const auto again = co_await s.lock_shared();
      const auto upgradable = co_await s.lock_upgrade();
      CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, s.readers());
    }(s_));
  }

  void an_upgrade_waits_for_no_read_of_its_own() {
    check([](shared_mutex<int>& s) -> task<> {
      auto upgradable = (co_await s.lock_upgrade()).value();
      {
        const auto reads = co_await s.lock_shared();
        co_await check_refused([&] { return upgradable.upgrade(); }, s, "shared_mutex");
        CPPUNIT_ASSERT(upgradable && s.readers() == 2);
      }
      const auto writes = co_await upgradable.upgrade();
      CPPUNIT_ASSERT(s.is_locked_exclusively());
    }(s_));
  }

  void a_downgraded_guard_reads() {
    check([](shared_mutex<int>& s) -> task<> {
      const auto reads = (co_await s.lock()).value().downgrade();
      const auto again = co_await s.lock_shared();
      co_await check_refused([&s] { return s.lock(); }, s, "shared_mutex");
    }(s_));
  }

  void an_initializer_asks_no_cell_of_its_own() {
    once_cell<int> cell;
    check([](once_cell<int>& cell) -> task<> {
      const auto asks = [](once_cell<int>& cell) -> task<int> {
        co_return **(co_await cell.get_or_init([] { return 1; }));
      };
      bool is_refused = false;
      try {
        static_cast<void>(co_await cell.get_or_init([&] { return asks(cell); }));
      } catch (const std::logic_error&) {
        is_refused = true;
      }
      CPPUNIT_ASSERT(is_refused && !cell.is_initialized());
      const auto made = co_await cell.get_or_init([] { return 2; });
      CPPUNIT_ASSERT_EQUAL(2, **made);
    }(cell));
    once_cell<int> of_threads;
    const auto asks = [&] { return **of_threads.get_or_init_blocking([] { return 1; }); };
    CPPUNIT_ASSERT_THROW(static_cast<void>(of_threads.get_or_init_blocking(asks)),
                         std::logic_error);
    CPPUNIT_ASSERT_EQUAL(2, **of_threads.get_or_init_blocking([] { return 2; }));
  }

  void an_initializer_does_not_wait_for_its_own_cell() {
    once_cell<int> cell;
    check([](once_cell<int>& cell) -> task<> {
      const auto waits = [](once_cell<int>& cell) -> task<int> {
        co_return **(co_await cell.wait());
      };
      bool is_refused = false;
      try {
        static_cast<void>(co_await cell.get_or_init([&] { return waits(cell); }));
      } catch (const std::logic_error&) {
        is_refused = true;
      }
      CPPUNIT_ASSERT(is_refused && !cell.is_initialized());
      static_cast<void>(co_await cell.get_or_init([] { return 2; }));
      const auto made = co_await cell.wait();
      CPPUNIT_ASSERT_EQUAL(2, **made);
    }(cell));
    once_cell<int> of_threads;
    const auto waits = [&] {
      CPPUNIT_ASSERT(!of_threads.wait_blocking_for({}));  // which ends by itself
      return **of_threads.wait_blocking();
    };
    CPPUNIT_ASSERT_THROW(static_cast<void>(of_threads.get_or_init_blocking(waits)),
                         std::logic_error);
    CPPUNIT_ASSERT_EQUAL(2, **of_threads.get_or_init_blocking([] { return 2; }));
    CPPUNIT_ASSERT_EQUAL(2, **of_threads.wait_blocking());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(task_recursion_test);

}  // namespace
