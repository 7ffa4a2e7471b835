#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using pawl::lock_holder;
using pawl::lock_kind;
using pawl::lock_order;
using pawl::lock_order_violation;
using rule = pawl::lock_order_rule;
using counter = pawl::ordered_mutex<int>;
constexpr auto release = pawl::on_unwind::release;
using unchecked = pawl::ordered_mutex<int, pawl::lock_checking::off>;

// Locks both, the second while it holds the first.
pawl::task<> lock_both(counter& first, counter& second) {
  const auto a = co_await first.lock();
  co_await pawl::this_task::reschedule();
  const auto b = co_await second.lock();
  ++**b;
}

// Holds it while others run.
pawl::task<> hold(counter& m) {
  const auto held = co_await m.lock();
  co_await pawl::this_task::reschedule();
}

template <class F>
void require_violation(rule expected, const std::string& text, F f) {
  try {
    f();
    CPPUNIT_FAIL("no violation");
  } catch (const lock_order_violation& e) {
    CPPUNIT_ASSERT(e.rule() == expected);
    CPPUNIT_ASSERT_EQUAL("lock order: " + text, std::string(e.what()));
  }
}

class ordered_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ordered_mutex_test);
  CPPUNIT_TEST(learns_the_order);
  CPPUNIT_TEST(convicts_the_other_order);
  CPPUNIT_TEST(convicts_a_cycle_through_others);
  CPPUNIT_TEST(convicts_a_task);
  CPPUNIT_TEST(convicts_recursion);
  CPPUNIT_TEST(convicts_a_task_that_locks_again);
  CPPUNIT_TEST(ranks_have_to_rise);
  CPPUNIT_TEST(two_of_a_kind_have_no_order);
  CPPUNIT_TEST(what_was_let_go_does_not_count);
  CPPUNIT_TEST(tasks_on_one_thread_are_different_holders);
  CPPUNIT_TEST(a_try_is_not_checked_but_held);
  CPPUNIT_TEST(a_guard_can_be_handed_over);
  CPPUNIT_TEST(a_thread_is_not_taken_for_one_that_ended);
  CPPUNIT_TEST(a_guard_that_outlives_its_task_is_handed_over);
  CPPUNIT_TEST(a_task_is_not_taken_for_one_that_ended);
  CPPUNIT_TEST(holders_have_names);
  CPPUNIT_TEST(unlocking_twice_is_an_error);
  CPPUNIT_TEST(there_is_a_limit_of_kinds);
  CPPUNIT_TEST(a_kind_may_end_before_its_order);
  CPPUNIT_TEST(a_kind_gives_its_place_back);
  CPPUNIT_TEST(without_checking_it_is_a_mutex);
  CPPUNIT_TEST(threads_in_order_are_not_convicted);
  CPPUNIT_TEST_SUITE_END();

  lock_order order_;
  lock_kind stock_{order_, "stock"}, orders_{order_, "orders"}, log_{order_, "log"};
  lock_kind low_{order_, "low", 1}, high_{order_, "high", 2};
  // (A violation unwinds through the guards that are held.)
  counter a_{stock_, 0, release}, b_{orders_, 0, release}, c_{log_, 0, release};

  static void nest(counter& first, counter& second) {
    const auto held = first.lock_blocking().value();
    ++*second.lock_blocking().value();
  }

  void learns_the_order() {
    nest(a_, b_);
    nest(a_, b_);
    CPPUNIT_ASSERT((order_.edges() == std::vector<lock_order::edge>{{"stock", "orders"}}));
    CPPUNIT_ASSERT(order_.violations().empty());
    CPPUNIT_ASSERT(order_.held_by(lock_holder::this_thread()).empty());
  }

  void convicts_the_other_order() {
    nest(a_, b_);
    require_violation(rule::cycle,
                      "\"stock\" is locked while \"orders\" is held, by " +
                          lock_holder::this_thread().name() +
                          ", which elsewhere come in another order; keep to one",
                      [&] { nest(b_, a_); });
    CPPUNIT_ASSERT(!a_.is_locked() && !b_.is_locked());
    const std::vector<lock_order::violation> expected{{rule::cycle, "orders", "stock"}};
    CPPUNIT_ASSERT(order_.violations() == expected);
    nest(a_, b_);
  }

  void convicts_a_cycle_through_others() {
    nest(a_, b_);
    nest(b_, c_);
    CPPUNIT_ASSERT_THROW(nest(c_, a_), lock_order_violation);
    nest(a_, c_);
  }

  void convicts_a_task() {
    pawl::sync_wait(lock_both(a_, b_));
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(lock_both(b_, a_)), lock_order_violation);
    CPPUNIT_ASSERT(!a_.is_locked() && !b_.is_locked() && !a_.has_waiters());
  }

  void convicts_recursion() {
    auto held = a_.lock_blocking();
    require_violation(rule::recursion,
                      "\"stock\" is locked again by who holds it, " +
                          lock_holder::this_thread().name() + "; let it go first",
                      [&] { static_cast<void>(a_.lock_blocking()); });
    CPPUNIT_ASSERT(a_.is_locked() && !a_.has_waiters());
    ++**held;
    held->unlock();
    CPPUNIT_ASSERT_EQUAL(1, a_.unguarded());
  }

  void convicts_a_task_that_locks_again() {
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(lock_both(a_, a_)), lock_order_violation);
    CPPUNIT_ASSERT(!a_.is_locked());
  }

  void ranks_have_to_rise() {
    counter low(low_, 0, release), high(high_, 0, release);
    nest(low, high);
    require_violation(rule::rank,
                      "\"low\" (rank 1) is locked while \"high\" (rank 2) is held, by " +
                          lock_holder::this_thread().name() + ": ranks have to rise",
                      [&] { nest(high, low); });
    nest(high, a_);
    nest(a_, c_);
  }

  void two_of_a_kind_have_no_order() {
    counter other(stock_, 0, release);
    CPPUNIT_ASSERT_THROW(nest(a_, other), lock_order_violation);
    counter low(low_, 0, release), another(low_, 0, release);
    CPPUNIT_ASSERT_THROW(nest(low, another), lock_order_violation);
  }

  void what_was_let_go_does_not_count() {
    nest(a_, b_);
    auto held = b_.lock_blocking();
    held->unlock();
    held = a_.lock_blocking();
    auto moved = std::move(*held);
    const auto second = b_.lock_blocking();
    const std::vector<std::string_view> expected{"orders", "stock"};
    CPPUNIT_ASSERT(order_.held_by(lock_holder::this_thread()) == expected);
    moved = counter::guard();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, order_.held_by(lock_holder::this_thread()).size());
  }

  // One holds a and the other b, in turns on one thread.
  void tasks_on_one_thread_are_different_holders() {
    pawl::run_loop loop;
    auto first = pawl::spawn(loop, hold(a_));
    auto second = pawl::spawn(loop, hold(b_));
    auto third = pawl::spawn(loop, lock_both(b_, a_));
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT((order_.edges() == std::vector<lock_order::edge>{{"orders", "stock"}}));
    CPPUNIT_ASSERT(first.try_join() && second.try_join() && third.try_join());
  }

  void a_try_is_not_checked_but_held() {
    nest(a_, b_);
    const auto b = b_.try_lock();
    CPPUNIT_ASSERT(a_.try_lock().has_value());
    CPPUNIT_ASSERT(!b_.try_lock());
    CPPUNIT_ASSERT_THROW(static_cast<void>(a_.lock_blocking()), lock_order_violation);
  }

  void a_guard_can_be_handed_over() {
    auto held = *a_.lock_blocking();
    pawl::thread([&] {
      held.hand_over(lock_holder::this_thread());
      CPPUNIT_ASSERT_THROW(static_cast<void>(a_.lock_blocking()), lock_order_violation);
      held.unlock();
    }).join();
    CPPUNIT_ASSERT(order_.held_by(lock_holder::this_thread()).empty());
    nest(a_, b_);
  }

  // The guard stays; what the thread was known by may be used for the next one.
  void a_thread_is_not_taken_for_one_that_ended() {
    counter low(low_, 0, release), high(high_, 0, release);
    counter::guard kept;
    pawl::thread([&] { kept = *high.lock_blocking(); }).join();
    for (int i = 0; i < 5; ++i) {
      pawl::thread([&] {
        CPPUNIT_ASSERT(order_.held_by(lock_holder::this_thread()).empty());
        ++*low.lock_blocking().value();
      }).join();
    }
    CPPUNIT_ASSERT(order_.violations().empty());
  }

  void a_guard_that_outlives_its_task_is_handed_over() {
    counter low(low_, 0, release), high(high_, 0, release);
    const auto take = [](counter& m) -> pawl::task<counter::guard> {
      auto locked = co_await m.lock();
      co_return *std::move(locked);
    };
    auto kept = pawl::sync_wait(take(high));
    kept.hand_over(lock_holder::this_thread());
    CPPUNIT_ASSERT_EQUAL(0, *pawl::sync_wait(take(low)));
    CPPUNIT_ASSERT_THROW(static_cast<void>(low.lock_blocking()), lock_order_violation);
  }

  // Frames of tasks that follow each other are at one place.
  void a_task_is_not_taken_for_one_that_ended() {
    counter low(low_, 0, release), high(high_, 0, release);
    counter::guard kept;
    pawl::sync_wait([](counter& m, counter::guard& to) -> pawl::task<> {
      auto locked = co_await m.lock();
      to = *std::move(locked);
    }(high, kept));
    for (int i = 0; i < 5; ++i) {
      pawl::sync_wait([](counter& m) -> pawl::task<> {
        const auto locked = co_await m.lock();
        ++**locked;
      }(low));
    }
    CPPUNIT_ASSERT(order_.violations().empty());
  }

  void holders_have_names() {
    CPPUNIT_ASSERT_EQUAL(std::string("nobody"), lock_holder().name());
    const std::string here = lock_holder::this_thread().name();
    CPPUNIT_ASSERT_EQUAL(std::string("thread "), here.substr(0, 7));
    std::string there;
    pawl::thread([&] { there = lock_holder::this_thread().name(); }).join();
    CPPUNIT_ASSERT(here != there);
    const auto told = [](counter& m) -> pawl::task<std::string> {
      const auto held = co_await m.lock();
      try {
        static_cast<void>(co_await m.lock());
      } catch (const lock_order_violation& e) {
        co_return e.what();
      }
      co_return "";
    };
    const std::string text = pawl::sync_wait(told(a_));
    CPPUNIT_ASSERT(text.find("is locked again by who holds it, task ") != std::string::npos);
  }

  void unlocking_twice_is_an_error() {
    auto held = *a_.lock_blocking();
    held.unlock();
    CPPUNIT_ASSERT_THROW(held.unlock(), std::logic_error);
  }

  void there_is_a_limit_of_kinds() {
    lock_order full;
    std::deque<lock_kind> kinds;
    for (unsigned i = 0; i < lock_order::most_kinds; ++i) kinds.emplace_back(full, "kind");
    CPPUNIT_ASSERT_THROW(kinds.emplace_back(full, "kind"), std::length_error);
    counter first(kinds.front(), 0, release), last(kinds.back(), 0, release);
    nest(first, last);
    CPPUNIT_ASSERT_THROW(nest(last, first), lock_order_violation);
  }

  void a_kind_may_end_before_its_order() {
    {
      const auto brief = std::make_unique<lock_kind>(order_, "brief");
      counter m(*brief, 0, release);
      nest(a_, m);
      nest(m, c_);
      CPPUNIT_ASSERT_THROW(nest(m, a_), lock_order_violation);
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, order_.edges().size());
      CPPUNIT_ASSERT_THROW(nest(c_, a_), lock_order_violation);
    }
    CPPUNIT_ASSERT(order_.edges().empty());
    const std::vector<lock_order::violation> expected{{rule::cycle, "log", "stock"},
                                                      {rule::cycle, "brief", "stock"}};
    CPPUNIT_ASSERT(order_.violations() == expected);
    nest(c_, a_);
    const lock_kind another(order_, "another");
    counter m(another, 0, release);
    nest(m, c_);
  }

  void a_kind_gives_its_place_back() {
    lock_order order;
    const lock_kind stays(order, "stays");
    counter outer(stays, 0, release);
    for (unsigned i = 0; i < 3 * lock_order::most_kinds; ++i) {
      const lock_kind brief(order, "brief");
      counter inner(brief, 0, release);
      i % 2 == 0 ? nest(outer, inner) : nest(inner, outer);
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, order.edges().size());
      CPPUNIT_ASSERT_THROW(i % 2 == 0 ? nest(inner, outer) : nest(outer, inner),
                           lock_order_violation);
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{lock_order::most_kinds - 1}, order.violations().size());
  }

  void without_checking_it_is_a_mutex() {
    unchecked m(stock_, 7);
    CPPUNIT_ASSERT_EQUAL(7, **m.try_lock());
  }

  void threads_in_order_are_not_convicted() {
    constexpr int threads = 4, times = 500;
    std::deque<pawl::thread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (int n = 0; n < times; ++n) nest(a_, b_);
      });
    }
    for (pawl::thread& each : all) each.join();
    CPPUNIT_ASSERT_EQUAL(threads * times, b_.unguarded());
    CPPUNIT_ASSERT(order_.violations().empty());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ordered_mutex_test);

}  // namespace
