#include <pawl/sync/mutex.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/budget.hpp>
#include <pawl/task/inline_scheduler.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/thread_pool.hpp>
#include <pawl/task/turn.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <coroutine>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "allocations.hpp"

namespace {

using pawl::cooperative;
using pawl::task;
using pawl::this_task::consume_budget;
using pawl::this_task::has_budget_remaining;
constexpr unsigned usual = pawl::limits::budget;

task<> count_up(unsigned& count, unsigned times) {
  for (unsigned i = 0; i < times; ++i) {
    co_await consume_budget();
    ++count;
  }
}

task<> count_up_with(unsigned budget, unsigned& count, unsigned times) {
  co_await pawl::with_budget(budget, count_up(count, times));
}

task<> lock_often(pawl::mutex<unsigned>& m, unsigned times) {
  for (unsigned i = 0; i < times; ++i) {
    const auto held = co_await cooperative(m.lock());
    ++**held;
  }
}

// What takes part without being of this library.
struct foreign_ready {
  foreign_ready() noexcept = default;
  bool await_ready() const noexcept { return true; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> by) const noexcept { return by; }
  int await_resume() const noexcept { return 42; }
};
struct foreign_here : foreign_ready {
  foreign_here() noexcept = default;
  bool await_ready() const noexcept { return false; }
};
struct foreign_void {
  foreign_void() noexcept = default;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> by) const { by.resume(); }
  void await_resume() const noexcept {}
};
struct foreign_outside {};
[[maybe_unused]] auto operator co_await(foreign_outside) noexcept { return foreign_ready(); }

