// What the barrier adds to the synchronizer: arrivals that are counted, taken back, or dropped.
#include "../barrier/calls.hpp"

using namespace models;

namespace {

call meet_and_read(in_waker, barrier& b, pawl::cell<int>& mine, const pawl::cell<int>& other) {
  mine.write(1);
  const auto arrival = co_await b.arrive_and_wait();
  require(other.read() == 1);
  co_return leads(arrival);
}

}  // namespace

PAWL_MODEL("barrier.dropped", "who drops last ends the generation",
           bounds{.threads = 2, .note = "a call of 2 parties; a drop"}) {
  barrier b(2);
  const call first = meet(in_waker(), b);
  together([&] { b.arrive_and_drop(); });
  require(first.granted());
}

PAWL_MODEL("barrier.late", "who has arrived passes, though the next generation waits already",
           bounds{.threads = 3, .note = "a call; a try, then a call of another thread"}) {
  barrier b(2);
  std::optional<call> first, second;
  together([&] { first = meet(in_waker(), b); },
           [&] {
             if (b.try_arrive_and_wait()) second = meet(in_waker(), b);
           });
  if (!second) second = meet(in_waker(), b);
  require(first->granted());
  if (b.has_waiters()) require(b.try_arrive_and_wait().has_value());
  require(second->granted());
}

PAWL_MODEL("barrier.taken_back", "who is cancelled has not arrived, unless all have",
           bounds{.threads = 3, .note = "a call to be cancelled; a try; 2 parties"}) {
  barrier b(2);
  pawl::stop_source stop;
  bool tried = false;
  const call first = meet(in_waker(), b, stop.get_token());
  together([&] { stop.request_stop(); }, [&] { tried = b.try_arrive_and_wait().has_value(); });
  require(first.granted() == tried, "BARRIER-CANCEL: one has passed alone");
  require(failed_with(b.try_arrive_and_wait(), errc::would_block), "BARRIER-CANCEL: it counts");
}

PAWL_MODEL("barrier.seen", "who passes sees what all have done before",
           bounds{.threads = 3, .note = "a call, one of another thread; a drop; 3 parties"}) {
  barrier b(3);
  pawl::cell<int> x{0}, y{0};
  const call first = meet_and_read(in_waker(), b, x, y);
  std::optional<call> second;
  together([&] { second = meet_and_read(in_waker(), b, y, x); }, [&] { b.arrive_and_drop(); });
  require(first.granted() && second->granted());
}
