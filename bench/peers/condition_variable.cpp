// Condition variables of tasks, and ours with a mutex that tasks and threads share. tokio has none;
// what comes nearest is a Notify, with a mutex to be locked again.

#include <benchmark/benchmark.h>

#include <boost/thread/condition_variable.hpp>
#include <condition_variable>
#include <mutex>

#include "../condition_variable_workloads.hpp"
#include "contest.hpp"
#include "locks.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using namespace workloads::conditions;
using peers::absl_condition;
using peers::absl_mutex;
using peers::contest;
using peers::rust;

const contest nobody("condition_variable, notify_one when nobody waits", "",
                     {{"pawl", notify_nobody<condition_variable>},
                      {"std any", notify_nobody<std::condition_variable_any>},
                      {"std", notify_nobody<std::condition_variable>},
                      {"absl", notify_nobody<absl_condition>},
                      {"boost", notify_nobody<boost::condition_variable_any>},
                      {"parking_lot", rust<parking_lot_notify_nobody>},
                      {"tokio", rust<tokio_notify_nobody>}});

const contest tasks(
    "condition_variable, round trip between two tasks",
    "Ours has fewer locked instructions, 34 where tokio has 38, but more in all: who is notified "
    "is moved to the queue of the mutex, and has it when it is resumed; a turn at either queue is "
    "made of parts, any of which may be left to another call that comes in between. tokio's wait "
    "locks again when it is resumed, and a notification that nobody waits for ends the next wait, "
    "which looks in vain.",
    {{"pawl", hand_over}, {"tokio", rust<tokio_condition_hand_over>}});

const contest many(
    "condition_variable, 64 tasks on 2 threads, 4 places",
    "It depends on where the kernel puts the threads. On one processor the tasks seldom meet, and "
    "ours takes 20 ns, tokio 65. On two all of them queue, so that entering and leaving "
    "takes 2.6 turns of the scheduler: ours was found to take 30 to 260 ns, tokio 60 to 700.",
    {{"pawl", many_tasks}, {"tokio", rust<tokio_condition_tasks>}});

const contest threads("condition_variable, round trip on 2 threads", "",
                      {{"pawl", take_turns_of_two<pawl_turn>},
                       {"std any", round_trip<std::mutex, std::condition_variable_any>},
                       {"std", round_trip<std::mutex, std::condition_variable>},
                       {"absl", round_trip<absl_mutex, absl_condition>},
                       {"boost", round_trip<std::mutex, boost::condition_variable_any>},
                       {"parking_lot", rust<parking_lot_condvar_round_trip>}});

const peers::leaving<tokio_condition_waiters_make, tokio_condition_waiters_cancel,
                     tokio_condition_waiters_destroy>
    cancelled("condition_variable", "waiters", cancel_one_waiter,
              "Ours takes 17 locked instructions, tokio 13: a wait that is cancelled has the mutex "
              "again when it ends, where a future is dropped. The rest is as it is of a mutex: "
              "leaving is a request to whoever has the queue, and a word of the wait says what "
              "became of it. Of 100000 waiters most are not in the cache, where a coroutine that "
              "waits so has 790 bytes, its lock included, and tokio's future 120.");

}  // namespace
