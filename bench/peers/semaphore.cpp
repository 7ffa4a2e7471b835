// Semaphores.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <semaphore>

#include "../workloads.hpp"
#include "contest.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using peers::contest;
using peers::rust;

pawl::task<> acquire_repeatedly(State& state, pawl::semaphore& s) {
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) {
      const auto held = co_await s.acquire(2);
    }
  }
}

void co_await_acquire(State& state) {
  pawl::semaphore s(3);
  pawl::sync_wait(acquire_repeatedly(state, s));
}

// With one permit, std::counting_semaphore would make a system call of each release.
void acquire_blocking(State& state) {
  pawl::semaphore s(2);
  repeat(state, [&] { static_cast<void>(s.acquire_blocking()); });
}

void acquire_std(State& state) {
  std::counting_semaphore<> s(2);
  repeat(state, [&] {
    s.acquire();
    s.release();
  });
}

const contest tasks("semaphore, 2 of 3 permits, tasks", "",
                    {{"pawl", co_await_acquire},
                     {"tokio", rust<tokio_semaphore>},
                     {peers::limit, uncontended_limit}});

const contest threads("semaphore, uncontended, threads",
                      "std::counting_semaphore has no queue to look at: whoever comes may pass "
                      "those that wait.",
                      {{"pawl", acquire_blocking}, {"std", acquire_std}});

}  // namespace
