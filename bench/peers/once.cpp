// What is made once, when it is there.

#include <pawl/blocking/once.hpp>

#include <absl/base/call_once.h>
#include <benchmark/benchmark.h>
#include <oneapi/tbb/collaborative_call_once.h>

#include <boost/thread/once.hpp>

#include "../once_workloads.hpp"
#include "contest.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using namespace workloads::once_cells;
using peers::contest;
using peers::rust;

constexpr auto two_words =
    "Ours returns a result, as every wait, whose two words compilers write to the coroutine's "
    "frame; that takes longer than to look.";

const contest tasks("once_cell, there, tasks", two_words,
                    {{"pawl", co_await_there},
                     {"tokio", rust<tokio_once_cell>},
                     {peers::limit, co_await_nothing_there}});

const contest tasks_that_may_fail("once_cell, there, by what may fail, tasks", two_words,
                                  {{"pawl", co_await_there_or_error},
                                   {"tokio", rust<tokio_once_cell_that_may_fail>},
                                   {peers::limit, co_await_nothing_there}});

void call_absl(State& state) {
  flag_there<absl::once_flag>(state, [](auto& once, auto f) { absl::call_once(once, f); });
}
void call_tbb(State& state) {
  flag_there<tbb::collaborative_once_flag>(
      state, [](auto& once, auto f) { tbb::collaborative_call_once(once, f); });
}
void call_boost(State& state) {
  flag_there<boost::once_flag>(state, [](auto& once, auto f) { boost::call_once(once, f); });
}
void call_pawl(State& state) {
  flag_there<pawl::blocking::once>(state, [](auto& once, auto f) { once.call(f); });
}

const contest threads("once_cell, there, threads",
                      "Ours gives the value, which is a load more than to look at a flag.",
                      {{"pawl", blocking_there},
                       {"std", std_there},
                       {"absl", call_absl},
                       {"tbb", call_tbb},
                       {"boost", call_boost},
                       {"parking_lot", rust<parking_lot_once>}});

const contest flags("blocking::once, there", "",
                    {{"pawl", call_pawl},
                     {"std", std_there},
                     {"absl", call_absl},
                     {"tbb", call_tbb},
                     {"boost", call_boost},
                     {"parking_lot", rust<parking_lot_once>}});

}  // namespace
