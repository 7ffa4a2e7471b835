// What cancellation trees cost, beside the limit and beside std::stop_source, which has no children
// (a callback that stops another source makes one of it) and allocates what sources share.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <stop_token>

#include "cancellation_workloads.hpp"

namespace {

using namespace workloads;
using namespace workloads::cancellations;

BENCHMARK(look_limit)->Name("look/limit");
BENCHMARK(look<cancellation_source>)->Name("look/token");
BENCHMARK(look<std::stop_source>)->Name("look/std");

BENCHMARK(come_and_go_limit)->Name("child/limit");
BENCHMARK((child_comes_and_goes<cancellation_source, cancellation_source>))
    ->Name("child/make_and_end");
BENCHMARK((child_comes_and_goes<std::stop_source, std_child>))->Name("child/std");

BENCHMARK((callback_comes_and_goes<pawl::stop_source, pawl::stop_callback>))
    ->Name("callback/make_and_end");
BENCHMARK((callback_comes_and_goes<std::stop_source, std::stop_callback>))->Name("callback/std");

template <class Source, class Child>
void cancel_all(State& state) {
  cancel_family<Source, Child>(state, static_cast<std::size_t>(state.range(0)));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK((cancel_all<cancellation_source, cancellation_source>))
    ->Name("cancel_all_of")
    ->Arg(10)
    ->Arg(1000);
BENCHMARK((cancel_all<std::stop_source, std_child>))->Name("cancel_all_of_std")->Arg(10)->Arg(1000);

BENCHMARK(hand_over)->Name("hand_over/round_trip");

void give_up(State& state) { give_up_one(state, static_cast<std::size_t>(state.range(0))); }

BENCHMARK(give_up)->Name("give_up_one_of")->Arg(10)->Arg(1000)->Arg(100000);

}  // namespace
