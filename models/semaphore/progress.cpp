// Progress: release, try_acquire, cancel, poison and close return within a bounded number of own
// steps, whatever the others do: with `--stall`, even if any one of them is stopped for ever at any
// of its events. So none of them waits for a lock. (Except that of a stop_source, whose list has
// one: library rule.)

#include <pawl/sync/synchronizer.hpp>

#include "calls.hpp"

using namespace models;
using pawl::check::must_return;

namespace {

constexpr unsigned steps = 60;  // of one operation, with what it wakes

void release(semaphore& s, count_t n) {
  const must_return section("release()", steps);
  s.release(n);
}

void try_acquire(semaphore& s, count_t n) {
  const must_return section("try_acquire()", steps);
  (void)keep(s.try_acquire(n));
}

void poison(semaphore& s) {
  const must_return section("poison()", steps);
  s.poison();
}

void close(semaphore& s) {
  const must_return section("close()", steps);
  s.close();
}

using core = pawl::synchronizer<pawl::counting_permits>;

// A wait without a stop_source, whose list has a lock of its own: what is cancelled is the wait.
class bare_wait : public pawl::waiter {
 public:
  bare_wait(core& at, count_t n) : waiter(&settled, n, false), core_(at) {
    core_.arrive(*this);
    if (join(suspended | finished)) settled_.open();  // nothing from outside cancels it
  }

  void cancel() {
    const must_return section("the cancellation", steps);
    core_.withdraw(*this, pawl::verdict::cancelled);
  }

  bool ended_with(pawl::verdict v) const {
    settled_.wait();
    return outcome() == v;
  }

 private:
  static void settled(work_item& self) noexcept { static_cast<bare_wait&>(self).settled_.open(); }

  core& core_;
  gate settled_;
};

void release(core& c, count_t n) {
  const must_return section("release()", steps);
  c.put(n);
}

void close(core& c) {
  const must_return section("close()", steps);
  c.fail(pawl::counting_word::closed);
}

call fast(in_waker, semaphore& s) {
  const must_return acquiring("an uncontended co_await acquire()", 2);
  auto acquired = co_await s.acquire(1);
  const must_return releasing("acquire() and release()", 4);
  acquired->release();
  co_return count_t{0};
}

}  // namespace

PAWL_MODEL("semaphore.progress.uncontended", "one look and one exchange each way, nothing else",
           bounds{.threads = 1, .note = "1 permit, nobody waits"}) {
  semaphore s(1);
  const call a = fast(in_waker(), s);
  require(a.granted());
  const must_return both("try_acquire() and release()", 4);
  (void)s.try_acquire(1);
}

PAWL_MODEL("semaphore.progress.release", "release returns",
           bounds{.threads = 4, .note = "a call of 2; releases of 1 and 1"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  together([&] { release(s, 1); }, [&] { release(s, 1); });
  require(a.granted());
}

PAWL_MODEL("semaphore.progress.release_and_arrival",
           "release returns though a call is stuck half-way",
           bounds{.threads = 3, .note = "1 thread takes 1; a release of 1"}) {
  semaphore s(0);
  together([&] { (void)keep(s.acquire_blocking(1)); }, [&] { release(s, 1); });
}

PAWL_MODEL("semaphore.progress.try_acquire", "try_acquire returns",
           bounds{.threads = 5, .note = "a call of 1; a release of 2, a try of 1"}) {
  semaphore s(0);
  const call a = acquire(s, 1);
  together([&] { release(s, 2); }, [&] { try_acquire(s, 1); });
  require(a.granted());
}

PAWL_MODEL("semaphore.progress.try_and_arrival",
           "try_acquire returns though a call is stuck half-way",
           bounds{.threads = 3, .note = "2 permits; 1 thread takes 2, one tries 1"}) {
  semaphore s(2);
  together([&] { require(s.acquire_blocking(2).has_value()); },
           [&] {
             const must_return section("try_acquire()", steps);
             (void)s.try_acquire(1);
           });
}

PAWL_MODEL("semaphore.progress.cancel", "cancelling returns, and so does the release that it meets",
           bounds{.threads = 3, .note = "waits for 1, to be cancelled, and 1; a release of 1"}) {
  core c(0);
  bare_wait a(c, 1), b(c, 1);
  together([&] { a.cancel(); }, [&] { release(c, 1); });
  close(c);
  require(b.ended_with(a.ended_with(pawl::verdict::granted) ? pawl::verdict::closed
                                                            : pawl::verdict::granted));
}

PAWL_MODEL("semaphore.progress.cancel_and_cancel", "two cancellations return, in one queue",
           bounds{.threads = 3, .note = "waits for 1 and 2, to be cancelled"}) {
  core c(0);
  bare_wait a(c, 1), b(c, 2);
  together([&] { a.cancel(); }, [&] { b.cancel(); });
  require(a.ended_with(pawl::verdict::cancelled) && b.ended_with(pawl::verdict::cancelled));
}

PAWL_MODEL("semaphore.progress.poison", "poison returns",
           bounds{.threads = 5, .note = "a call of 2; a release of 1, poison"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  together([&] { poison(s); }, [&] { release(s, 1); });
  require(a.failed_with(errc::poisoned));
}

PAWL_MODEL("semaphore.progress.close", "close returns, and so does the cancellation that it meets",
           bounds{.threads = 3, .note = "a wait for 1, to be cancelled; close"}) {
  core c(0);
  bare_wait a(c, 1);
  together([&] { close(c); }, [&] { a.cancel(); });
  require(a.ended_with(pawl::verdict::closed) || a.ended_with(pawl::verdict::cancelled));
}

PAWL_MODEL("semaphore.progress.cancel_and_arrival",
           "cancelling returns though a call is stuck half-way",
           bounds{.threads = 3,
                  .note = "a wait for 2 on 1 permit, to be cancelled; 1 more for 1"}) {
  core c(1);
  bare_wait a(c, 2);
  std::optional<bare_wait> b;
  together([&] { a.cancel(); }, [&] { b.emplace(c, 1); });
  require(a.ended_with(pawl::verdict::cancelled) && b->ended_with(pawl::verdict::granted));
}

PAWL_MODEL("semaphore.progress.close_and_arrival", "close and poison return though a call is stuck",
           bounds{.threads = 3, .note = "1 thread takes 1; close, then poison"}) {
  semaphore s(0);
  together([&] { require(!s.acquire_blocking(1).has_value()); },
           [&] {
             close(s);
             poison(s);
           });
}

PAWL_MODEL("semaphore.progress.three", "release, try_acquire and poison return side by side",
           bounds{.threads = 5, .note = "a call of 2; a release of 2, a try of 1, poison"}) {
  semaphore s(0);
  const call a = acquire(s, 2);
  together([&] { release(s, 2); }, [&] { try_acquire(s, 1); }, [&] { poison(s); });
  require(a.granted() || a.failed_with(errc::poisoned));
}