class budget_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(budget_test);
  CPPUNIT_TEST(a_turn_has_so_many_operations);
  CPPUNIT_TEST(others_come_after_as_many);
  CPPUNIT_TEST(what_is_not_cooperative_does_not_count);
  CPPUNIT_TEST(a_task_has_its_own_number);
  CPPUNIT_TEST(with_none_each_lets_others_run);
  CPPUNIT_TEST(unconstrained_never_lets_others_run_but_counts);
  CPPUNIT_TEST(unconstrained_goes_on_when_the_turn_counts_no_further);
  CPPUNIT_TEST(who_waits_spends_nothing);
  CPPUNIT_TEST(coroutines_of_a_turn_share);
  CPPUNIT_TEST(the_place_is_taken_after_the_others);
  CPPUNIT_TEST(a_stop_in_between_is_seen);
  CPPUNIT_TEST(what_beginning_throws_is_thrown);
  CPPUNIT_TEST(awaits_anything);
  CPPUNIT_TEST(a_task_is_an_operation);
  CPPUNIT_TEST(a_pool_gives_each_turn_a_budget);
  CPPUNIT_TEST(a_loop_in_a_turn_has_its_own);
  CPPUNIT_TEST(without_turns_there_is_no_limit);
  CPPUNIT_TEST(nothing_is_allocated);
  CPPUNIT_TEST_SUITE_END();

  pawl::run_loop loop_;

  // Returns: what `count` is after each turn of the loop.
  std::vector<unsigned> turns_of(task<> t, const unsigned& count) {
    auto running = pawl::spawn(loop_, std::move(t));
    std::vector<unsigned> counts;
    while (!running.is_finished()) {
      CPPUNIT_ASSERT(loop_.run_one());
      counts.push_back(count);
    }
    return counts;
  }

  void finish() {
    loop_.finish();
    loop_.run();
  }

  void a_turn_has_so_many_operations() {
    unsigned count = 0;
    const auto counts = turns_of(count_up(count, 2 * usual + 1), count);
    CPPUNIT_ASSERT((counts == std::vector{usual, 2 * usual, 2 * usual + 1}));
  }

  void others_come_after_as_many() {
    unsigned at_second = 0;
    pawl::mutex<unsigned> m(0U);
    const auto look = [](unsigned& at, pawl::mutex<unsigned>& of) -> task<> {
      at = of.unguarded();
      co_return;
    };
    auto a = pawl::spawn(loop_, lock_often(m, 3 * usual));
    auto b = pawl::spawn(loop_, look(at_second, m));
    finish();
    CPPUNIT_ASSERT_EQUAL(usual, at_second);
    CPPUNIT_ASSERT_EQUAL(3 * usual, m.unguarded());
    CPPUNIT_ASSERT(a.try_join() && b.try_join());
  }

  void what_is_not_cooperative_does_not_count() {
    unsigned count = 0;
    const auto lock = [](unsigned& times) -> task<> {
      pawl::mutex<> m;
      while (times < 3 * usual) {
        const auto held = co_await m.lock();
        ++times;
      }
      const bool remains = co_await has_budget_remaining();
      CPPUNIT_ASSERT(remains);
    };
    CPPUNIT_ASSERT((turns_of(lock(count), count) == std::vector{3 * usual}));
  }

  void a_task_has_its_own_number() {
    unsigned count = 0;
    const auto counts = turns_of(count_up_with(3, count, 7), count);
    CPPUNIT_ASSERT((counts == std::vector{3U, 6U, 7U}));
  }

  void with_none_each_lets_others_run() {
    unsigned count = 0;
    const auto counts = turns_of(count_up_with(0, count, 3), count);
    CPPUNIT_ASSERT((counts == std::vector{0U, 1U, 2U, 3U}));
  }

  void unconstrained_never_lets_others_run_but_counts() {
    unsigned count = 0;
    const auto both = [](unsigned& n) -> task<> {
      co_await pawl::unconstrained(count_up(n, 5 * usual));
      const bool remains = co_await has_budget_remaining();
      CPPUNIT_ASSERT(!remains);
      co_await count_up(n, 1);
    };
    const auto counts = turns_of(both(count), count);
    CPPUNIT_ASSERT((counts == std::vector{5 * usual, 5 * usual + 1}));
  }

  void unconstrained_goes_on_when_the_turn_counts_no_further() {
    unsigned count = 0;
    const auto go_on = [](unsigned& n) -> task<> {
      pawl::thread_slot<pawl::detail::turn>::get().spent = pawl::detail::turn::most - 1;
      co_await pawl::unconstrained(count_up(n, 3));
      const bool remains = co_await has_budget_remaining();
      CPPUNIT_ASSERT(!remains);
    };
    CPPUNIT_ASSERT((turns_of(go_on(count), count) == std::vector{3U}));
  }

  // Its turn ends, and another one's goes on with what there was.
  void who_waits_spends_nothing() {
    pawl::semaphore s(0);
    const auto wait = [](pawl::semaphore& of) -> task<> {
      CPPUNIT_ASSERT((co_await cooperative(of.acquire(1))).has_value());
    };
    const auto rest = [](pawl::semaphore& of) -> task<> {
      for (unsigned i = 0; i < usual; ++i) {
        const bool remains = co_await has_budget_remaining();
        CPPUNIT_ASSERT(remains);
        co_await consume_budget();
      }
      of.release(1);
    };
    auto waiting = pawl::spawn(loop_, wait(s));
    CPPUNIT_ASSERT(loop_.run_one());
    auto running = pawl::spawn(loop_, rest(s));
    CPPUNIT_ASSERT(loop_.run_one() && running.is_finished() && !waiting.is_finished());
    finish();
    CPPUNIT_ASSERT(waiting.try_join() && running.try_join());
  }

  // An item that resumes one after another, inline.
  void coroutines_of_a_turn_share() {
    unsigned count = 0;
    const auto caller = [](unsigned& n) -> task<> {
      for (unsigned i = 0; i < usual; ++i) co_await count_up(n, 1);
      const bool remains = co_await has_budget_remaining();
      CPPUNIT_ASSERT(!remains);
    };
    CPPUNIT_ASSERT((turns_of(caller(count), count) == std::vector{usual}));
  }

  void the_place_is_taken_after_the_others() {
    pawl::mutex<> m;
    std::string order;
    auto held = std::optional(m.try_lock());
    const auto late = [](pawl::mutex<>& of, std::string& names) -> task<> {
      unsigned count = 0;
      co_await count_up(count, usual);
      const auto locked = co_await cooperative(of.lock());
      names += 'a';
    };
    const auto soon = [](pawl::mutex<>& of, std::string& names) -> task<> {
      const auto locked = co_await cooperative(of.lock());
      names += 'b';
    };
    auto a = pawl::spawn(loop_, late(m, order));
    auto b = pawl::spawn(loop_, soon(m, order));
    CPPUNIT_ASSERT(loop_.run_one() && !m.has_waiters());
    CPPUNIT_ASSERT(loop_.run_one() && m.has_waiters());
    CPPUNIT_ASSERT(loop_.run_one());
    held.reset();
    finish();
    CPPUNIT_ASSERT_EQUAL(std::string("ba"), order);
    CPPUNIT_ASSERT(a.try_join() && b.try_join());
  }

  void a_stop_in_between_is_seen() {
    pawl::semaphore s(1);
    pawl::stop_source stop;
    const auto acquire = [](pawl::semaphore& of, pawl::stop_token token) -> task<> {
      unsigned count = 0;
      co_await count_up(count, usual);
      const auto taken = co_await cooperative(of.acquire(1, token));
      CPPUNIT_ASSERT(!taken && taken.error().code == pawl::errc::cancelled);
    };
    auto a = pawl::spawn(loop_, acquire(s, stop.get_token()));
    CPPUNIT_ASSERT(loop_.run_one() && !a.is_finished());
    stop.request_stop();
    CPPUNIT_ASSERT(loop_.run_one());
    CPPUNIT_ASSERT(a.try_join().has_value());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
  }

  void what_beginning_throws_is_thrown() {
    pawl::lock_order order;
    const pawl::lock_kind kind(order, "kind");
    pawl::ordered_mutex<> m(kind, pawl::on_unwind::release);
    for (const unsigned before : {0U, usual - 1}) {
      const auto again = [](pawl::ordered_mutex<>& of, unsigned times) -> task<> {
        unsigned count = 0;
        co_await count_up(count, times);
        const auto held = co_await cooperative(of.lock());
        static_cast<void>(co_await cooperative(of.lock()));
      };
      auto a = pawl::spawn(loop_, again(m, before));
      while (!a.is_finished()) CPPUNIT_ASSERT(loop_.run_one());
      CPPUNIT_ASSERT_THROW(static_cast<void>(a.try_join()), pawl::lock_order_violation);
      CPPUNIT_ASSERT(!m.is_locked());
    }
  }

  void awaits_anything() {
    unsigned count = 0;
    const auto all = [](unsigned& n) -> task<> {
      for (unsigned i = 0; i < usual; ++i) {
        n += static_cast<unsigned>(co_await cooperative(foreign_ready()));
        n += static_cast<unsigned>(co_await cooperative(foreign_here()));
        n += static_cast<unsigned>(co_await cooperative(foreign_outside()));
        foreign_ready kept;
        n += static_cast<unsigned>(co_await cooperative(kept));
      }
      // Each `usual`th one is begun by the scheduler.
      co_await cooperative(foreign_void());
      co_await cooperative(std::suspend_never());
    };
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, turns_of(all(count), count).size());
    CPPUNIT_ASSERT_EQUAL(4 * 42 * usual, count);
  }

  void a_task_is_an_operation() {
    unsigned count = 0;
    const auto caller = [](unsigned& n) -> task<> {
      for (unsigned i = 0; i < usual; ++i) co_await cooperative(count_up(n, 1));
    };
    const auto counts = turns_of(caller(count), count);
    CPPUNIT_ASSERT((counts == std::vector{usual / 2, usual}));
  }

  void a_pool_gives_each_turn_a_budget() {
    pawl::mutex<unsigned> m(0U);
    bool ended = false;
    {
      pawl::thread_pool pool(1);
      auto busy = pawl::spawn(pool, [](pawl::mutex<unsigned>& of, bool& stop) -> task<> {
        while (!stop) {
          const auto held = co_await cooperative(of.lock());
          ++**held;
        }
      }(m, ended));
      auto other = pawl::spawn(pool, [](bool& stop) -> task<> {
        stop = true;
        co_return;
      }(ended));
      CPPUNIT_ASSERT(std::move(busy).join_blocking().has_value());
      CPPUNIT_ASSERT(std::move(other).join_blocking().has_value());
    }
    CPPUNIT_ASSERT(m.unguarded() > usual && m.unguarded() % usual == 1);
  }

  void a_loop_in_a_turn_has_its_own() {
    unsigned count = 0;
    const auto outer = [](unsigned& n) -> task<> {
      co_await count_up(n, usual - 1);
      unsigned inner = 0;
      pawl::sync_wait(count_up(inner, usual));
      co_await count_up(n, 2);
    };
    CPPUNIT_ASSERT((turns_of(outer(count), count) == std::vector{usual, usual + 1}));
  }

  void without_turns_there_is_no_limit() {
    unsigned count = 0;
    pawl::inline_scheduler here;
    auto a = pawl::spawn(here, count_up(count, 5 * usual));
    CPPUNIT_ASSERT_EQUAL(5 * usual, count);
    CPPUNIT_ASSERT(a.try_join().has_value());
  }

  void nothing_is_allocated() {
    pawl::mutex<unsigned> m(0U);
    auto a = pawl::spawn(loop_, lock_often(m, 3 * usual));
    const auto before = allocations();
    for (int i = 0; i < 3; ++i) loop_.run_one();
    const auto made = allocations() - before;
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, made);
    CPPUNIT_ASSERT(a.try_join().has_value());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(budget_test);

}  // namespace
