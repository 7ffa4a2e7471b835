#include <allocations.hpp>
#include <pawl/sync/lock_owned.hpp>
#include <pawl/sync/lock_shared_owned.hpp>
#include <pawl/sync/shared_mutex.hpp>
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

using pawl::count_t;
using pawl::errc;
using pawl::lock_policy;
using pawl::shared_mutex;
using namespace std::chrono_literals;

using lock = shared_mutex<int>;
using writing = outcome_of<lock::guard>;
using reading = outcome_of<lock::shared_guard>;

static_assert(sizeof(shared_mutex<void>) == 24 && sizeof(lock) <= 32);
static_assert(!std::is_copy_constructible_v<lock> && !std::is_move_assignable_v<lock>);
static_assert(std::is_same_v<decltype(shared_mutex()), shared_mutex<void>>);
static_assert(std::is_same_v<decltype(shared_mutex(1L)), shared_mutex<long>>);

constinit lock of_static_storage(7, {.max_readers = 2});

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

template <class Guard>
void unwind(pawl::result<Guard> locked) {
  try {
    const auto dying = std::move(locked);
    throw std::runtime_error("thrown while the lock is held");
  } catch (const std::runtime_error&) {}
}

template <class... Arguments>
call write(lock& m, writing& out, Arguments... arguments) {
  auto locked = co_await m.lock(arguments...);
  out.end(std::move(locked));
}
template <class... Arguments>
call read(lock& m, reading& out, Arguments... arguments) {
  auto locked = co_await m.lock_shared(arguments...);
  out.end(std::move(locked));
}

