// BUDGET-TURN: who could go on for ever lets others run after as many operations as a turn has.
// BUDGET-ONCE: an operation that lets others run first begins afterwards, once, and is not lost,
// whichever thread goes on. BUDGET-WAIT: beginning to wait spends nothing. BUDGET-CANCEL: a stop
// that comes in between ends the operation, or comes too late for it; nothing is lost.

#include <pawl/sync/mutex.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/budget.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/turn.hpp>

#include "../support.hpp"

using namespace models;
using pawl::cooperative;
using pawl::semaphore;
using pawl::task;
using pawl::this_task::consume_budget;
constexpr unsigned budget = pawl::limits::budget;

namespace {

task<> spend_it() {
  for (unsigned i = 0; i < budget; ++i) co_await consume_budget();
}

// With the budget spent, so that others come first.
task<bool> acquire(semaphore& s, pawl::stop_token token = {}) {
  co_await spend_it();
  auto acquired = co_await cooperative(s.acquire(1, token));
  if (acquired) std::move(*acquired).forget();
  co_return acquired.has_value();
}

call count_up(pawl::mutex<count_t>& m) {
  for (unsigned i = 0; i < budget; ++i) co_await consume_budget();
  const auto held = co_await cooperative(m.lock());
  co_return ++**held;
}

call wait_for(pawl::scheduler&, semaphore& s) {
  co_return (co_await cooperative(s.acquire(1))).map([](const pawl::permit& p) {
    return p.count();
  });
}

struct turn_taker {
  pawl::atomic<bool> is_scheduled{false};
  pawl::cell<bool> has_run{false};

  task<> take_turn() {
    has_run.write(true);
    co_return;
  }

  // Returns: how many operations there were between when the other was scheduled and its turn.
  task<unsigned> work_on(pawl::mutex<>& m) {
    unsigned between = 0;
    for (unsigned i = 0; i < 3 * budget; ++i) {
      const bool counts = is_scheduled.load(pawl::memory_order_acquire);
      const auto held = co_await cooperative(m.lock());
      if (has_run.read()) break;
      if (counts) ++between;
    }
    co_return between;
  }
};

}  // namespace

PAWL_MODEL("budget.turn.starvation", "a task's turn comes after as many operations of another",
           bounds{.threads = 2, .note = "a run_loop with a task that works; a spawn"}) {
  pawl::run_loop loop;
  pawl::mutex<> m;
  turn_taker all;
  auto busy = pawl::spawn(loop, all.work_on(m));
  std::optional<pawl::join_handle<>> other;
  pawl::thread spawner([&] {
    other = pawl::spawn(loop, all.take_turn());
    all.is_scheduled.store(true, pawl::memory_order_release);
    loop.finish();
  });
  loop.run();
  spawner.join();
  require(busy.try_join().value() <= budget, "BUDGET-TURN");
  require(other->try_join().has_value() && all.has_run.read());
}

PAWL_MODEL("budget.turn.renewed", "each turn has the whole budget",
           bounds{.threads = 1, .note = "a run_loop with a task of three turns"}) {
  pawl::run_loop loop;
  pawl::cell<unsigned> done{0};
  const auto work = [](pawl::cell<unsigned>& count) -> task<> {
    for (unsigned i = 0; i < 3 * budget; ++i) {
      co_await consume_budget();
      count.write(count.read() + 1);
    }
  };
  auto running = pawl::spawn(loop, work(done));
  for (unsigned turn = 1; turn <= 3; ++turn) {
    require(loop.run_one() && done.read() == turn * budget, "BUDGET-TURN");
  }
  require(running.try_join().has_value());
}

PAWL_MODEL("budget.once.loop", "an operation that let others run meets its release",
           bounds{.threads = 3, .note = "a run_loop with a task that acquires; a release"}) {
  semaphore s(0);
  bool granted = false;
  together([&] { granted = pawl::sync_wait(acquire(s)); }, [&] { s.release(1); });
  require(granted && s.available_permits() == 0 && !s.has_waiters(), "BUDGET-ONCE");
}

PAWL_MODEL("budget.once.elsewhere", "another thread goes on before this one has left",
           bounds{.threads = 3, .note = "held; a call, whose turn is over; an unlock"}) {
  pawl::mutex<count_t> m(count_t{0});
  auto held = m.try_lock();
  std::optional<call> counting;
  {
    pawl::turns turn;
    turn.next();
    counting = count_up(m);
  }
  together([&] { held->unlock(); });
  require(counting->count() == 1, "BUDGET-ONCE");
  require(!m.is_locked() && m.unguarded() == 1);
}

PAWL_MODEL("budget.wait.kept", "who begins to wait leaves the turn as it was",
           bounds{.threads = 1, .note = "a turn in which another call waits; a release"}) {
  pawl::run_loop loop;
  semaphore s(0);
  std::optional<call> waiting;
  const auto work = [&]() -> task<bool> {
    waiting = wait_for(loop, s);
    for (unsigned i = 1; i < budget; ++i) co_await consume_budget();
    co_return co_await pawl::this_task::has_budget_remaining();
  };
  auto running = pawl::spawn(loop, work());
  require(loop.run_one() && running.is_finished(), "BUDGET-WAIT");
  require(running.try_join().value(), "BUDGET-WAIT");
  s.release(1);
  loop.finish();
  loop.run();
  require(waiting->granted());
}

PAWL_MODEL("budget.cancel.stop", "a stop that meets an operation that lets others run",
           bounds{.threads = 3,
                  .note = "a run_loop with a task that acquires; a stop; a release"}) {
  semaphore s(0);
  pawl::stop_source stop;
  bool granted = false;
  together([&] { granted = pawl::sync_wait(acquire(s, stop.get_token())); },
           [&] {
             stop.request_stop();
             s.release(1);
           });
  require(s.available_permits() == (granted ? 0u : 1u) && !s.has_waiters(), "BUDGET-CANCEL");
}

PAWL_MODEL("budget.cancel.abort", "a task that is aborted meanwhile ends",
           bounds{.threads = 3, .note = "a run_loop with a spawned task that acquires; an abort"}) {
  pawl::run_loop loop;
  semaphore s(0);
  const auto obey = [](semaphore& of) -> task<bool> {
    const auto token = co_await pawl::this_task::get_stop_token();
    co_return co_await acquire(of, token);
  };
  auto running = pawl::spawn(loop, obey(s));
  together([&] { loop.run(); },
           [&] {
             running.abort();
             loop.finish();
           });
  require(!running.try_join().value() && !s.has_waiters(), "BUDGET-CANCEL");
}
