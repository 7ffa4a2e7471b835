// Cancellation trees and stop callbacks, beside the cancellation tokens of tokio_util ("tokio") and
// those of std, where a callback that stops another source makes a child of it.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <stop_token>

#include "../cancellation_workloads.hpp"
#include "contest.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using namespace workloads::cancellations;
using peers::contest;
using peers::rust;

const contest looks("cancellation token, looked at", "",
                    {{"pawl", look<cancellation_source>},
                     {"std", look<std::stop_source>},
                     {"tokio", rust<tokio_token>}});

const contest callbacks("stop_callback, comes and goes", "",
                        {{"pawl", callback_comes_and_goes<pawl::stop_source, pawl::stop_callback>},
                         {"std", callback_comes_and_goes<std::stop_source, std::stop_callback>}});

const contest children("cancellation_source, a child comes and goes", "",
                       {{"pawl", child_comes_and_goes<cancellation_source, cancellation_source>},
                        {"std", child_comes_and_goes<std::stop_source, std_child>},
                        {"tokio", rust<tokio_token_child>}});

template <std::size_t n>
contest family() {
  constexpr auto by_tokio = [](State& state) {
    constexpr std::uint64_t times = 64;
    while (state.KeepRunningBatch(times)) tokio_token_family(n, times);
  };
  return {
      "cancellation_source, a root and its " + std::to_string(n) +
          " children made, cancelled and destroyed",
      "",
      {{"pawl", [](State& s) { cancel_family<cancellation_source, cancellation_source>(s, n); }},
       {"std", [](State& s) { cancel_family<std::stop_source, std_child>(s, n); }},
       {"tokio", by_tokio}}};
}

const contest small_family = family<10>();
const contest large_family = family<100>();

const contest tasks("cancellation_source, made, waited for and cancelled, between two tasks", "",
                    {{"pawl", hand_over}, {"tokio", rust<tokio_token_hand_over>}});

const peers::leaving<tokio_token_waiters_make, tokio_token_waiters_cancel,
                     tokio_token_waiters_destroy>
    gives_up(
        "cancellation token", "waiters", give_up_one,
        "Ours takes 6 locked instructions, tokio 11, and as many in all. But of 100000 waiters "
        "most are not in the cache, where a coroutine that waits so has 330 bytes, and "
        "tokio's future 96.");

}  // namespace
