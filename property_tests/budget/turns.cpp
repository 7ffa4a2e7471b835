// A task of random operations: after which of them others have their turn, beside a count.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/budget.hpp>
#include <pawl/task/run_loop.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/this_task.hpp>

#include <rapidcheck.h>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "property.hpp"

namespace {

using pawl::task;

enum class operation : unsigned char { consumes, acquires, acquires_plainly, reschedules, waits };

struct program {
  std::vector<std::pair<unsigned, operation>> steps;  // each with its budget
  pawl::semaphore free{1}, taken{0};
  std::vector<std::size_t> turn_of;  // in which turn each step was done
  std::size_t turn = 0;

  task<> perform(operation what) {
    switch (what) {
      case operation::consumes:
        co_await pawl::this_task::consume_budget();
        break;
      case operation::acquires: {
        const auto held = co_await pawl::cooperative(free.acquire(1));
        RC_ASSERT(held.has_value());
        break;
      }
      case operation::acquires_plainly: {
        const auto held = co_await free.acquire(1);
        RC_ASSERT(held.has_value());
        break;
      }
      case operation::reschedules:
        co_await pawl::this_task::reschedule();
        break;
      case operation::waits: {
        auto held = co_await pawl::cooperative(taken.acquire(1));
        RC_ASSERT(held.has_value());
        std::move(*held).forget();
        break;
      }
    }
  }

  task<> run() {
    for (const auto& [budget, what] : steps) {
      co_await pawl::with_budget(budget, perform(what));
      turn_of.push_back(turn);
    }
  }
};

// The rules once more: what ends in a turn counts there.
struct reference {
  std::size_t turn = 1;
  unsigned spent = 0;

  void next_turn() {
    ++turn;
    spent = 0;
  }
  void take_part(unsigned budget) {
    if (spent >= budget) next_turn();
  }
  std::size_t perform(unsigned budget, operation what) {
    if (what == operation::reschedules) next_turn();
    if (what == operation::reschedules || what == operation::acquires_plainly) return turn;
    take_part(budget);
    if (what == operation::waits) next_turn();
    ++spent;
    return turn;
  }
};

const property p("budget.turns", "others have their turn when the budget is spent", 2000, [] {
  using step = std::pair<unsigned, operation>;
  program all;
  all.steps = *rc::gen::container<std::vector<step>>(rc::gen::pair(
      rc::gen::inRange(0U, 5U),
      rc::gen::map(rc::gen::inRange(0, 5), [](int i) { return static_cast<operation>(i); })));
  pawl::run_loop loop;
  auto running = pawl::spawn(loop, all.run());
  while (!running.is_finished()) {
    ++all.turn;
    RC_ASSERT(loop.run_one());
    // What waits has its turn next.
    if (all.taken.has_waiters()) all.taken.release(1);
  }
  RC_ASSERT(running.try_join().has_value());
  reference expected;
  std::vector<std::size_t> turns;
  for (const auto& [budget, what] : all.steps) turns.push_back(expected.perform(budget, what));
  RC_ASSERT(all.turn_of == turns);
});

}  // namespace
