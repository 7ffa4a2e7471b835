// BARRIER-CANCEL: an arrival that is cancelled or destroyed has not arrived, unless all had; then
// it has passed.

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

call meet_and_cancel(in_waker, barrier& b, pawl::stop_source& other) {
  const auto arrival = co_await b.arrive_and_wait();
  other.request_stop();
  co_return leads(arrival);
}

call meet_and_drop(in_waker, barrier& b, std::optional<call>& other) {
  const auto arrival = co_await b.arrive_and_wait();
  other.reset();
  co_return leads(arrival);
}

}  // namespace

PAWL_MODEL("barrier.cancel.stop", "a stop that meets the last arrival: all pass, or one is missing",
           bounds{.threads = 5,
                  .note = "a call to be cancelled, one of another thread; 2 parties"}) {
  barrier b(2);
  pawl::stop_source stop;
  const call first = meet(b, stop.get_token());
  std::optional<call> second;
  together([&] { second = meet(b); }, [&] { stop.request_stop(); });
  require(crossed_or(first, errc::cancelled));
  require(first.granted() != b.has_waiters(), "BARRIER-CANCEL: who was cancelled counts");
  if (!first.granted()) require(leads(b.try_arrive_and_wait()).value() == 1);
  require(second->granted() && !b.has_waiters());
}

PAWL_MODEL("barrier.cancel.alone", "a cancelled arrival leaves no trace",
           bounds{.threads = 4, .note = "2 calls of 3 parties, both cancelled"}) {
  barrier b(3);
  pawl::stop_source first, second;
  const call x = meet(in_waker(), b, first.get_token());
  const call y = meet(in_waker(), b, second.get_token());
  together([&] { first.request_stop(); }, [&] { second.request_stop(); });
  require(all_failed_with(errc::cancelled, x, y) && !b.has_waiters());
  require(failed_with(b.try_arrive_and_wait(), errc::would_block));
  const call u = meet(in_waker(), b);
  require(failed_with(b.try_arrive_and_wait(), errc::would_block));
  const call v = meet(in_waker(), b);
  require(leads(b.try_arrive_and_wait()).value() == 1);
  require(u.count() == 0 && v.count() == 0);
}

PAWL_MODEL("barrier.cancel.drop", "a stop that meets a drop",
           bounds{.threads = 4, .note = "a call to be cancelled; a drop; 2 parties"}) {
  barrier b(2);
  pawl::stop_source stop;
  const call first = meet(b, stop.get_token());
  bool led = false;
  together([&] { led = b.arrive_and_drop().is_leader(); }, [&] { stop.request_stop(); });
  require(crossed_or(first, errc::cancelled) && first.granted() == led && !b.has_waiters());
  require(b.parties() == 1 && !b.is_closed());
  // Without the cancelled one, the drop left one party missing.
  require(leads(b.try_arrive_and_wait()).value() == 1);
}

PAWL_MODEL("barrier.cancel.deadline", "a deadline that meets the last arrival",
           bounds{.threads = 3, .note = "1 thread with a deadline, 1 that tries; 2 parties"}) {
  barrier b(2);
  pawl::result<count_t> first = count_t{0};
  bool tried = false;
  together([&] { first = leads(b.arrive_and_wait_blocking_for(1s)); },
           [&] { tried = b.try_arrive_and_wait().has_value(); });
  require(first.has_value() == tried && (first || first.error().code == errc::timed_out));
  require(!b.has_waiters());
}

PAWL_MODEL("barrier.cancel.deadline_of_call", "so it is for a call",
           bounds{.threads = 4, .note = "a call with a deadline; a try; 2 parties"}) {
  barrier b(2);
  const call first = meet_in_time(b);
  bool tried = false;
  together([&] { tried = b.try_arrive_and_wait().has_value(); });
  require(crossed_or(first, errc::timed_out) && first.granted() == tried && !b.has_waiters());
}

PAWL_MODEL("barrier.cancel.destroyed", "who is destroyed while waiting has not arrived",
           bounds{.threads = 4,
                  .note = "2 calls of 3 parties, one is destroyed; another arrives"}) {
  barrier b(3);
  const call first = meet(in_waker(), b);
  std::optional<call> second = meet(in_waker(), b);
  std::optional<call> third;
  pawl::thread other([&] { (void)b.has_waiters(); });
  second.reset();
  third = meet(in_waker(), b);
  other.join();
  require(failed_with(b.try_arrive_and_wait(), errc::would_block) == false);
  require(first.count() == 0 && third->count() == 0 && !b.has_waiters());
}

PAWL_MODEL("barrier.cancel.in_wake_up", "who has passed cancels or destroys others: too late",
           bounds{.threads = 3, .note = "4 calls; a thread arrives"}) {
  barrier b(5);
  pawl::stop_source stop;
  std::optional<call> fourth;
  const call first = meet_and_cancel(in_waker(), b, stop);
  const call second = meet_and_drop(in_waker(), b, fourth);
  const call third = meet(in_waker(), b, stop.get_token());
  fourth = meet(in_waker(), b);
  together([&] { require(leads(b.arrive_and_wait_blocking()).value() == 1); });
  require(first.count() == 0 && second.count() == 0 && third.granted() && !b.has_waiters());
}
