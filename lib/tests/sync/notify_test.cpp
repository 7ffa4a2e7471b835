#include <allocations.hpp>
#include <pawl/sync/notify.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <sync/call.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using pawl::errc;
using pawl::notify;
using namespace std::chrono_literals;

static_assert(sizeof(notify) == 24);
static_assert(!std::is_copy_constructible_v<notify> && !std::is_move_assignable_v<notify>);

constinit notify of_static_storage;

void check_error(errc code, const pawl::result<void>& r) {
  CPPUNIT_ASSERT(!r.has_value());
  CPPUNIT_ASSERT_EQUAL(pawl::to_string(code), pawl::to_string(r.error().code));
}

pawl::task<pawl::result<void>> wait_for(notify& n, pawl::steady_clock::duration timeout) {
  const auto notified = co_await n.wait_for(timeout);
  co_return notified;
}

template <class Predicate>
pawl::task<pawl::result<void>> wait_for_it(notify& n, Predicate pred) {
  const auto notified = co_await n.wait(pred);
  co_return notified;
}

// Waits on a loop, which ends then.
pawl::task<pawl::result<void>> wait_until_3(notify& n, std::atomic<int>& stage,
                                            pawl::run_loop& loop) {
  const auto seen = co_await n.wait([&] { return stage.load() == 3; });
  loop.finish();
  co_return seen;
}

