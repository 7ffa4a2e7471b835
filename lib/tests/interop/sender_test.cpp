#include <allocations.hpp>
#include <interop/receivers.hpp>
#include <pawl/interop/schedule.hpp>
#include <pawl/interop/sender.hpp>
#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/manual_reset_event.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/notify.hpp>
#include <pawl/sync/once_cell.hpp>
#include <pawl/sync/ordered_mutex.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/budget.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/task.hpp>
#include <pawl/task/this_task.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <concepts>
#include <coroutine>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <vector>

namespace {

using pawl::as_sender;
using pawl::errc;
using pawl::error;
using pawl::permit;
using pawl::semaphore;
using namespace std::chrono_literals;

auto acquire(semaphore& s, pawl::count_t n) {
  return as_sender([&s, n](pawl::stop_token t) noexcept { return s.acquire(n, t); });
}

// What is said of completions.
static_assert(
    std::same_as<decltype(acquire(std::declval<semaphore&>(), 1))::completion_signatures,
                 pawl::completion_signatures<pawl::set_value_t(permit), pawl::set_error_t(error),
                                             pawl::set_stopped_t()>>);
static_assert(
    std::same_as<
        pawl::operation_sender<pawl::task<> (*)()>::completion_signatures,
        pawl::completion_signatures<pawl::set_value_t(), pawl::set_error_t(error),
                                    pawl::set_error_t(std::exception_ptr), pawl::set_stopped_t()>>);
static_assert(pawl::receiver_of<recorder<permit>, permit>);
static_assert(!pawl::receiver_of<recorder<permit>, void>);
static_assert(pawl::receiver_of<void_recorder<>, void>);
using operation =
    decltype(acquire(std::declval<semaphore&>(), 1).connect(std::declval<recorder<permit>>()));
static_assert(!std::move_constructible<operation>);
static_assert(noexcept(std::declval<operation&>().start()));

// What refers to a temporary would outlive it.
template <class Make>
constexpr bool is_sent = requires(Make make) { as_sender(make); };
using in_turn = pawl::cooperative_op<pawl::acquire_op<permit>>;
static_assert(is_sent<pawl::acquire_op<permit> (*)(pawl::stop_token)>);
static_assert(!is_sent<in_turn (*)()> && !is_sent<in_turn (*)(pawl::stop_token)>);
static_assert(is_sent<pawl::cooperative_op<std::suspend_never&> (*)()>);

pawl::task<int> twice(semaphore& s, int n) {
  const auto acquired = (co_await s.acquire()).value();
  co_return 2 * n;
}

pawl::task<int> stop_aware(semaphore& s) {
  const auto token = co_await pawl::this_task::get_stop_token();
  (co_await s.acquire(1, token)).value();
  co_return 1;
}

pawl::task<> throws() {
  co_await pawl::this_task::get_stop_token();
  throw std::runtime_error("thrown by a task");
}

class sender_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(sender_test);
  CPPUNIT_TEST(nothing_happens_before_start);
  CPPUNIT_TEST(completes_in_start_if_there_is_nothing_to_wait_for);
  CPPUNIT_TEST(waits_in_turn_with_coroutines);
  CPPUNIT_TEST(tells_errors);
  CPPUNIT_TEST(is_stopped_before_and_while_it_waits);
  CPPUNIT_TEST(a_stop_that_comes_too_late_changes_nothing);
  CPPUNIT_TEST(a_deadline_is_an_error);
  CPPUNIT_TEST(obeys_a_std_stop_token);
  CPPUNIT_TEST(a_std_stop_that_resumes_others_waits_for_nobody);
  CPPUNIT_TEST(completes_on_the_receivers_scheduler);
  CPPUNIT_TEST(the_receiver_may_destroy_the_operation);
  CPPUNIT_TEST(what_a_completion_does_runs_after_the_turn);
  CPPUNIT_TEST(an_operation_that_was_not_started_leaves_no_trace);
  CPPUNIT_TEST(all_kinds_of_operations);
  CPPUNIT_TEST(condition_variables);
  CPPUNIT_TEST(tasks_and_their_exceptions);
  CPPUNIT_TEST(a_value_that_is_made_once);
  CPPUNIT_TEST(joins_what_was_spawned);
  CPPUNIT_TEST(exceptions_of_make);
  CPPUNIT_TEST(exceptions_of_the_suspension);
  CPPUNIT_TEST(schedules);
  CPPUNIT_TEST(nothing_is_allocated);
  CPPUNIT_TEST_SUITE_END();

