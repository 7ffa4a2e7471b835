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

constexpr auto flag =
    "Ours returns a result, as every wait: that it is no error is told by a byte, and compilers "
    "write it to the coroutine's frame. The caches of this processor are written in words of four "
    "bytes or more; a single byte takes six times as long, which is half of the time.";

const contest tasks("once_cell, there, tasks", flag,
                    {{"pawl", co_await_there},
                     {"tokio", rust<tokio_once_cell>},
                     {peers::limit, co_await_nothing_there}});

const contest tasks_that_may_fail("once_cell, there, by what may fail, tasks", flag,
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
