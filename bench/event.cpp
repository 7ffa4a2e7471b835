// What events, latch and barrier cost, beside those of std that block threads.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/latch.hpp>
#include <pawl/sync/manual_reset_event.hpp>

#include <benchmark/benchmark.h>

#include <latch>

#include "barrier_workloads.hpp"
#include "event_workloads.hpp"
#include "workloads.hpp"

namespace {

using namespace workloads;
using namespace workloads::barriers;
using namespace workloads::events;

// ---- coroutines ---------------------------------------------------------------------------------

pawl::task<> answer_each(const bool& is_over, pawl::auto_reset_event& mine,
                         pawl::auto_reset_event& other) {
  for (;;) {
    static_cast<void>(co_await mine.wait());
    if (is_over) break;
    other.set();
  }
}

pawl::task<> ask(State& state, bool& is_over, pawl::auto_reset_event& mine,
                 pawl::auto_reset_event& other) {
  for ([[maybe_unused]] auto _ : state) {
    other.set();
    static_cast<void>(co_await mine.wait());
  }
  is_over = true;
  other.set();
}

void ping_pong(State& state) {
  pawl::auto_reset_event ping, pong;
  bool is_over = false;
  run_together(answer_each(is_over, ping, pong), ask(state, is_over, pong, ping));
}

// ---- many waiters -------------------------------------------------------------------------------

template <class Event>
void leave_event(State& state) {
  Event e;
  cancel_one_of(state, [&e](pawl::stop_token t) { return e.wait(t); });
}

void leave_latch(State& state) {
  pawl::latch l(1);
  cancel_one_of(state, [&l](pawl::stop_token t) { return l.wait(t); });
}

// The last party never comes.
void leave_barrier(State& state) {
  pawl::barrier b(static_cast<std::size_t>(state.range(0)) + 1);
  cancel_one_of(state, [&b](pawl::stop_token t) { return b.arrive_and_wait(t); });
}

BENCHMARK(leave_event<pawl::manual_reset_event>)
    ->Name("cancel_one_of/manual_reset_event")
    ->Arg(10)
    ->Arg(1000)
    ->Arg(100000);
BENCHMARK(leave_event<pawl::auto_reset_event>)
    ->Name("cancel_one_of/auto_reset_event")
    ->Arg(10)
    ->Arg(1000)
    ->Arg(100000);
BENCHMARK(leave_latch)->Name("cancel_one_of/latch")->Arg(10)->Arg(1000)->Arg(100000);
BENCHMARK(leave_barrier)->Name("cancel_one_of/barrier")->Arg(10)->Arg(1000)->Arg(65534);

BENCHMARK(load_limit)->Name("one_thread/wait/limit");
BENCHMARK(wait_for_set_event)->Name("one_thread/wait/pawl");
BENCHMARK(set_and_reset<pawl::manual_reset_event>)->Name("one_thread/set_and_reset/pawl");
BENCHMARK(set_and_pass)->Name("one_thread/set_and_pass/pawl");
BENCHMARK(std_release_and_acquire)->Name("one_thread/set_and_pass/std_semaphore");
BENCHMARK(add_and_done)->Name("one_thread/add_and_done/pawl");
BENCHMARK(count_down<pawl::latch>)->Name("one_thread/count_down/pawl");
BENCHMARK(count_down<std::latch>)->Name("one_thread/count_down/std");
BENCHMARK(ping_pong)->Name("tasks/ping_pong/pawl");
BENCHMARK(two_tasks_meet)->Name("tasks/barrier/pawl");
BENCHMARK(two_threads_meet)->Name("threads/barrier/pawl")->UseRealTime();
BENCHMARK(two_threads_meet_std)->Name("threads/barrier/std")->UseRealTime();

}  // namespace
