#include <allocations.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using pawl::errc;
using pawl::mutex;
using namespace std::chrono_literals;

using locking = outcome_of<pawl::mutex_guard<int>>;

static_assert(sizeof(mutex<void>) == 16 && sizeof(mutex<int>) <= 24);
static_assert(!std::is_copy_constructible_v<mutex<int>> && !std::is_move_assignable_v<mutex<int>>);
static_assert(std::is_same_v<decltype(mutex()), mutex<void>>);
static_assert(std::is_same_v<decltype(mutex(1L)), mutex<long>>);
static_assert(std::is_same_v<decltype(mutex(pawl::on_unwind::release)), mutex<void>>);

constinit mutex<int> of_static_storage(7);

// Neither copied nor moved, so it can only be made in place.
struct immovable {
  immovable(int a, int b) : sum(a + b) {}
  immovable(const immovable&) = delete;
  immovable& operator=(const immovable&) = delete;
  int sum;
};

// Fails unless the result is an error with this code.
template <class T>
void check_error(errc code, const pawl::result<T>& r) {
  CPPUNIT_ASSERT(!r.has_value());
  CPPUNIT_ASSERT_EQUAL(pawl::to_string(code), pawl::to_string(r.error().code));
}

// Lets go of a guard because of an exception, having changed half of the value.
template <class T>
void unwind(pawl::result<pawl::mutex_guard<T>> locked) {
  try {
    const auto dying = std::move(locked);
    throw std::runtime_error("thrown while the lock is held");
  } catch (const std::runtime_error&) {}
}

pawl::task<pawl::result<pawl::mutex_guard<int>>> lock_for(mutex<int>& m,
                                                          pawl::steady_clock::duration timeout) {
  auto locked = co_await m.lock_for(timeout);
  co_return std::move(locked);
}

class mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(mutex_test);
  CPPUNIT_TEST(gives_access_to_the_value);
  CPPUNIT_TEST(makes_the_value_in_place);
  CPPUNIT_TEST(is_constant_initialized);
  CPPUNIT_TEST(a_mutex_of_nothing_is_a_lock);
  CPPUNIT_TEST(hands_over_in_call_order);
  CPPUNIT_TEST(a_try_does_not_overtake);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_stop_before_the_call_prevails);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_deadline_that_has_passed_makes_it_a_try);
  CPPUNIT_TEST(threads_wait_too);
  CPPUNIT_TEST(a_destroyed_waiter_leaves_the_queue);
  CPPUNIT_TEST(unwinding_poisons);
  CPPUNIT_TEST(unwinding_unlocks_if_the_policy_says_so);
  CPPUNIT_TEST(poison_reaches_who_waits);
  CPPUNIT_TEST(poison_does_not_take_the_lock_away);
  CPPUNIT_TEST(clear_poison_locks_for_the_repair);
  CPPUNIT_TEST(clear_poison_is_refused_while_somebody_holds_it);
  CPPUNIT_TEST(clear_poison_of_a_sound_mutex_is_a_try);
  CPPUNIT_TEST(a_repair_that_fails_poisons_again);
  CPPUNIT_TEST(unlocks_what_was_forgotten);
  CPPUNIT_TEST(force_unlock_of_what_is_free_is_refused);
  CPPUNIT_TEST(unguarded_access_needs_it_free);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void gives_access_to_the_value() {
    mutex<std::vector<int>> m;
    {
      const auto locked = m.try_lock();
      CPPUNIT_ASSERT(m.is_locked());
      (*locked)->push_back(3);
      (**locked).push_back(4);
    }
    CPPUNIT_ASSERT(!m.is_locked());
    CPPUNIT_ASSERT((m.unguarded() == std::vector{3, 4}));
  }

  void makes_the_value_in_place() {
    mutex<immovable> m(std::in_place, 3, 4);
    CPPUNIT_ASSERT_EQUAL(7, (*m.try_lock())->sum);
    mutex<immovable> lenient(pawl::on_unwind::release, std::in_place, 1, 1);
    unwind(lenient.try_lock());
    CPPUNIT_ASSERT(!lenient.is_poisoned());
  }

  void is_constant_initialized() { CPPUNIT_ASSERT_EQUAL(7, **of_static_storage.try_lock()); }

  void a_mutex_of_nothing_is_a_lock() {
    mutex<> m;
    auto locked = m.lock_blocking();
    CPPUNIT_ASSERT(locked.has_value() && m.is_locked());
    check_error(errc::would_block, m.try_lock());
    locked->unlock();
    CPPUNIT_ASSERT(m.try_lock().has_value());
  }

  void hands_over_in_call_order() {
    mutex<int> m(0);
    std::vector<locking*> log;
    locking outs[3];
    for (auto& out : outs) out.log = &log;
    auto held = m.try_lock();
    const call calls[] = {start(m, outs[0]), start(m, outs[1]), start(m, outs[2])};
    CPPUNIT_ASSERT(log.empty() && m.has_waiters());
    held->unlock();
    CPPUNIT_ASSERT((log == std::vector{&outs[0]}));
    outs[0].result.reset();
    outs[1].result.reset();
    CPPUNIT_ASSERT((log == std::vector{&outs[0], &outs[1], &outs[2]}));
    CPPUNIT_ASSERT(m.is_locked() && !m.has_waiters());
  }

  void a_try_does_not_overtake() {
    mutex<int> m(0);
    locking out;
    auto held = m.try_lock();
    const call c = start(m, out);
    check_error(errc::would_block, m.try_lock());
    held->unlock();
    CPPUNIT_ASSERT(out.is_granted());  // handed over, so it is not free in between
    check_error(errc::would_block, m.try_lock());
  }

  void a_stop_ends_the_wait() {
    mutex<int> m(0);
    pawl::stop_source stop;
    locking first, second;
    auto held = m.try_lock();
    const call a = start(m, first, stop.get_token());
    const call b = start(m, second);
    stop.request_stop();
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_pending());
    held->unlock();
    CPPUNIT_ASSERT(second.is_granted() && !m.is_poisoned());
  }

  void a_stop_before_the_call_prevails() {
    mutex<int> m(0);
    pawl::stop_source stop;
    stop.request_stop();
    locking out;
    const call c = start(m, out, stop.get_token());
    CPPUNIT_ASSERT(out.failed_with(errc::cancelled));
    check_error(errc::cancelled, m.lock_blocking(stop.get_token()));
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void a_deadline_ends_the_wait() {
    mutex<int> m(0);
    auto held = m.try_lock();
    check_error(errc::timed_out, m.lock_blocking_for(1us));
    check_error(errc::timed_out, pawl::sync_wait(lock_for(m, 1us)));
    CPPUNIT_ASSERT(!m.has_waiters());
  }

  void a_deadline_that_has_passed_makes_it_a_try() {
    mutex<int> m(0);
    const auto zero = pawl::steady_clock::duration::zero();
    const auto first = pawl::steady_clock::time_point::min();
    {
      const auto held = m.lock_blocking_for(zero);
      CPPUNIT_ASSERT(held.has_value());
      check_error(errc::timed_out, m.lock_blocking_for(zero));
      check_error(errc::timed_out, m.lock_blocking_for(-1h));
      check_error(errc::timed_out, m.lock_blocking_for(pawl::steady_clock::duration::min()));
      check_error(errc::timed_out, m.lock_blocking_until(first));
      locking out;
      const call c = start_until(m, out, first);
      CPPUNIT_ASSERT(out.failed_with(errc::timed_out));
    }
    locking out;
    const call c = start_until(m, out, first);
    CPPUNIT_ASSERT(out.is_granted());
  }

  void threads_wait_too() {
    constexpr int rounds = 10000;
    mutex<long> m(0);
    const auto add = [&] {
      for (int i = 0; i < rounds; ++i) ++**m.lock_blocking();
    };
    pawl::thread other(add);
    add();
    other.join();
    CPPUNIT_ASSERT_EQUAL(2L * rounds, m.unguarded());
  }

  void a_destroyed_waiter_leaves_the_queue() {
    mutex<int> m(0);
    locking first, second;
    auto held = m.try_lock();
    call a = start(m, first);
    const call b = start(m, second);
    a.destroy();
    held->unlock();
    CPPUNIT_ASSERT(first.is_pending() && second.is_granted());
  }

  void unwinding_poisons() {
    mutex<int> m(0);
    unwind(m.try_lock());
    CPPUNIT_ASSERT(m.is_poisoned() && !m.is_locked());
    check_error(errc::poisoned, m.try_lock());
    check_error(errc::poisoned, m.lock_blocking());
    locking out;
    const call c = start(m, out);
    CPPUNIT_ASSERT(out.failed_with(errc::poisoned));
  }

  void unwinding_unlocks_if_the_policy_says_so() {
    mutex<int> m(0, pawl::on_unwind::release);
    unwind(m.try_lock());
    CPPUNIT_ASSERT(!m.is_poisoned());
    CPPUNIT_ASSERT(m.try_lock().has_value());
  }

  void poison_reaches_who_waits() {
    mutex<int> m(0);
    locking outs[40];
    std::vector<call> calls;
    auto held = m.try_lock();
    for (auto& out : outs) calls.push_back(start(m, out));
    unwind(std::move(held));
    for (const auto& out : outs) CPPUNIT_ASSERT(out.failed_with(errc::poisoned));
    CPPUNIT_ASSERT(!m.has_waiters() && !m.is_locked());
  }

  void poison_does_not_take_the_lock_away() {
    mutex<int> m(1);
    auto held = m.try_lock();
    m.poison();
    CPPUNIT_ASSERT_EQUAL(1, **held);
    CPPUNIT_ASSERT(m.is_locked());
    held->unlock();
    CPPUNIT_ASSERT(m.is_poisoned() && !m.is_locked());
  }

  void clear_poison_locks_for_the_repair() {
    mutex<int> m(1);
    unwind(m.try_lock());
    {
      auto held = m.clear_poison();
      CPPUNIT_ASSERT(held.has_value() && !m.is_poisoned());
      check_error(errc::would_block, m.try_lock());
      **held = 2;
    }
    CPPUNIT_ASSERT_EQUAL(2, **m.try_lock());
  }

  void clear_poison_is_refused_while_somebody_holds_it() {
    mutex<int> m(1);
    auto held = m.try_lock();
    m.poison();
    check_error(errc::would_block, m.clear_poison());
    CPPUNIT_ASSERT(m.is_poisoned());
    held->unlock();
    CPPUNIT_ASSERT(m.clear_poison().has_value() && !m.is_poisoned());
  }

  void clear_poison_of_a_sound_mutex_is_a_try() {
    mutex<int> m(1);
    const auto held = m.clear_poison();
    CPPUNIT_ASSERT(held.has_value() && m.is_locked());
    check_error(errc::would_block, m.clear_poison());
  }

  void a_repair_that_fails_poisons_again() {
    mutex<int> m(1);
    unwind(m.try_lock());
    unwind(m.clear_poison());
    CPPUNIT_ASSERT(m.is_poisoned());
    check_error(errc::poisoned, m.try_lock());
  }

  void unlocks_what_was_forgotten() {
    mutex<int> m(1);
    locking out;
    std::move(*m.try_lock()).forget();
    const call c = start(m, out);
    CPPUNIT_ASSERT(m.is_locked() && out.is_pending());
    m.force_unlock();
    CPPUNIT_ASSERT(out.is_granted());
  }

  void force_unlock_of_what_is_free_is_refused() {
    mutex<int> m(1);
    CPPUNIT_ASSERT_THROW(m.force_unlock(), std::logic_error);
    CPPUNIT_ASSERT(!m.is_locked() && !m.is_poisoned());
    CPPUNIT_ASSERT(m.try_lock().has_value());
    unwind(m.try_lock());
    CPPUNIT_ASSERT_THROW(m.force_unlock(), std::logic_error);
    CPPUNIT_ASSERT(m.clear_poison().has_value());
  }

  void unguarded_access_needs_it_free() {
    mutex<std::unique_ptr<int>> m(std::make_unique<int>(5));
    CPPUNIT_ASSERT_EQUAL(5, *m.unguarded());
    {
      const auto held = m.try_lock();
      CPPUNIT_ASSERT_THROW(m.unguarded(), std::logic_error);
      CPPUNIT_ASSERT_EQUAL(5, ***held);
    }
    const std::unique_ptr<int> taken = std::move(m).unguarded();
    CPPUNIT_ASSERT_EQUAL(5, *taken);
  }

  void waiting_allocates_nothing() {
    mutex<int> m(0);
    pawl::stop_source stop;
    locking first, second;
    auto held = m.try_lock();
    const auto before = allocations();
    const call a = start(m, first, stop.get_token());
    const call b = start(m, second);
    const auto for_frames = allocations() - before;
    stop.request_stop();
    held->unlock();
    const auto in_all = allocations() - before;
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_granted());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, for_frames);
    CPPUNIT_ASSERT_EQUAL(for_frames, in_all);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(mutex_test);

}  // namespace