class notify_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(notify_test);
  CPPUNIT_TEST(stores_one_notification);
  CPPUNIT_TEST(is_constant_initialized);
  CPPUNIT_TEST(tells_the_first);
  CPPUNIT_TEST(tells_the_last);
  CPPUNIT_TEST(tells_all);
  CPPUNIT_TEST(tells_what_was_made_before);
  CPPUNIT_TEST(a_broadcast_stores_nothing);
  CPPUNIT_TEST(a_broadcast_burns_nothing);
  CPPUNIT_TEST(a_try_does_not_overtake);
  CPPUNIT_TEST(a_stop_ends_the_wait);
  CPPUNIT_TEST(a_stop_before_the_call_prevails);
  CPPUNIT_TEST(a_deadline_ends_the_wait);
  CPPUNIT_TEST(a_deadline_that_has_passed_makes_it_a_try);
  CPPUNIT_TEST(threads_wait_too);
  CPPUNIT_TEST(a_place_is_held_until_it_is_awaited);
  CPPUNIT_TEST(a_place_knows_that_it_was_notified);
  CPPUNIT_TEST(a_place_that_is_given_up_passes_on);
  CPPUNIT_TEST(a_place_takes_what_is_stored);
  CPPUNIT_TEST(a_place_can_be_stopped);
  CPPUNIT_TEST(a_place_has_a_deadline);
  CPPUNIT_TEST(a_destroyed_waiter_passes_on);
  CPPUNIT_TEST(waits_for_a_predicate);
  CPPUNIT_TEST(a_predicate_that_is_true_takes_nothing);
  CPPUNIT_TEST(a_predicate_may_throw);
  CPPUNIT_TEST(a_predicate_has_a_deadline_and_a_stop);
  CPPUNIT_TEST(owned_waits_need_an_object);
  CPPUNIT_TEST(owned_waits_keep_it_alive);
  CPPUNIT_TEST(waiting_allocates_nothing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void stores_one_notification() {
    notify n;
    check_error(errc::would_block, n.try_wait());
    n.notify_one();
    n.notify_last();
    waiting out;
    const call a = start(n, out);
    CPPUNIT_ASSERT(out.is_granted());
    check_error(errc::would_block, n.try_wait());
  }

  void is_constant_initialized() {
    of_static_storage.notify_one();
    CPPUNIT_ASSERT(of_static_storage.try_wait().has_value());
  }

  void tells_the_first() {
    notify n;
    waiting outs[3];
    const call calls[] = {start(n, outs[0]), start(n, outs[1]), start(n, outs[2])};
    CPPUNIT_ASSERT(n.has_waiters());
    for (waiting& next : outs) {
      CPPUNIT_ASSERT(next.is_pending());
      n.notify_one();
      CPPUNIT_ASSERT(next.is_granted());
    }
    CPPUNIT_ASSERT(!n.has_waiters());
  }

  void tells_the_last() {
    notify n;
    waiting first, second;
    const call a = start(n, first);
    const call b = start(n, second);
    n.notify_last();
    CPPUNIT_ASSERT(first.is_pending() && second.is_granted());
    n.notify_last();
    CPPUNIT_ASSERT(first.is_granted());
  }

  void tells_all() {
    notify n;
    std::vector<waiting*> log;
    std::vector<waiting> outs(100);
    std::vector<waiting*> expected;
    std::vector<call> calls;
    for (waiting& each : outs) {
      each.log = &log;
      expected.push_back(&each);
      calls.push_back(start(n, each));
    }
    n.notify_waiters();
    CPPUNIT_ASSERT(log == expected && !n.has_waiters());
  }

  void tells_what_was_made_before() {
    notify n;
    pawl::wait_op<notify> made = n.wait();
    n.notify_waiters();
    pawl::wait_op<notify> fresh = n.wait();
    waiting first, second;
    const call b = start(fresh, second);
    const call a = start(made, first);
    CPPUNIT_ASSERT(first.is_granted() && second.is_pending());
    n.notify_one();
    CPPUNIT_ASSERT(second.is_granted());
  }

  void a_broadcast_stores_nothing() {
    notify n;
    n.notify_waiters();
    check_error(errc::would_block, n.try_wait());
    check_error(errc::timed_out, n.wait_blocking_for(0s));
  }

  void a_broadcast_burns_nothing() {
    notify n;
    pawl::wait_op<notify> made = n.wait();
    n.notify_waiters();
    n.notify_one();
    waiting out;
    const call a = start(made, out);
    CPPUNIT_ASSERT(out.is_granted() && n.try_wait().has_value());
  }

  void a_try_does_not_overtake() {
    notify n;
    waiting out;
    const call a = start(n, out);
    check_error(errc::would_block, n.try_wait());
    n.notify_one();
    CPPUNIT_ASSERT(out.is_granted());
    check_error(errc::would_block, n.try_wait());
  }

  void a_stop_ends_the_wait() {
    notify n;
    pawl::stop_source stop;
    waiting first, second;
    const call a = start(n, first, stop.get_token());
    const call b = start(n, second);
    stop.request_stop();
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_pending());
    n.notify_one();
    CPPUNIT_ASSERT(second.is_granted());
  }

  void a_stop_before_the_call_prevails() {
    notify n;
    pawl::stop_source stop;
    stop.request_stop();
    n.notify_one();
    waiting out;
    const call a = start(n, out, stop.get_token());
    CPPUNIT_ASSERT(out.failed_with(errc::cancelled));
    check_error(errc::cancelled, n.wait_blocking(stop.get_token()));
    CPPUNIT_ASSERT(n.try_wait().has_value());
  }

  void a_deadline_ends_the_wait() {
    notify n;
    check_error(errc::timed_out, n.wait_blocking_for(1us));
    check_error(errc::timed_out, pawl::sync_wait(wait_for(n, 1us)));
    CPPUNIT_ASSERT(!n.has_waiters());
  }

  void a_deadline_that_has_passed_makes_it_a_try() {
    notify n;
    check_error(errc::timed_out, n.wait_blocking_for(-1h));
    check_error(errc::timed_out, n.wait_blocking_until(pawl::steady_clock::time_point::min()));
    n.notify_one();
    CPPUNIT_ASSERT(n.wait_blocking_for(-1h).has_value());
    n.notify_one();
    CPPUNIT_ASSERT(pawl::sync_wait(wait_for(n, pawl::steady_clock::duration::min())).has_value());
  }

  void threads_wait_too() {
    constexpr int rounds = 10000;
    notify ping, pong;
    pawl::thread other([&] {
      for (int i = 0; i < rounds; ++i) {
        CPPUNIT_ASSERT(ping.wait_blocking().has_value());
        pong.notify_one();
      }
    });
    for (int i = 0; i < rounds; ++i) {
      ping.notify_one();
      CPPUNIT_ASSERT(pong.wait_blocking().has_value());
    }
    other.join();
  }

  void a_place_is_held_until_it_is_awaited() {
    notify n;
    pawl::enabled_wait place = n.enable();
    waiting first, second;
    const call b = start(n, second);
    n.notify_one();
    CPPUNIT_ASSERT(second.is_pending());
    const call a = start(place, first);
    CPPUNIT_ASSERT(first.is_granted());
    pawl::enabled_wait behind = n.enable();
    waiting third;
    const call c = start(behind, third);
    CPPUNIT_ASSERT(third.is_pending());
    n.notify_waiters();
    CPPUNIT_ASSERT(second.is_granted() && third.is_granted());
  }

  void a_place_knows_that_it_was_notified() {
    notify n;
    const pawl::enabled_wait first = n.enable();
    const pawl::enabled_wait second = n.enable();
    CPPUNIT_ASSERT(!first.is_notified());
    n.notify_one();
    CPPUNIT_ASSERT(first.is_notified() && !second.is_notified());
    n.notify_waiters();
    CPPUNIT_ASSERT(second.is_notified());
  }

  void a_place_that_is_given_up_passes_on() {
    notify n;
    waiting out;
    {
      const pawl::enabled_wait place = n.enable();
      n.notify_one();
    }
    CPPUNIT_ASSERT(n.try_wait().has_value());
    {
      const pawl::enabled_wait place = n.enable();
      n.notify_waiters();
    }
    check_error(errc::would_block, n.try_wait());
    const pawl::enabled_wait* place = new pawl::enabled_wait(n.enable());
    const call a = start(n, out);
    n.notify_one();
    CPPUNIT_ASSERT(out.is_pending());
    delete place;
    CPPUNIT_ASSERT(out.is_granted());
  }

  void a_place_takes_what_is_stored() {
    notify n;
    n.notify_one();
    {
      const pawl::enabled_wait place = n.enable();
      CPPUNIT_ASSERT(place.is_notified());
      check_error(errc::would_block, n.try_wait());
    }
    pawl::enabled_wait again = n.enable();
    waiting out;
    { const call a = start(again, out); }
    CPPUNIT_ASSERT(out.is_granted());
    check_error(errc::would_block, n.try_wait());
  }

  void a_place_can_be_stopped() {
    notify n;
    pawl::stop_source stop;
    pawl::enabled_wait place = n.enable(stop.get_token());
    pawl::enabled_wait late = n.enable(stop.get_token());
    waiting out, late_out;
    const call a = start(place, out);
    CPPUNIT_ASSERT(out.is_pending());
    stop.request_stop();
    CPPUNIT_ASSERT(out.failed_with(errc::cancelled));
    const call b = start(late, late_out);
    CPPUNIT_ASSERT(late_out.failed_with(errc::cancelled) && !n.has_waiters());
  }

  void a_place_has_a_deadline() {
    notify n;
    const auto await_place = [](notify& of) -> pawl::task<pawl::result<void>> {
      const auto notified = co_await of.enable_for(1us);
      co_return notified;
    };
    check_error(errc::timed_out, pawl::sync_wait(await_place(n)));
    CPPUNIT_ASSERT(!n.has_waiters());
  }

  void a_destroyed_waiter_passes_on() {
    notify n;
    pawl::run_loop loop;
    waiting out;
    call a = start(n, out);
    a.destroy();
    CPPUNIT_ASSERT(out.is_pending() && !n.has_waiters());
    n.notify_one();
    CPPUNIT_ASSERT(n.try_wait().has_value());
  }

  void waits_for_a_predicate() {
    notify n;
    std::atomic<int> stage{0};
    pawl::thread other([&] {
      CPPUNIT_ASSERT(n.wait_blocking([&] { return stage.load() == 2; }).has_value());
      stage = 3;
      n.notify_waiters();
    });
    pawl::run_loop loop;
    auto handle = pawl::spawn(loop, wait_until_3(n, stage, loop));
    stage = 1;
    n.notify_waiters();
    stage = 2;
    n.notify_waiters();
    loop.run();
    other.join();
    CPPUNIT_ASSERT(std::move(handle).join_blocking().value().has_value());
    CPPUNIT_ASSERT(!n.has_waiters());
  }

  void a_predicate_that_is_true_takes_nothing() {
    notify n;
    n.notify_one();
    CPPUNIT_ASSERT(pawl::sync_wait(wait_for_it(n, [] { return true; })).has_value());
    CPPUNIT_ASSERT(n.wait_blocking([] { return true; }).has_value());
    CPPUNIT_ASSERT(n.try_wait().has_value());
  }

  void a_predicate_may_throw() {
    notify n;
    n.notify_one();
    const auto no = []() -> bool { throw std::runtime_error("no"); };
    CPPUNIT_ASSERT_THROW(pawl::sync_wait(wait_for_it(n, no)), std::runtime_error);
    CPPUNIT_ASSERT_THROW((void)n.wait_blocking(no), std::runtime_error);
    CPPUNIT_ASSERT(n.try_wait().has_value());
  }

  void a_predicate_has_a_deadline_and_a_stop() {
    notify n;
    pawl::stop_source stop;
    stop.request_stop();
    const auto no = [] { return false; };
    check_error(errc::timed_out, n.wait_blocking_for(1us, no));
    check_error(errc::cancelled, n.wait_blocking(stop.get_token(), no));
    check_error(errc::timed_out, pawl::sync_wait(n.wait_for(1us, no)));
    check_error(errc::cancelled, pawl::sync_wait(n.wait(stop.get_token(), no)));
  }

  void owned_waits_need_an_object() {
    const std::shared_ptr<notify> none;
    CPPUNIT_ASSERT_THROW((void)pawl::wait_owned(none), std::invalid_argument);
    CPPUNIT_ASSERT_THROW((void)pawl::wait_owned_for(none, 1s), std::invalid_argument);
  }

  void owned_waits_keep_it_alive() {
    auto n = std::make_shared<notify>();
    const std::weak_ptr<notify> observed = n;
    notify& borrowed = *n;
    waiting out;
    pawl::wait_op<notify, void, std::shared_ptr<notify>> made = pawl::wait_owned(std::move(n));
    const call a = start(made, out);
    CPPUNIT_ASSERT(!observed.expired() && out.is_pending());
    borrowed.notify_waiters();
    CPPUNIT_ASSERT(out.is_granted() && observed.expired());
  }

  void waiting_allocates_nothing() {
    notify n;
    pawl::stop_source stop;
    waiting first, second;
    const auto before = allocations();
    const call a = start(n, first, stop.get_token());
    const call b = start(n, second);
    const auto for_frames = allocations() - before;
    {
      const pawl::enabled_wait place = n.enable();
      n.notify_last();
    }
    stop.request_stop();
    const bool timed_out = !n.wait_blocking_for(1us);
    const auto in_all = allocations() - before;
    CPPUNIT_ASSERT(first.failed_with(errc::cancelled) && second.is_granted() && timed_out);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, for_frames);
    CPPUNIT_ASSERT_EQUAL(for_frames, in_all);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(notify_test);

}  // namespace
