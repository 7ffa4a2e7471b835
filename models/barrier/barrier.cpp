// BARRIER-COUNT: nobody passes before all have arrived, and then all do. BARRIER-LEADER: one of
// them is the last. BARRIER-HB: what was done before the arrivals has been done for all.

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

namespace {

// Writes its own, arrives, and reads the other's.
void exchange(barrier& b, pawl::cell<int>& mine, const pawl::cell<int>& other, count_t& led) {
  mine.write(1);
  led = leads(b.arrive_and_wait_blocking()).value();
  require(other.read() == 1, "BARRIER-COUNT: somebody has passed alone");
}

call exchange_call(barrier& b, pawl::cell<int>& mine, const pawl::cell<int>& other) {
  mine.write(1);
  const auto arrival = co_await b.arrive_and_wait();
  require(other.read() == 1, "BARRIER-COUNT: somebody has passed alone");
  co_return leads(arrival);
}

call exchange_call(in_waker, barrier& b, pawl::cell<int>& mine, const pawl::cell<int>& other) {
  mine.write(1);
  const auto arrival = co_await b.arrive_and_wait();
  require(other.read() == 1, "BARRIER-COUNT: somebody has passed alone");
  co_return leads(arrival);
}

call meet_twice(barrier& b) {
  const auto first = co_await b.arrive_and_wait();
  const auto second = co_await b.arrive_and_wait();
  co_return count_t{leads(first).value() + 2 * leads(second).value()};
}

call meet_and_destroy(std::optional<barrier>& b) {
  const auto arrival = co_await b->arrive_and_wait();
  b.reset();
  co_return leads(arrival);
}

}  // namespace

PAWL_MODEL("barrier.count.threads", "two threads meet, one of them leads",
           bounds{.threads = 3, .note = "2 threads"}) {
  barrier b(2);
  pawl::cell<int> x{0}, y{0};
  count_t first = 0, second = 0;
  together([&] { exchange(b, x, y, first); }, [&] { exchange(b, y, x, second); });
  require(first + second == 1 && !b.has_waiters());
}

PAWL_MODEL("barrier.count.calls", "so do calls",
           bounds{.threads = 5, .note = "2 calls from two threads"}) {
  barrier b(2);
  pawl::cell<int> x{0}, y{0};
  std::optional<call> first, second;
  together([&] { first = exchange_call(b, x, y); }, [&] { second = exchange_call(b, y, x); });
  require(one_leads(*first, *second) && !b.has_waiters());
}

PAWL_MODEL("barrier.count.three", "three meet: two wait, more than one are resumed",
           bounds{.threads = 6, .note = "a call, and 2 from two threads", .full = true}) {
  barrier b(3);
  const call first = meet(b);
  std::optional<call> second, third;
  together([&] { second = meet(b); }, [&] { third = meet(b); });
  require(one_leads(first, *second, *third) && first.count() == 0 && !b.has_waiters());
}

PAWL_MODEL("barrier.count.many", "more than a turn resumes",
           bounds{.threads = 7, .note = "4 calls; a thread arrives"}) {
  barrier b(5);
  const call first = meet(b);
  const call second = meet(b);
  const call third = meet(b);
  const call fourth = meet(b);
  together([&] { require(leads(b.arrive_and_wait_blocking()).value() == 1); });
  require(first.granted() && second.granted() && third.granted() && fourth.granted());
  require(!b.has_waiters());
}

PAWL_MODEL("barrier.reuse.threads", "the next generation waits for all again",
           bounds{.threads = 3, .note = "a call, a thread; then both threads"}) {
  barrier b(2);
  pawl::cell<int> x{0}, y{0};
  count_t first = 0, second = 0;
  const call earlier = meet(in_waker(), b);
  together(
      [&] {
        require(leads(b.arrive_and_wait_blocking()).value() == 1);
        exchange(b, x, y, first);
      },
      [&] {
        (void)earlier.result();
        exchange(b, y, x, second);
      });
  require(first + second == 1 && !b.has_waiters());
}

PAWL_MODEL("barrier.reuse.calls", "so it does for calls, and each generation has its leader",
           bounds{.threads = 4, .note = "2 calls meet twice"}) {
  barrier b(2);
  const call first = meet_twice(b);
  std::optional<call> second;
  together([&] { second = meet_twice(b); });
  require(first.count() + second->count() == 3 && !b.has_waiters());
}

PAWL_MODEL("barrier.reuse.more", "who is one too many belongs to the next generation",
           bounds{.threads = 6, .note = "3 calls, 2 of them from two threads; 2 parties"}) {
  barrier b(2);
  const call first = meet(b);
  std::optional<call> second, third;
  together([&] { second = meet(b); }, [&] { third = meet(b); });
  require(b.has_waiters());
  require(leads(b.try_arrive_and_wait()).value() == 1);
  require(first.count() + second->count() + third->count() == 1 && !b.has_waiters());
}

