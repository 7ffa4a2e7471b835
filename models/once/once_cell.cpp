// CELL-ONE: one initializer runs at a time, and one makes the value; CELL-NEXT: if it does not, the
// next runs its own. CELL-HB by the cells in `number`, and that nobody waits in vain.

#include <pawl/sync/semaphore.hpp>

#include <chrono>

#include "calls.hpp"

using namespace models;
using namespace std::chrono_literals;

namespace {

call init_and_fail(once_cell& c, bool by_exception) {
  using attempt = tl::expected<number, int>;
  if (by_exception) {
    const auto fail = []() -> number { throw std::runtime_error("no value"); };
    try {
      const auto given = co_await c.get_or_init(fail);
      co_return read(given);
    } catch (const std::runtime_error&) {
      co_return count_t{0};
    }
  }
  const auto given = co_await c.get_or_try_init([] { return attempt(tl::unexpect, 5); });
  co_return given ? (*given)->read() : count_t{0};
}

call init_slowly(in_waker, once_cell& c, pawl::semaphore& may_go) {
  const auto given = co_await c.get_or_init([&]() -> pawl::task<number> {
    const auto went = co_await may_go.acquire();
    co_return number(went ? 1 : 0);
  });
  co_return read(given);
}

call set(once_cell& c, count_t n) {
  auto done = co_await c.set(number(n));
  if (!done) co_return pawl::failure(done.error().why.code);
  co_return n;
}

// Makes it, looking at it meanwhile.
call init_and_look(in_waker, once_cell& c, pawl::semaphore& may_go) {
  const auto given = co_await c.get_or_init([&]() -> pawl::task<number> {
    require(c.get() == nullptr && !c.is_initialized());
    require(c.try_set(number(3)).error().why.code == errc::would_block);
    const auto went = co_await may_go.acquire();
    co_return number(went ? 1 : 0);
  });
  co_return read(given);
}

// Asks for it again as soon as it has it.
call init_again(in_waker, once_cell& c, pawl::cell<unsigned>& made) {
  const auto given = co_await c.get_or_init(maker{2, made});
  const auto again = co_await c.get_or_init(maker{2, made});
  require(given && again && *given == *again);
  co_return read(again);
}

}  // namespace

PAWL_MODEL("once_cell.one", "of two initializers one runs, and both calls have its value",
           bounds{.threads = 5, .note = "2 calls of get_or_init"}) {
  once_cell c;
  pawl::cell<unsigned> made{0};
  std::optional<call> a, b;
  together([&] { a = get_or_init(c, 1, made); }, [&] { b = get_or_init(c, 2, made); });
  require(a->count() == b->count() && a->count() != 0);
  require(made.read() == 1 && c.is_initialized());
}

PAWL_MODEL("once_cell.threads", "so it is for threads, and who only waits has it, too",
           bounds{.threads = 4, .note = "2 threads make it; a call waits"}) {
  once_cell c;
  pawl::cell<unsigned> made{0};
  const call a = wait(c);
  together([&] { require(c.get_or_init_blocking(maker{1, made}).has_value()); },
           [&] {
             const auto tried = read(c.try_get_or_init(maker{2, made}));
             require(tried || failed_with(tried, errc::would_block));
           });
  require(a.count() == c.get()->read() && made.read() == 1);
}

PAWL_MODEL("once_cell.next", "who fails leaves it to the next, be it by an exception or an error",
           bounds{.threads = 5, .note = "a call that fails, one that does not"}) {
  once_cell c;
  pawl::cell<unsigned> made{0};
  std::optional<call> a, b;
  together([&, how = pawl::check::choose(2) == 0] { a = init_and_fail(c, how); },
           [&] { b = get_or_init(c, 2, made); });
  require(b->count() == 2 && (a->count() == 0 || a->count() == 2));
  require(made.read() == 1);
}

PAWL_MODEL("once_cell.destroyed", "an initializer that is destroyed leaves it to the next",
           bounds{.threads = 4, .note = "a call whose task waits, destroyed; a call behind it"}) {
  once_cell c;
  pawl::semaphore never(0);
  pawl::cell<unsigned> made{0};
  std::optional<call> a = init_slowly(in_waker(), c, never);
  std::optional<call> b;
  together([&] { a.reset(); }, [&] { b = get_or_init(c, 2, made); });
  require(b->count() == 2 && made.read() == 1);
}

PAWL_MODEL("once_cell.cancel", "who stops waiting leaves the others alone",
           bounds{.threads = 5,
                  .note = "a call whose task waits, and goes on; one behind it is cancelled"}) {
  once_cell c;
  pawl::semaphore turn(0);
  pawl::stop_source stop;
  pawl::cell<unsigned> made{0};
  const call a = init_slowly(in_waker(), c, turn);
  const call b = get_or_init(c, stop.get_token(), 2, made);
  together([&] { turn.release(); }, [&] { stop.request_stop(); });
  require(a.count() == 1 && made.read() == 0);
  require(b.count() == 1 || b.failed_with(errc::cancelled));
}

PAWL_MODEL("once_cell.set", "to set it waits for its turn, and does not block the thread",
           bounds{.threads = 4, .note = "a call whose task waits, and goes on; a set behind it"}) {
  once_cell c;
  pawl::semaphore turn(0);
  const call a = init_slowly(in_waker(), c, turn);
  require(c.try_set(number(3)).error().why.code == errc::would_block);
  const call b = set(c, 2);
  together([&] { turn.release(); });
  require(a.count() == 1 && b.failed_with(errc::closed) && c.get()->read() == 1);
}

PAWL_MODEL("once_cell.set_or_init", "to set it, and to make it: one of them",
           bounds{.threads = 5, .note = "a set; a call of get_or_init"}) {
  once_cell c;
  pawl::cell<unsigned> made{0};
  std::optional<call> a, b;
  together([&] { a = set(c, 1); }, [&] { b = get_or_init(c, 2, made); });
  require(a->granted() ? b->count() == 1 : b->count() == 2 && a->failed_with(errc::closed));
}

PAWL_MODEL("once_cell.deadline", "a deadline ends the wait for the turn",
           bounds{.threads = 3, .note = "a call whose task waits; a thread with a deadline"}) {
  once_cell c;
  pawl::semaphore turn(0);
  pawl::cell<unsigned> made{0};
  const call a = init_slowly(in_waker(), c, turn);
  together([&] { turn.release(); },
           [&] {
             const auto given = read(c.get_or_init_blocking_for(1s, maker{2, made}));
             require(given == 1u || failed_with(given, errc::timed_out));
           });
  require(a.count() == 1 && made.read() == 0);
}

PAWL_MODEL("once_cell.reentry", "who is given it makes it again in vain; an initializer looks",
           bounds{.threads = 4,
                  .note = "a call whose task looks, waits, and goes on; one that calls twice"}) {
  once_cell c;
  pawl::semaphore turn(0);
  pawl::cell<unsigned> made{0};
  const call a = init_and_look(in_waker(), c, turn);
  const call b = init_again(in_waker(), c, made);
  together([&] { turn.release(); }, [&] { (void)c.get(); });
  require(a.count() == 1 && b.count() == 1 && made.read() == 0);
}
