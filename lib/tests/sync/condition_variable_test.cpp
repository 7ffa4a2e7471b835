#include <allocations.hpp>
#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using pawl::condition_variable;
using pawl::errc;
using namespace std::chrono_literals;
using number = pawl::mutex<int>;

static_assert(sizeof(condition_variable) == 32);
static_assert(!std::is_copy_constructible_v<condition_variable> &&
              !std::is_move_assignable_v<condition_variable>);

constinit condition_variable of_static_storage;

void check_error(errc code, const pawl::result<void>& r) {
  CPPUNIT_ASSERT(!r.has_value());
  CPPUNIT_ASSERT_EQUAL(pawl::to_string(code), pawl::to_string(r.error().code));
}

// Locks, waits, and counts up the number, which takes the lock.
template <class... Arguments>
call start(condition_variable& changed, number& m, waiting& out, Arguments... arguments) {
  auto locked = co_await m.lock();
  const auto notified = co_await changed.wait(*locked, arguments...);
  if (*locked) ++**locked;
  out.end(notified);
}

pawl::task<pawl::result<void>> wait_for(condition_variable& changed, number& m,
                                        pawl::steady_clock::duration timeout) {
  auto locked = co_await m.lock();
  const auto notified = co_await changed.wait_for(*locked, timeout);
  CPPUNIT_ASSERT(*locked);
  co_return notified;
}

template <class Predicate>
pawl::task<pawl::result<void>> wait_until_true(condition_variable& changed, number& m,
                                               Predicate pred) {
  auto locked = co_await m.lock();
  const auto seen = co_await changed.wait(*locked, [&] { return pred(**locked); });
  CPPUNIT_ASSERT(*locked);
  co_return seen;
}

pawl::task<> finish_when_true(condition_variable& changed, number& m, int wanted,
                              pawl::run_loop& loop) {
  static_cast<void>(
      co_await wait_until_true(changed, m, [wanted](int now) { return now == wanted; }));
  loop.finish();
}

