// Mutexes. Those of tasks are in turn, like ours, unless said otherwise; those of threads are not.

#include <pawl/blocking/mutex.hpp>

#include <absl/synchronization/mutex.h>
#include <benchmark/benchmark.h>
#include <oneapi/tbb/mutex.h>
#include <oneapi/tbb/spin_mutex.h>

#include <boost/thread/mutex.hpp>
#include <mutex>
#include <string>

#include "../mutex_workloads.hpp"
#include "contest.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using peers::contest;
using peers::rust;

class absl_mutex {
 public:
  // It would be three times as slow with its deadlock detector.
  absl_mutex() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }
  void lock() { mutex_.Lock(); }
  void unlock() { mutex_.Unlock(); }

 private:
  absl::Mutex mutex_;
};

const contest tasks("mutex, uncontended, tasks", "",
                    {{"pawl", co_await_lock}, {"tokio", rust<tokio_mutex>}});

const contest hand_over_contest("mutex, hand-over between two tasks", "",
                                {{"pawl", hand_over}, {"tokio", rust<tokio_mutex_hand_over>}});

const contest many("mutex, 64 tasks on 2 threads", "",
                   {{"pawl", many_tasks}, {"tokio", rust<tokio_mutex_tasks>}}, 1);

const contest threads(
    "mutex, uncontended, threads",
    "Unlocking must look whether somebody waits in turn, before it lets go. A lock that lets "
    "anybody "
    "in can store first; a spinning one needs no second locked instruction at all.",
    {{"pawl", lock_blocking<counter>},
     {"std", lock_blocking<locked_counter<std::mutex>>},
     {"absl", lock_blocking<locked_counter<absl_mutex>>},
     {"tbb", lock_blocking<locked_counter<tbb::mutex>>},
     {"tbb spin", lock_blocking<locked_counter<tbb::spin_mutex>>},
     {"boost", lock_blocking<locked_counter<boost::mutex>>},
     {"parking_lot", rust<parking_lot_mutex>}});

const contest contended_contest("mutex, contended by 2 threads",
                                "Ours is handed over in turn, so that every lock may be a change "
                                "of threads; the others let the "
                                "thread that has just unlocked in again.",
                                {{"pawl", contended<counter>},
                                 {"std", contended<locked_counter<std::mutex>>},
                                 {"absl", contended<locked_counter<absl_mutex>>},
                                 {"tbb", contended<locked_counter<tbb::mutex>>},
                                 {"tbb spin", contended<locked_counter<tbb::spin_mutex>>},
                                 {"boost", contended<locked_counter<boost::mutex>>},
                                 {"parking_lot", rust<parking_lot_mutex>}},
                                2);

void cancel_tokio(State& state, std::uint64_t waiters) {
  tokio_queue* const queue = tokio_queue_make(waiters);
  while (state.KeepRunningBatch(batch)) tokio_queue_cancel(queue, batch);
  tokio_queue_destroy(queue);
}

contest cancel(std::uint64_t n) {
  return {
      "mutex, one of " + std::to_string(n) + " waiters leaves and joins again",
      "No call of ours blocks another: leaving is a request, which whoever has the queue carries "
      "out, and a stop request may come from any thread. That takes about fifteen locked "
      "instructions; tokio locks a mutex twice.",
      {{"pawl", [n](State& state) { cancel_one_waiter(state, n); }},
       {"tokio", [n](State& state) { cancel_tokio(state, n); }}}};
}

const contest cancel_10 = cancel(10);
const contest cancel_1000 = cancel(1000);
const contest cancel_100000 = cancel(100000);

}  // namespace
