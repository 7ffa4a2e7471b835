// SEM-FIFO: calls are granted in the order in which they start. Where the releases do not suffice
// for all, those who were granted must be the first of the queue; who is left over is told by
// close().

#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>

#include "calls.hpp"

using namespace models;

namespace {

// Names in the order in which they were noted. Who writes must exclude the others.
class journal {
 public:
  void note(char name) {
    notes_.with([name](notes& n) { n.names[n.size++] = name; });
  }
  bool reads(std::string_view expected) const {
    return notes_.with_read(
        [&](const notes& n) { return std::string_view(n.names, n.size) == expected; });
  }

 private:
  struct notes {
    char names[4] = {};
    unsigned size = 0;
  };
  pawl::cell<notes> notes_;
};

pawl::task<> note(semaphore& s, count_t n, journal& order, char name) {
  const auto acquired = co_await s.acquire(n);
  require(acquired.has_value());
  order.note(name);
}

pawl::task<> note_last(semaphore& s, count_t n, journal& order, char name, pawl::run_loop& loop) {
  co_await note(s, n, order, name);
  loop.finish();
}

void note_blocking(semaphore& s, count_t n, journal& order, char name) {
  const auto acquired = s.acquire_blocking(n);
  require(acquired.has_value());
  order.note(name);
}

}  // namespace

PAWL_MODEL("semaphore.fifo.weights", "the first in the queue get the permits, small or large",
           bounds{.threads = 6, .note = "3 calls of 3, 1, 2; releases of 2 and 2"}) {
  semaphore s(0);
  const call a = acquire(s, 3);
  const call b = acquire(s, 1);
  const call c = acquire(s, 2);
  together([&] { s.release(2); }, [&] { s.release(2); });
  s.close();
  require(a.count() == 3 && b.count() == 1 && c.failed_with(errc::closed));
}

PAWL_MODEL("semaphore.fifo.order_seen",
           "a call that starts when another is seen waiting comes after it",
           bounds{.threads = 6, .note = "calls of 2 and 1 from two threads; a release of 2"}) {
  semaphore s(0);
  std::optional<call> a, b;
  bool behind = false;
  together([&] { a = acquire(s, 2); },
           [&] {
             behind = s.has_waiters();
             b = acquire(s, 1);
           },
           [&] { s.release(2); });
  s.close();
  require(a->granted() != b->granted());
  require(!behind || a->granted(), "a newcomer overtook the call that it had seen");
}

PAWL_MODEL("semaphore.fifo.newcomers",
           "no try overtakes a call that waits, though permits are free",
           bounds{.threads = 4, .note = "a call of 3 on 1 permit; a release of 1; three tries"}) {
  semaphore s(1);
  const call a = acquire(s, 3);
  together([&] { s.release(1); },
           [&] {
             require(failed_with(s.try_acquire(1), errc::would_block));
             require(failed_with(s.try_acquire(0), errc::would_block));
             require(s.acquire_all().count() == 0);
           });
  s.release(1);
  require(a.count() == 3 && s.available_permits() == 0);
}

PAWL_MODEL("semaphore.fifo.weight_zero", "a call for nothing waits in line too",
           bounds{.threads = 6, .note = "calls of 2, 0, 1; releases of 1 and 1"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  const call z = acquire(s, 0);
  const call b = acquire(s, 1);
  together([&] { s.release(1); }, [&] { s.release(1); });
  s.close();
  require(a.count() == 2 && z.granted() && b.failed_with(errc::closed));
}

PAWL_MODEL("semaphore.fifo.weight_zero_blocked",
           "nothing is granted behind who waits, not even zero",
           bounds{.threads = 4, .note = "calls of 2 and 0; a release of 1"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  const call z = acquire(s, 0);
  together([&] { s.release(1); });
  s.close();
  require(a.failed_with(errc::closed) && z.failed_with(errc::closed));
}

PAWL_MODEL("semaphore.fifo.cancelled", "who is cancelled in the middle gives way to the next",
           bounds{.threads = 6,
                  .note = "calls of 3, 1, 2; the second is cancelled; releases of 3, 2"}) {
  semaphore s(0);
  pawl::stop_source stop;
  const call a = acquire(s, 3);
  const call b = acquire(s, 1, stop.get_token());
  const call c = acquire(s, 2);
  together(
      [&] {
        s.release(3);
        s.release(2);
      },
      [&] { stop.request_stop(); });
  s.close();
  require(a.count() == 3);
  require(b.granted() ? c.failed_with(errc::closed) : c.count() == 2);
}

PAWL_MODEL("semaphore.fifo.tasks", "tasks of a run_loop are granted in the order of their calls",
           bounds{.threads = 2, .note = "3 tasks of 2, 1, 2 on one loop; a release of 2"}) {
  semaphore s(0);
  journal order;
  pawl::run_loop loop;
  (void)pawl::spawn(loop, note(s, 2, order, 'a'));
  (void)pawl::spawn(loop, note(s, 1, order, 'b'));
  (void)pawl::spawn(loop, note_last(s, 2, order, 'c', loop));
  pawl::thread releaser([&] { s.release(2); });
  loop.run();
  releaser.join();
  require(order.reads("abc") && s.available_permits() == 2);
}

PAWL_MODEL("semaphore.fifo.threads", "blocked threads are granted in the order of their calls",
           bounds{.threads = 4,
                  .note = "1 thread takes 2, one that sees it wait takes 1; a release of 2"}) {
  semaphore s(0);
  journal order;
  bool behind = false;
  together([&] { note_blocking(s, 2, order, 'a'); },
           [&] {
             behind = s.has_waiters();
             if (behind) note_blocking(s, 1, order, 'b');
           },
           [&] { s.release(2); });
  require(order.reads(behind ? "ab" : "a"));
}