class async_condition_variable_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(async_condition_variable_test);
  CPPUNIT_TEST(a_notification_of_nobody_is_forgotten);
  CPPUNIT_TEST(is_constant_initialized);
  CPPUNIT_TEST(unlocks_and_locks_again);
  CPPUNIT_TEST(tells_the_first);
  CPPUNIT_TEST(tells_all);
  CPPUNIT_TEST(who_is_told_waits_for_the_lock);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_stop_does_not_end_it_without_the_lock);
  CPPUNIT_TEST(a_stop_before_the_call_does_not_unlock);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_deadline_that_has_passed_lets_others_in);
  CPPUNIT_TEST(waits_until_it_is_true);
  CPPUNIT_TEST(what_is_true_needs_no_wait);
  CPPUNIT_TEST(looks_once_more_at_the_end);
  CPPUNIT_TEST(a_predicate_may_throw);
  CPPUNIT_TEST(threads_wait_too);
  CPPUNIT_TEST(a_thread_has_a_stop_and_a_deadline);
  CPPUNIT_TEST(a_destroyed_waiter_passes_on);
  CPPUNIT_TEST(a_waiter_destroyed_on_its_way_passes_on);
  CPPUNIT_TEST(who_has_told_all_may_destroy_it);
  CPPUNIT_TEST(what_resumes_inline_may_destroy_it);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_notification_of_nobody_is_forgotten() {
    condition_variable changed;
    number m(0);
    CPPUNIT_ASSERT(!changed.notify_one() && changed.notify_all() == 0);
    waiting out;
    const call a = start(changed, m, out);
    CPPUNIT_ASSERT(out.is_pending());
    CPPUNIT_ASSERT(changed.notify_one() && out.is_granted());
  }

  void is_constant_initialized() { CPPUNIT_ASSERT(!of_static_storage.notify_one()); }

  void unlocks_and_locks_again() {
    condition_variable changed;
    number m(0);
    waiting out;
    const call a = start(changed, m, out);
    CPPUNIT_ASSERT(!m.is_locked() && changed.has_waiters());
    CPPUNIT_ASSERT(changed.notify_one());
    CPPUNIT_ASSERT(out.is_granted() && m.unguarded() == 1 && !changed.has_waiters());
  }

  void tells_the_first() {
    condition_variable changed;
    number m(0);
    waiting outs[3];
    const call calls[] = {start(changed, m, outs[0]), start(changed, m, outs[1]),
                          start(changed, m, outs[2])};
    for (waiting& next : outs) {
      CPPUNIT_ASSERT(next.is_pending());
      CPPUNIT_ASSERT(changed.notify_one());
      CPPUNIT_ASSERT(next.is_granted());
    }
    CPPUNIT_ASSERT(!changed.notify_one() && m.unguarded() == 3);
  }

  void tells_all() {
    condition_variable changed;
    number m(0);
    std::vector<waiting*> log;
    std::vector<waiting> outs(100);
    std::vector<waiting*> expected;
    std::vector<call> calls;
    for (waiting& each : outs) {
      each.log = &log;
      expected.push_back(&each);
      calls.push_back(start(changed, m, each));
    }
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{100}, changed.notify_all());
    CPPUNIT_ASSERT(log == expected && m.unguarded() == 100);
  }

  void who_is_told_waits_for_the_lock() {
    condition_variable changed;
    number m(0);
    waiting first, second;
    const call a = start(changed, m, first);
    const call b = start(changed, m, second);
    auto held = m.try_lock();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, changed.notify_all());
    CPPUNIT_ASSERT(!changed.has_waiters() && m.has_waiters());
    CPPUNIT_ASSERT(first.is_pending() && second.is_pending());
    held->unlock();
    CPPUNIT_ASSERT(first.is_granted() && second.is_granted() && m.unguarded() == 2);
  }

  void a_stop_ends_the_wait() {
    condition_variable changed;
    number m(0);
    pawl::stop_source stop;
    waiting first, second;
    const call a = start(changed, m, first, stop.get_token());
    const call b = start(changed, m, second);
    stop.request_stop();
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_pending());
    CPPUNIT_ASSERT(m.unguarded() == 1);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, changed.notify_all());
    CPPUNIT_ASSERT(second.is_granted());
  }

  void a_stop_does_not_end_it_without_the_lock() {
    condition_variable changed;
    number m(0);
    pawl::stop_source stop, late;
    waiting first, second;
    const call a = start(changed, m, first, stop.get_token());
    const call b = start(changed, m, second, late.get_token());
    auto held = m.try_lock();
    stop.request_stop();
    changed.notify_all();
    late.request_stop();
    CPPUNIT_ASSERT(first.is_pending() && second.is_pending());
    held->unlock();
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_granted());
    CPPUNIT_ASSERT(m.unguarded() == 2);
  }

  void a_stop_before_the_call_does_not_unlock() {
    condition_variable changed;
    number m(0);
    pawl::stop_source stop;
    stop.request_stop();
    auto held = m.try_lock();
    waiting behind, out;
    const call b = start(changed, m, behind);
    check_error(errc::cancelled, changed.wait_blocking(*held, stop.get_token()));
    check_error(errc::cancelled,
                changed.wait_blocking(*held, stop.get_token(), [] { return false; }));
    CPPUNIT_ASSERT(changed.wait_blocking(*held, stop.get_token(), [] { return true; }));
    CPPUNIT_ASSERT(*held && !changed.has_waiters());
    held->unlock();
    CPPUNIT_ASSERT(changed.notify_one() && behind.is_granted());
    const call a = start(changed, m, out, stop.get_token());
    CPPUNIT_ASSERT(out.failed_with(errc::cancelled) && m.unguarded() == 2);
  }

  void a_deadline_ends_the_wait() {
    condition_variable changed;
    number m(0);
    check_error(errc::timed_out, pawl::sync_wait(wait_for(changed, m, 1us)));
    auto held = m.try_lock();
    check_error(errc::timed_out, changed.wait_blocking_for(*held, 1us));
    CPPUNIT_ASSERT(*held && !changed.has_waiters());
  }

  void a_deadline_that_has_passed_lets_others_in() {
    condition_variable changed;
    number m(0);
    auto held = m.try_lock();
    pawl::thread other([&] {
      auto locked = m.lock_blocking();
      **locked = 7;
    });
    while (!m.has_waiters()) pawl::this_thread::yield();
    check_error(errc::timed_out, changed.wait_blocking_for(*held, -1h));
    CPPUNIT_ASSERT(**held == 7);
    other.join();
    check_error(errc::timed_out,
                changed.wait_blocking_until(*held, pawl::steady_clock::time_point::min()));
    held->unlock();
    check_error(errc::timed_out,
                pawl::sync_wait(wait_for(changed, m, pawl::steady_clock::duration::min())));
  }

  void waits_until_it_is_true() {
    condition_variable changed;
    number m(0);
    pawl::thread other([&] {
      auto locked = m.lock_blocking();
      CPPUNIT_ASSERT(changed.wait_blocking(*locked, [&] { return **locked == 2; }));
      **locked = 3;
      changed.notify_all();
    });
    pawl::run_loop loop;
    auto handle = pawl::spawn(loop, finish_when_true(changed, m, 3, loop));
    for (int i = 1; i <= 2; ++i) {
      const auto locked = m.lock_blocking();
      **locked = i;
      changed.notify_all();
    }
    loop.run();
    other.join();
    CPPUNIT_ASSERT(!changed.has_waiters() && m.unguarded() == 3);
  }

  void what_is_true_needs_no_wait() {
    condition_variable changed;
    number m(1);
    const auto is_1 = [](int now) { return now == 1; };
    CPPUNIT_ASSERT(pawl::sync_wait(wait_until_true(changed, m, is_1)).has_value());
    auto held = m.try_lock();
    CPPUNIT_ASSERT(changed.wait_blocking(*held, [] { return true; }).has_value());
    CPPUNIT_ASSERT(*held);
  }

  void looks_once_more_at_the_end() {
    condition_variable changed;
    number m(0);
    auto held = m.try_lock();
    int looks = 0;
    const auto second_time = [&] { return ++looks == 2; };
    CPPUNIT_ASSERT(changed.wait_blocking_for(*held, 1us, second_time).has_value());
    check_error(errc::timed_out, changed.wait_blocking_for(*held, 1us, second_time));
    looks = 0;
    const auto in_coroutine = [&]() -> pawl::task<pawl::result<void>> {
      const auto seen = co_await changed.wait_for(*held, 1us, second_time);
      co_return seen;
    };
    CPPUNIT_ASSERT(pawl::sync_wait(in_coroutine()).has_value());
    check_error(errc::timed_out, pawl::sync_wait(in_coroutine()));
    CPPUNIT_ASSERT(*held);
  }

  void a_predicate_may_throw() {
    condition_variable changed;
    number m(0, pawl::on_unwind::release);
    auto held = m.try_lock();
    const auto no = []() -> bool { throw std::runtime_error("no"); };
    CPPUNIT_ASSERT_THROW((void)changed.wait_blocking(*held, no), std::runtime_error);
    CPPUNIT_ASSERT(*held && !changed.has_waiters());
    held->unlock();
    const auto not_0 = [](int now) { return now != 0 ? throw std::runtime_error("no") : false; };
    pawl::run_loop loop;
    auto at_once = wait_until_true(changed, m, [&](int now) { return not_0(now + 1); });
    CPPUNIT_ASSERT_THROW((void)pawl::sync_wait(std::move(at_once)), std::runtime_error);
    auto handle = pawl::spawn(loop, wait_until_true(changed, m, not_0));
    loop.run_one();
    **m.try_lock() = 1;
    CPPUNIT_ASSERT(changed.notify_one());
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT_THROW((void)std::move(handle).join_blocking().value(), std::runtime_error);
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void threads_wait_too() {
    constexpr int rounds = 10000;
    condition_variable changed;
    number m(0);
    const auto count_up_if_even = [&](bool is_even) {
      for (int i = 0; i < rounds; ++i) {
        auto locked = m.lock_blocking();
        CPPUNIT_ASSERT(
            changed.wait_blocking(*locked, [&] { return (**locked % 2 == 0) == is_even; }));
        ++**locked;
        changed.notify_one();
      }
    };
    pawl::thread other([&] { count_up_if_even(false); });
    count_up_if_even(true);
    other.join();
    CPPUNIT_ASSERT(m.unguarded() == 2 * rounds);
  }

  void a_thread_has_a_stop_and_a_deadline() {
    condition_variable changed;
    number m(0);
    pawl::stop_source stop;
    std::vector<std::string> ends;
    const auto note = [&](const pawl::result<void>& r) {
      ends.emplace_back(r ? "notified" : pawl::to_string(r.error().code));
    };
    pawl::thread stopped([&] {
      auto locked = m.lock_blocking();
      note(changed.wait_blocking(*locked, stop.get_token()));
    });
    while (!changed.has_waiters()) pawl::this_thread::yield();
    stop.request_stop();
    stopped.join();
    pawl::thread notified([&] {
      auto locked = m.lock_blocking();
      note(changed.wait_blocking_for(*locked, 1h));
    });
    while (!changed.notify_one()) pawl::this_thread::yield();
    notified.join();
    CPPUNIT_ASSERT(ends == (std::vector<std::string>{"cancelled", "notified"}));
  }

  void a_destroyed_waiter_passes_on() {
    condition_variable changed;
    number m(0);
    waiting first, second;
    call a = start(changed, m, first);
    const call b = start(changed, m, second);
    a.destroy();
    CPPUNIT_ASSERT(changed.notify_one() && first.is_pending() && second.is_granted());
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void a_waiter_destroyed_on_its_way_passes_on() {
    condition_variable changed;
    number m(0);
    waiting first, second;
    call a = start(changed, m, first);
    const call b = start(changed, m, second);
    auto held = m.try_lock();
    CPPUNIT_ASSERT(changed.notify_one());
    a.destroy();
    CPPUNIT_ASSERT(!changed.has_waiters());
    held->unlock();
    CPPUNIT_ASSERT(first.is_pending() && second.is_granted() && m.unguarded() == 1);
  }

  void who_has_told_all_may_destroy_it() {
    auto changed = std::make_unique<condition_variable>();
    number m(0);
    waiting first, second;
    pawl::stop_source stop;
    const call a = start(*changed, m, first);
    const call b = start(*changed, m, second, stop.get_token());
    auto held = m.try_lock();
    changed->notify_all();
    changed.reset();
    stop.request_stop();
    held->unlock();
    CPPUNIT_ASSERT(first.is_granted() && second.is_granted());
  }

  // The waiting thread itself, which unlocks for a coroutine that tells and destroys.
  void what_resumes_inline_may_destroy_it() {
    auto changed = std::make_unique<condition_variable>();
    number m(0);
    const auto tell = [&]() -> call {
      auto locked = co_await m.lock();
      changed->notify_all();
      changed.reset();
    };
    auto held = m.try_lock();
    const call a = tell();
    CPPUNIT_ASSERT(changed->wait_blocking_for(*held, 1h).has_value());
    CPPUNIT_ASSERT(changed == nullptr && *held);
  }

  void waiting_allocates_nothing() {
    condition_variable changed;
    number m(0);
    pawl::stop_source stop;
    waiting first, second;
    const auto before = allocations();
    const call a = start(changed, m, first, stop.get_token());
    const call b = start(changed, m, second);
    const auto for_frames = allocations() - before;
    stop.request_stop();
    changed.notify_all();
    auto held = m.try_lock();
    const bool timed_out = !changed.wait_blocking_for(*held, 1us);
    const auto in_all = allocations() - before;
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_granted() && timed_out);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, for_frames);
    CPPUNIT_ASSERT_EQUAL(for_frames, in_all);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(async_condition_variable_test);

}  // namespace
