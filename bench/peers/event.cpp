// Events and latches. What tokio has for it is notify (notify.cpp); parking_lot has nothing.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/latch.hpp>

#include <benchmark/benchmark.h>

#include <latch>
#include <semaphore>

#include "../event_workloads.hpp"
#include "contest.hpp"

namespace {

using namespace workloads;
using namespace workloads::events;
using peers::contest;

const contest latches("latch, counted down to 0",
                      "Ours looks whether so many are expected still, and replaces the number that "
                      "it has seen; std subtracts blindly, and goes below 0.",
                      {{"pawl", count_down<pawl::latch>}, {"std", count_down<std::latch>}});

const contest passing("auto_reset_event, set and passed", "",
                      {{"pawl", set_and_pass}, {"std", std_release_and_acquire}});

void std_ping_pong(State& state) {
  struct binary_semaphore : std::binary_semaphore {
    binary_semaphore() : std::binary_semaphore(0) {}
  };
  threads_ping_pong<binary_semaphore>(
      state, [](auto& s) { s.release(); }, [](auto& s) { s.acquire(); });
}

const contest round_trips("auto_reset_event, round trip on 2 threads", "",
                          {{"pawl", event_ping_pong}, {"std", std_ping_pong}});

}  // namespace