class shared_mutex_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(shared_mutex_test);
  CPPUNIT_TEST(gives_access_to_the_value);
  CPPUNIT_TEST(makes_the_value_in_place);
  CPPUNIT_TEST(is_constant_initialized);
  CPPUNIT_TEST(readers_share);
  CPPUNIT_TEST(there_is_room_for_max_readers);
  CPPUNIT_TEST(a_reader_limit_that_makes_no_sense_is_refused);
  CPPUNIT_TEST(fair_is_first_come_first_served);
  CPPUNIT_TEST(a_waiting_writer_holds_back_newcomers);
  CPPUNIT_TEST(a_writer_that_leaves_lets_readers_in);
  CPPUNIT_TEST(many_readers_get_in_together);
  CPPUNIT_TEST(preferred_writers_pass_sixteen_times);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(threads_wait_too);
  CPPUNIT_TEST(only_writers_poison);
  CPPUNIT_TEST(unwinding_unlocks_if_the_policy_says_so);
  CPPUNIT_TEST(poison_reaches_who_waits);
  CPPUNIT_TEST(clear_poison_locks_for_the_repair);
  CPPUNIT_TEST(unlocks_what_was_forgotten);
  CPPUNIT_TEST(force_unlock_of_what_is_not_held_is_refused);
  CPPUNIT_TEST(unguarded_access_needs_it_free);
  CPPUNIT_TEST(owned_guards_keep_it_alive);
  CPPUNIT_TEST(owned_locks_of_nothing_are_refused);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void gives_access_to_the_value() {
    shared_mutex<std::vector<int>> m;
    {
      const auto locked = m.try_lock();
      CPPUNIT_ASSERT(m.is_locked() && m.is_locked_exclusively());
      (*locked)->push_back(3);
    }
    const auto first = m.try_lock_shared();
    const auto second = m.try_lock_upgrade();
    static_assert(std::is_same_v<decltype(**first), const std::vector<int>&>);
    static_assert(std::is_same_v<decltype(**second), const std::vector<int>&>);
    CPPUNIT_ASSERT(m.is_locked() && !m.is_locked_exclusively());
    CPPUNIT_ASSERT_EQUAL(3, (*first)->front() + 0 * (*second)->front());
  }

  void makes_the_value_in_place() {
    shared_mutex<immovable> m(std::in_place, 3, 4);
    CPPUNIT_ASSERT_EQUAL(7, (*m.try_lock_shared())->sum);
    shared_mutex<immovable> lenient({.unwinding = pawl::on_unwind::release}, std::in_place, 1, 1);
    unwind(lenient.try_lock());
    CPPUNIT_ASSERT(!lenient.is_poisoned());
  }

  void is_constant_initialized() {
    CPPUNIT_ASSERT_EQUAL(7, **of_static_storage.try_lock());
    CPPUNIT_ASSERT_EQUAL(count_t{2}, of_static_storage.max_readers());
  }

  void readers_share() {
    lock m(1);
    const auto a = m.try_lock_shared();
    const auto b = m.lock_shared_blocking();
    const auto c = m.try_lock_upgrade();
    CPPUNIT_ASSERT(a && b && c);
    CPPUNIT_ASSERT_EQUAL(count_t{3}, m.readers());
    check_error(errc::would_block, m.try_lock());
    check_error(errc::would_block, m.try_lock_upgrade());
  }

  void there_is_room_for_max_readers() {
    lock m(1, {.max_readers = 2});
    auto a = m.try_lock_shared();
    auto b = m.try_lock_upgrade();
    check_error(errc::would_block, m.try_lock_shared());
    reading out;
    const call c = read(m, out);
    CPPUNIT_ASSERT(out.is_pending());
    a->unlock();
    CPPUNIT_ASSERT(out.is_granted());
    b->unlock();
    CPPUNIT_ASSERT(m.try_lock_upgrade().has_value());
  }

  void a_reader_limit_that_makes_no_sense_is_refused() {
    const auto make = [](count_t n) { const lock m(1, {.max_readers = n}); };
    make(1);
    make(16'777'215);
    CPPUNIT_ASSERT_THROW(make(16'777'216), std::invalid_argument);
    try {
      make(0);
      CPPUNIT_FAIL("a lock that nobody may read was made");
    } catch (const std::invalid_argument& e) {
      CPPUNIT_ASSERT_EQUAL(
          std::string("shared_mutex: max_readers is 0, but must be from 1 to 16777215"),
          std::string(e.what()));
    }
  }

  void fair_is_first_come_first_served() {
    lock m(0);
    auto held = m.try_lock();
    reading first, second, third;
    writing w;
    const call calls[] = {read(m, first), read(m, second), write(m, w), read(m, third)};
    held->unlock();
    CPPUNIT_ASSERT(first.is_granted() && second.is_granted());
    CPPUNIT_ASSERT(w.is_pending() && third.is_pending());
    first.result.reset();
    CPPUNIT_ASSERT(w.is_pending());
    second.result.reset();
    CPPUNIT_ASSERT(w.is_granted() && third.is_pending());
    w.result.reset();
    CPPUNIT_ASSERT(third.is_granted() && !m.has_waiters());
  }

  void a_waiting_writer_holds_back_newcomers() {
    for (const lock_policy policy : {lock_policy::fair, lock_policy::writer_preferring}) {
      lock m(0, {.policy = policy});
      const auto held = m.try_lock_shared();
      writing out;
      const call c = write(m, out);
      check_error(errc::would_block, m.try_lock_shared());
      check_error(errc::would_block, m.try_lock_upgrade());
    }
  }

  void a_writer_that_leaves_lets_readers_in() {
    for (const lock_policy policy : {lock_policy::fair, lock_policy::writer_preferring}) {
      lock m(0, {.policy = policy});
      const auto held = m.try_lock_shared();
      pawl::stop_source stop;
      writing w;
      reading r;
      const call calls[] = {write(m, w, stop.get_token()), read(m, r)};
      CPPUNIT_ASSERT(w.is_pending() && r.is_pending());
      stop.request_stop();
      CPPUNIT_ASSERT(w.failed_with(errc::cancelled) && r.is_granted());
      CPPUNIT_ASSERT(m.try_lock_shared().has_value());
    }
  }

  void many_readers_get_in_together() {
    lock m(0);
    reading outs[100];
    std::vector<call> calls;
    auto held = m.try_lock();
    for (auto& out : outs) calls.push_back(read(m, out));
    held->unlock();
    for (const auto& out : outs) CPPUNIT_ASSERT(out.is_granted());
    CPPUNIT_ASSERT(!m.has_waiters());
    CPPUNIT_ASSERT_EQUAL(count_t{100}, m.readers());
  }

  void preferred_writers_pass_sixteen_times() {
    lock m(0, {.policy = lock_policy::writer_preferring});
    auto held = m.try_lock();
    reading first, second;
    writing writers[40];
    std::vector<call> calls;
    calls.push_back(read(m, first));
    calls.push_back(read(m, second));
    for (auto& out : writers) calls.push_back(write(m, out));
    held->unlock();
    for (int i = 0; i < 16; ++i) {
      CPPUNIT_ASSERT(writers[i].is_granted() && first.is_pending());
      writers[i].result.reset();
    }
    CPPUNIT_ASSERT(first.is_granted() && second.is_pending() && writers[16].is_pending());
    first.result.reset();
    for (int i = 16; i < 32; ++i) {
      CPPUNIT_ASSERT(writers[i].is_granted() && second.is_pending());
      writers[i].result.reset();
    }
    CPPUNIT_ASSERT(second.is_granted() && writers[32].is_pending());
  }

  void a_deadline_ends_the_wait() {
    lock m(0);
    const auto zero = pawl::steady_clock::duration::zero();
    {
      const auto held = m.try_lock_shared();
      check_error(errc::timed_out, m.lock_blocking_for(1us));
      check_error(errc::timed_out, m.lock_blocking_for(-1h));
      CPPUNIT_ASSERT(m.lock_shared_blocking_for(zero).has_value() && !m.has_waiters());
    }
    const auto held = m.lock_blocking_for(zero);
    check_error(errc::timed_out, m.lock_shared_blocking_for(1us));
    check_error(errc::timed_out, m.lock_upgrade_blocking_for(zero));
    CPPUNIT_ASSERT(!m.has_waiters());
  }

  void threads_wait_too() {
    constexpr int rounds = 5000;
    shared_mutex<long> m(0);
    const auto work = [&] {
      for (int i = 0; i < rounds; ++i) {
        ++**m.lock_blocking();
        CPPUNIT_ASSERT(**m.lock_shared_blocking() > i);
        auto held = m.lock_upgrade_blocking();
        const long seen = **held;
        auto upgraded = held->upgrade_blocking();
        CPPUNIT_ASSERT_EQUAL(seen, (**upgraded)++);
        CPPUNIT_ASSERT_EQUAL(seen + 1, *std::move(*upgraded).downgrade());
      }
    };
    pawl::thread other(work);
    work();
    other.join();
    CPPUNIT_ASSERT_EQUAL(4L * rounds, m.unguarded());
  }

  void only_writers_poison() {
    lock m(0);
    unwind(m.try_lock_shared());
    unwind(m.try_lock_upgrade());
    CPPUNIT_ASSERT(!m.is_poisoned() && !m.is_locked());
    unwind(m.try_lock());
    CPPUNIT_ASSERT(m.is_poisoned() && !m.is_locked());
    check_error(errc::poisoned, m.try_lock());
    check_error(errc::poisoned, m.try_lock_shared());
    check_error(errc::poisoned, m.lock_upgrade_blocking());
  }

  void unwinding_unlocks_if_the_policy_says_so() {
    lock m(0, {.unwinding = pawl::on_unwind::release});
    unwind(m.try_lock());
    CPPUNIT_ASSERT(!m.is_poisoned());
    CPPUNIT_ASSERT(m.try_lock().has_value());
  }

  void poison_reaches_who_waits() {
    lock m(0);
    reading outs[40];
    writing w;
    std::vector<call> calls;
    auto held = m.try_lock();
    for (auto& out : outs) calls.push_back(read(m, out));
    calls.push_back(write(m, w));
    unwind(std::move(held));
    for (const auto& out : outs) CPPUNIT_ASSERT(out.failed_with(errc::poisoned));
    CPPUNIT_ASSERT(w.failed_with(errc::poisoned) && !m.has_waiters() && !m.is_locked());
  }

  void clear_poison_locks_for_the_repair() {
    lock m(1);
    auto reader = m.try_lock_shared();
    m.poison();
    check_error(errc::would_block, m.clear_poison());
    reader->unlock();
    {
      auto held = m.clear_poison();
      CPPUNIT_ASSERT(held.has_value() && !m.is_poisoned());
      check_error(errc::would_block, m.try_lock_shared());
      **held = 2;
    }
    CPPUNIT_ASSERT_EQUAL(2, **m.try_lock_shared());
  }

  void unlocks_what_was_forgotten() {
    lock m(1);
    writing out;
    std::move(*m.try_lock_shared()).forget();
    std::move(*m.try_lock_upgrade()).forget();
    const call c = write(m, out);
    m.force_unlock_upgrade();
    CPPUNIT_ASSERT(out.is_pending());
    m.force_unlock_shared();
    CPPUNIT_ASSERT(out.is_granted());
    std::move(**out.result).forget();
    m.force_unlock();
    CPPUNIT_ASSERT(!m.is_locked());
  }

  void force_unlock_of_what_is_not_held_is_refused() {
    lock m(1);
    const auto check_refused = [&](bool exclusive, bool shared, bool upgradable) {
      if (exclusive) CPPUNIT_ASSERT_THROW(m.force_unlock(), std::logic_error);
      if (shared) CPPUNIT_ASSERT_THROW(m.force_unlock_shared(), std::logic_error);
      if (upgradable) CPPUNIT_ASSERT_THROW(m.force_unlock_upgrade(), std::logic_error);
    };
    check_refused(true, true, true);
    {
      const auto held = m.try_lock_upgrade();
      check_refused(true, true, false);
    }
    {
      const auto held = m.try_lock_shared();
      check_refused(true, false, true);
    }
    const auto held = m.try_lock();
    check_refused(false, true, true);
    CPPUNIT_ASSERT(m.is_locked_exclusively() && !m.is_poisoned());
  }

  void unguarded_access_needs_it_free() {
    shared_mutex<std::unique_ptr<int>> m(std::make_unique<int>(5));
    CPPUNIT_ASSERT_EQUAL(5, *m.unguarded());
    {
      const auto held = m.try_lock_shared();
      CPPUNIT_ASSERT_THROW(m.unguarded(), std::logic_error);
    }
    const std::unique_ptr<int> taken = std::move(m).unguarded();
    CPPUNIT_ASSERT_EQUAL(5, *taken);
  }

  void owned_guards_keep_it_alive() {
    auto m = std::make_shared<lock>(3);
    const std::weak_ptr<lock> watched = m;
    {
      auto held = pawl::lock_owned_blocking(m);
      check_error(errc::would_block, pawl::try_lock_shared_owned(m));
      check_error(errc::timed_out, pawl::lock_upgrade_owned_blocking_for(m, 1us));
      const auto part = std::move(*held).downgrade().map([](const int& n) -> auto& { return n; });
      const auto other = pawl::lock_upgrade_owned_blocking(m);
      m.reset();
      CPPUNIT_ASSERT_EQUAL(3, *part);
      CPPUNIT_ASSERT(other->owner() == watched.lock());
    }
    CPPUNIT_ASSERT(watched.expired());
  }

  void owned_locks_of_nothing_are_refused() {
    const std::shared_ptr<lock> none;
    CPPUNIT_ASSERT_THROW(pawl::lock_owned(none), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(pawl::lock_shared_owned(none), std::invalid_argument);
    CPPUNIT_ASSERT_THROW(pawl::try_lock_upgrade_owned(none), std::invalid_argument);
  }

  void waiting_allocates_nothing() {
    lock m(0, {.policy = lock_policy::writer_preferring});
    pawl::stop_source stop;
    writing first;
    reading second;
    auto held = m.try_lock();
    const auto before = allocations();
    const call a = write(m, first, stop.get_token());
    const call b = read(m, second);
    const auto for_frames = allocations() - before;
    stop.request_stop();
    held->unlock();
    const auto in_all = allocations() - before;
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_granted());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, for_frames);
    CPPUNIT_ASSERT_EQUAL(for_frames, in_all);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(shared_mutex_test);

}  // namespace