PAWL_MODEL("barrier.try", "a try succeeds only as the last",
           bounds{.threads = 4, .note = "a call; 2 threads try"}) {
  barrier b(2);
  std::optional<call> first;
  pawl::result<count_t> tried = count_t{0};
  together([&] { first = meet(b); }, [&] { tried = leads(b.try_arrive_and_wait()); });
  require(tried ? *tried == 1 : tried.error().code == errc::would_block);
  if (!tried) require(leads(b.try_arrive_and_wait()).value() == 1);
  require(first->count() == 0 && !b.has_waiters());
}

PAWL_MODEL("barrier.drop.last", "who drops counts, and may be the last",
           bounds{.threads = 4, .note = "a call of 2 parties; a drop"}) {
  barrier b(2);
  std::optional<call> first;
  bool led = false;
  together([&] { first = meet(b); }, [&] { led = b.arrive_and_drop().is_leader(); });
  require(first->granted() && first->count() + (led ? 1 : 0) == 1, "BARRIER-LEADER");
  require(b.parties() == 1 && !b.has_waiters());
  require(leads(b.try_arrive_and_wait()).value() == 1);
}

PAWL_MODEL("barrier.drop.late", "two have arrived before it: they are of one generation",
           bounds{.threads = 5,
                  .note = "2 calls of one thread, then a drop; another thread looks"}) {
  barrier b(2);
  std::optional<call> first, second;
  bool led = false;
  together(
      [&] {
        first = meet(b);
        second = meet(b);
        led = b.arrive_and_drop().is_leader();
      },
      [&] { (void)b.has_waiters(); });
  require(one_leads(*first, *second) && !led, "BARRIER-LEADER: the drop came to the next one");
  require(b.parties() == 1 && leads(b.try_arrive_and_wait()).value() == 1);
}

PAWL_MODEL("barrier.drop.all", "without parties it is closed",
           bounds{.threads = 4, .note = "2 threads drop, one arrives"}) {
  barrier b(2);
  pawl::result<count_t> met = count_t{0};
  const auto drop = [&] { b.arrive_and_drop(); };
  together(drop, drop, [&] { met = leads(b.arrive_and_wait_blocking()); });
  require(met.has_value() || met.error().code == errc::closed);
  require(b.is_closed() && b.parties() == 0 && !b.has_waiters());
  require(failed_with(b.arrive_and_wait_blocking(), errc::closed));
  require(failed_with(b.try_arrive_and_wait(), errc::closed));
}

PAWL_MODEL("barrier.hb.drop", "what was done before a drop is seen",
           bounds{.threads = 3, .note = "a call of 2 parties; a drop"}) {
  barrier b(2);
  pawl::cell<int> mine{0}, x{0};
  const call first = exchange_call(b, mine, x);
  together([&] {
    x.write(1);
    b.arrive_and_drop();
  });
  require(first.granted());
}

PAWL_MODEL("barrier.hb.three", "all see what all have done",
           bounds{.threads = 3, .note = "a call, one of another thread; a drop; 3 parties"}) {
  barrier b(3);
  pawl::cell<int> x{0}, y{0};
  const call first = exchange_call(in_waker(), b, x, y);
  std::optional<call> second;
  together([&] { second = exchange_call(in_waker(), b, y, x); }, [&] { b.arrive_and_drop(); });
  require(first.granted() && second->granted());
}

PAWL_MODEL("barrier.destroy", "who has passed may destroy it, if nobody else waits",
           bounds{.threads = 3, .note = "a call that destroys; a drop"}) {
  std::optional<barrier> b(std::in_place, count_t{2});
  barrier& shared = *b;
  const call first = meet_and_destroy(b);
  together([&] { shared.arrive_and_drop(); });
  require(first.granted());
}

PAWL_MODEL("barrier.progress.drop", "a drop and a try return though others are stuck",
           bounds{.threads = 5,
                  .note = "a call of 3 parties, one of another thread; a drop, a try"}) {
  barrier b(3);
  const call first = meet(b);
  std::optional<call> second;
  together([&] { second = meet(b); },
           [&] {
             {
               const must_return section("arrive_and_drop()", 60);
               b.arrive_and_drop();
             }
             const must_return section("try_arrive_and_wait()", 60);
             (void)b.try_arrive_and_wait();
           });
  if (b.has_waiters()) require(b.try_arrive_and_wait().has_value());
  require(first.granted() && second->granted());
}
