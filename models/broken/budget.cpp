// The cooperative budget: what counts, and what comes after the others.
#include <pawl/task/budget.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/this_task.hpp>

#include "../support.hpp"

using namespace models;
using pawl::task;
using pawl::this_task::consume_budget;
constexpr unsigned budget = pawl::limits::budget;

namespace {

task<> count_up(pawl::cell<unsigned>& count, unsigned times) {
  for (unsigned i = 0; i < times; ++i) {
    co_await consume_budget();
    count.write(count.read() + 1);
  }
}

// Of a suspension that lasts.
struct never {
  never() noexcept = default;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};

call wait_for_ever(pawl::scheduler&) {
  co_await pawl::cooperative(never());
  co_return 0;
}

// Takes turns with it, and looks at the given one.
task<> look(const pawl::cell<unsigned>& count, unsigned turns, unsigned& seen) {
  for (unsigned i = 1; i < turns; ++i) co_await pawl::this_task::reschedule();
  seen = count.read();
}

// Returns: how many operations a task has done after so many turns.
unsigned done_after(unsigned turns, unsigned times) {
  pawl::run_loop loop;
  pawl::cell<unsigned> done{0};
  unsigned seen = 0;
  auto running = pawl::spawn(loop, count_up(done, times));
  auto looking = pawl::spawn(loop, look(done, turns, seen));
  loop.finish();
  loop.run();
  require(running.try_join().has_value() && looking.try_join().has_value());
  return seen;
}

}  // namespace

PAWL_MODEL("budget.turn", "a turn has so many operations",
           bounds{.threads = 1, .note = "two tasks in turns"}) {
  require(done_after(1, 2 * budget) == budget, "BUDGET-TURN: others do not get their turn");
}

PAWL_MODEL("budget.renewed", "each turn has as many",
           bounds{.threads = 1, .note = "two tasks in turns"}) {
  require(done_after(2, 3 * budget) == 2 * budget, "BUDGET-TURN: a turn has less than the first");
}

PAWL_MODEL("budget.once", "what let others run goes on",
           bounds{.threads = 1, .note = "a task of two turns"}) {
  pawl::run_loop loop;
  pawl::cell<unsigned> done{0};
  auto running = pawl::spawn(loop, count_up(done, budget + 1));
  loop.finish();
  loop.run();
  require(running.is_finished(), "BUDGET-ONCE: an operation was forgotten");
}

PAWL_MODEL("budget.wait", "who begins to wait leaves the turn as it was",
           bounds{.threads = 1, .note = "a turn in which another call waits"}) {
  pawl::run_loop loop;
  pawl::cell<unsigned> done{0};
  std::optional<call> waiting;
  const auto work = [&]() -> task<> {
    waiting = wait_for_ever(loop);
    co_await count_up(done, budget);
  };
  auto running = pawl::spawn(loop, work());
  loop.run_one();
  require(done.read() == budget, "BUDGET-WAIT: beginning to wait counts");
  require(running.try_join().has_value());
}