 public:
  void nothing_happens_before_start() {
    semaphore s(1);
    told<permit> a;
    auto op = acquire(s, 1).connect(recorder(a));
    CPPUNIT_ASSERT(a.is_pending());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
    op.start();
    CPPUNIT_ASSERT(!a.is_pending());
  }

  void completes_in_start_if_there_is_nothing_to_wait_for() {
    semaphore s(3);
    told<permit> a;
    auto op = acquire(s, 2).connect(recorder(a));
    op.start();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{2}, a.value->count());
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
    a.value.reset();
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{3}, s.available_permits());
  }

  void waits_in_turn_with_coroutines() {
    semaphore s(0);
    outcome first, third;
    told<permit> second;
    const call a = start(s, 1, first);
    auto b = acquire(s, 2).connect(recorder(second));
    b.start();
    const call c = start(s, 1, third);
    s.release(2);
    CPPUNIT_ASSERT(first.is_granted() && second.is_pending() && third.is_pending());
    s.release(1);
    CPPUNIT_ASSERT(second.value->count() == 2 && third.is_pending());
    second.value.reset();
    CPPUNIT_ASSERT(third.is_granted());
  }

  void tells_errors() {
    semaphore s(0);
    told<permit> closed, oversize;
    auto a = acquire(s, 1).connect(recorder(closed));
    a.start();
    auto b = as_sender([&] {
               return s.acquire(semaphore::max_permits + 1);
             }).connect(recorder(oversize));
    b.start();
    CPPUNIT_ASSERT(oversize.is_error(errc::exceeds_limit));
    CPPUNIT_ASSERT_EQUAL(semaphore::max_permits, oversize.error->limit);
    s.close();
    CPPUNIT_ASSERT(closed.is_error(errc::closed) && closed.times == 1);
  }

  void is_stopped_before_and_while_it_waits() {
    semaphore s(0);
    pawl::stop_source stop;
    told<permit> waiting, late;
    auto a = acquire(s, 1).connect(recorder(waiting, stop.get_token()));
    a.start();
    CPPUNIT_ASSERT(waiting.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(waiting.stopped && waiting.times == 1 && !s.has_waiters());
    s.release(1);
    auto b = acquire(s, 1).connect(recorder(late, stop.get_token()));
    b.start();
    CPPUNIT_ASSERT(late.stopped && s.available_permits() == 1);
  }

  void a_stop_that_comes_too_late_changes_nothing() {
    semaphore s(0);
    pawl::stop_source stop;
    told<permit> a;
    auto op = acquire(s, 1).connect(recorder(a, stop.get_token()));
    op.start();
    s.release(1);
    stop.request_stop();
    CPPUNIT_ASSERT(a.value.has_value() && a.times == 1);
  }

  void a_deadline_is_an_error() {
    semaphore s(0);
    told<permit> a;
    pawl::run_loop loop;
    a.then = [&] { loop.finish(); };
    auto op = as_sender([&] {
                return s.acquire_for(1, 1ms);
              }).connect(recorder(a, pawl::stop_token(), &loop));
    op.start();
    CPPUNIT_ASSERT(a.is_pending());
    loop.run();
    CPPUNIT_ASSERT(a.is_error(errc::timed_out) && !s.has_waiters());
  }

  void obeys_a_std_stop_token() {
    semaphore s(0);
    std::stop_source stop;
    told<permit> waiting, late, never;
    auto a = acquire(s, 1).connect(recorder(waiting, stop.get_token()));
    a.start();
    auto n = acquire(s, 1).connect(recorder(never, std::stop_token()));
    n.start();
    stop.request_stop();
    CPPUNIT_ASSERT(waiting.stopped && waiting.times == 1 && never.is_pending());
    auto b = acquire(s, 1).connect(recorder(late, stop.get_token()));
    b.start();
    CPPUNIT_ASSERT(late.stopped && late.times == 1);
    s.release(1);
    CPPUNIT_ASSERT(never.value.has_value());
  }

  // The completion destroys the operation inside of the callback by which it was stopped.
  void a_std_stop_that_resumes_others_waits_for_nobody() {
    semaphore s(0);
    std::stop_source stop;
    told<int> a;
    const auto sender = as_sender([&s] { return stop_aware(s); });
    const recorder to(a, stop.get_token());
    using operation = decltype(sender.connect(to));
    std::unique_ptr<operation> op(new operation(sender.connect(to)));
    a.then = [&] { op.reset(); };
    op->start();
    CPPUNIT_ASSERT(a.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(a.stopped && a.times == 1 && op == nullptr);
  }

  void completes_on_the_receivers_scheduler() {
    semaphore s(0);
    pawl::run_loop loop;
    told<permit> a;
    auto op = acquire(s, 1).connect(recorder(a, pawl::stop_token(), &loop));
    op.start();
    s.release(1);
    CPPUNIT_ASSERT(a.is_pending());
    loop.run_one();
    CPPUNIT_ASSERT(a.value.has_value());
    loop.finish();
    loop.run();
  }

  void the_receiver_may_destroy_the_operation() {
    semaphore s(1);
    for (const bool waits : {false, true}) {
      told<permit> a;
      using operation = decltype(acquire(s, 1).connect(recorder(a)));
      std::unique_ptr<operation> op(new operation(acquire(s, 1).connect(recorder(a))));
      a.then = [&] { op.reset(); };
      auto taken = waits ? s.try_acquire(1) : permit();
      op->start();
      taken = permit();
      CPPUNIT_ASSERT(a.value.has_value() && op == nullptr);
    }
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
  }

  // A grant that is given back at once wakes the next, however many.
  void what_a_completion_does_runs_after_the_turn() {
    semaphore s(0);
    std::vector<std::unique_ptr<told<permit>>> each;
    using operation = decltype(acquire(s, 1).connect(recorder(*each[0])));
    std::vector<std::unique_ptr<operation>> operations;
    for (int i = 0; i < 1000; ++i) {
      auto& now = *each.emplace_back(std::make_unique<told<permit>>());
      now.then = [&now] { now.value.reset(); };
      operations.emplace_back(new operation(acquire(s, 1).connect(recorder(now))));
      operations.back()->start();
    }
    s.release(1);
    for (const auto& one : each) CPPUNIT_ASSERT_EQUAL(1, one->times);
    CPPUNIT_ASSERT_EQUAL(pawl::count_t{1}, s.available_permits());
  }

  void an_operation_that_was_not_started_leaves_no_trace() {
    semaphore s(1);
    told<permit> a;
    { const auto op = acquire(s, 1).connect(recorder(a)); }
    CPPUNIT_ASSERT(a.is_pending() && !s.has_waiters() && s.available_permits() == 1);
  }

  void all_kinds_of_operations() {
    pawl::mutex<int> m(1);
    told<pawl::mutex_guard<int>> locked, next;
    auto a = as_sender([&] { return m.lock(); }).connect(recorder(locked));
    a.start();
    auto b = as_sender([&] { return m.lock(); }).connect(recorder(next));
    b.start();
    ++**locked.value;
    CPPUNIT_ASSERT(next.is_pending());
    locked.value.reset();
    CPPUNIT_ASSERT_EQUAL(2, **next.value);

    pawl::manual_reset_event event;
    told<nothing> set;
    auto c = as_sender([&] { return event.wait(); }).connect(void_recorder<>(set));
    c.start();
    CPPUNIT_ASSERT(set.is_pending());
    event.set();
    CPPUNIT_ASSERT(set.value.has_value());

    pawl::notify n;
    told<nothing> notified;
    auto d = as_sender([&] { return n.wait(); }).connect(void_recorder<>(notified));
    d.start();
    n.notify_one();
    CPPUNIT_ASSERT(notified.value.has_value());
  }

  // The wait looks again on its way back, and locks again.
  void condition_variables() {
    pawl::mutex<> m;
    pawl::condition_variable c;
    bool is_ready = false;
    auto guard = m.try_lock();
    told<nothing> ready;
    auto op = as_sender([&] {
                return c.wait(*guard, [&] { return is_ready; });
              }).connect(void_recorder<>(ready));
    op.start();
    c.notify_one();
    CPPUNIT_ASSERT(ready.is_pending());
    {
      const auto held = m.try_lock();
      is_ready = true;
      c.notify_one();
      CPPUNIT_ASSERT(ready.is_pending());
    }
    CPPUNIT_ASSERT(ready.value.has_value() && *guard && m.is_locked());
  }

  void tasks_and_their_exceptions() {
    semaphore s(0);
    told<int> doubled, stopped;
    auto a = as_sender([&] { return twice(s, 21); }).connect(recorder(doubled));
    a.start();
    CPPUNIT_ASSERT(doubled.is_pending());
    s.release(1);
    CPPUNIT_ASSERT_EQUAL(42, *doubled.value);

    told<int> closed;
    auto b = as_sender([&] { return stop_aware(s); });
    pawl::stop_source stop;
    auto taken = s.try_acquire(1);
    auto waits = b.connect(recorder(stopped, stop.get_token()));
    waits.start();
    stop.request_stop();
    CPPUNIT_ASSERT(stopped.stopped);
    s.close();
    auto refused = b.connect(recorder(closed));
    refused.start();
    CPPUNIT_ASSERT(closed.is_error(errc::closed));

    told<nothing> thrown;
    auto c = as_sender(&throws).connect(void_recorder<>(thrown));
    c.start();
    CPPUNIT_ASSERT_THROW(std::rethrow_exception(thrown.thrown), std::runtime_error);
  }

  void a_value_that_is_made_once() {
    semaphore s(0);
    pawl::once_cell<int> cell;
    auto get = as_sender([&] { return cell.get_or_init([&] { return twice(s, 5); }); });
    told<int*> maker, other;
    auto a = get.connect(recorder(maker));
    auto b = get.connect(recorder(other));
    a.start();
    b.start();
    CPPUNIT_ASSERT(maker.is_pending() && other.is_pending());
    s.release(1);
    CPPUNIT_ASSERT(**maker.value == 10 && *other.value == *maker.value);
  }

  void joins_what_was_spawned() {
    semaphore s(0);
    pawl::run_loop loop;
    auto handle = pawl::spawn(loop, twice(s, 4));
    told<int> joined;
    auto op = as_sender([&] { return std::move(handle); }).connect(recorder(joined));
    op.start();
    s.release(1);
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT_EQUAL(8, *joined.value);
  }

  void exceptions_of_make() {
    told<pawl::owned_permit> a;
    auto op = as_sender([] { return pawl::acquire_owned(nullptr); }).connect(recorder(a));
    op.start();
    CPPUNIT_ASSERT_THROW(std::rethrow_exception(a.thrown), std::invalid_argument);
  }

  void exceptions_of_the_suspension() {
    pawl::lock_order order;
    const pawl::lock_kind kind(order, "account");
    pawl::ordered_mutex<> m(kind);
    const auto lock = as_sender([&m]() noexcept { return m.lock(); });
    told<pawl::ordered_mutex<>::guard> first, again;
    auto a = lock.connect(recorder(first));
    auto b = lock.connect(recorder(again));
    a.start();
    b.start();
    CPPUNIT_ASSERT(first.value && !m.has_waiters());
    CPPUNIT_ASSERT_THROW(std::rethrow_exception(again.thrown), pawl::lock_order_violation);
  }

  void schedules() {
    pawl::run_loop loop;
    pawl::stop_source stop;
    told<nothing> runs, stopped;
    auto a = pawl::schedule(loop).connect(void_recorder<>(runs));
    auto b = pawl::schedule(loop).connect(void_recorder<>(stopped, stop.get_token()));
    a.start();
    b.start();
    stop.request_stop();
    CPPUNIT_ASSERT(runs.is_pending() && stopped.is_pending());
    loop.finish();
    loop.run();
    CPPUNIT_ASSERT(runs.value.has_value() && stopped.stopped);
  }

  void nothing_is_allocated() {
    semaphore s(1);
    told<permit> free, waits, stops;
    pawl::stop_source stop;
    const auto before = allocations();
    auto a = acquire(s, 1).connect(recorder(free));
    auto b = acquire(s, 1).connect(recorder(waits));
    auto c = acquire(s, 1).connect(recorder(stops, stop.get_token()));
    a.start();
    b.start();
    c.start();
    free.value.reset();
    stop.request_stop();
    const auto after = allocations();
    CPPUNIT_ASSERT_EQUAL(before, after);
    CPPUNIT_ASSERT(waits.value.has_value() && stops.stopped);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(sender_test);

}  // namespace
