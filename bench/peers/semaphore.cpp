// Semaphores.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/sync_wait.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
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

// There is a permit for each of two threads, so they only fight for the word.
void acquire_together(State& state) {
  static pawl::semaphore s(2);
  repeat(state, [&] { static_cast<void>(s.acquire_blocking()); });
}

void acquire_together_std(State& state) {
  static std::counting_semaphore<> s(2);
  repeat(state, [&] {
    s.acquire();
    s.release();
  });
}

pawl::task<> acquire_often(pawl::semaphore& s, int times) {
  for (int i = 0; i < times; ++i) {
    const auto held = co_await s.acquire();
  }
}

// 64 tasks on two threads, 4 permits.
void many_tasks(State& state) {
  pawl::semaphore s(4);
  run_64(state, [&](int times) { return acquire_often(s, times); });
}

void cancel_one_waiter(State& state, std::size_t waiters) {
  pawl::semaphore s(0);
  cancel_one_of(state, waiters, [&s](pawl::stop_token t) { return s.acquire(1, t); });
}

const contest tasks("semaphore, 2 of 3 permits, tasks", "",
                    {{"pawl", co_await_acquire},
                     {"tokio", rust<tokio_semaphore>},
                     {peers::limit, uncontended_limit}});

const contest threads("semaphore, uncontended, threads",
                      "std::counting_semaphore has no queue to look at: whoever comes may pass "
                      "those that wait.",
                      {{"pawl", acquire_blocking}, {"std", acquire_std}});

const contest many("semaphore, 64 tasks on 2 threads, 4 permits", "",
                   {{"pawl", many_tasks}, {"tokio", rust<tokio_semaphore_tasks>}});

const contest contended("semaphore, 2 threads, a permit for each",
                        "std::counting_semaphore has no queue to look at: a release adds one, "
                        "whatever the number is, where ours has to look again if it has changed.",
                        {{"pawl", acquire_together}, {"std", acquire_together_std}}, 2);

const peers::leaving<tokio_acquirers_make, tokio_acquirers_cancel, tokio_acquirers_destroy>
    cancelled("semaphore", "waiters", cancel_one_waiter);

}  // namespace
