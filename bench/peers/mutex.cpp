// Mutexes. Those of tasks are in turn, like ours, unless said otherwise; those of threads are not.

#include <pawl/blocking/mutex.hpp>

#include <benchmark/benchmark.h>
#include <oneapi/tbb/mutex.h>
#include <oneapi/tbb/spin_mutex.h>

#include <boost/thread/mutex.hpp>
#include <mutex>

#include "../mutex_workloads.hpp"
#include "contest.hpp"
#include "locks.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using namespace workloads::mutexes;
using peers::absl_mutex;
using peers::contest;
using peers::rust;

const contest tasks("mutex, uncontended, tasks", "",
                    {{"pawl", co_await_lock},
                     {"tokio", rust<tokio_mutex>},
                     {peers::limit, uncontended_limit}});

const contest hand_over_contest("mutex, hand-over between two tasks", "",
                                {{"pawl", hand_over}, {"tokio", rust<tokio_mutex_hand_over>}});

const contest many("mutex, 64 tasks on 2 threads", "",
                   {{"pawl", many_tasks}, {"tokio", rust<tokio_mutex_tasks>}}, 1);

const contest threads(
    "mutex, uncontended, threads",
    "Unlocking must look whether somebody waits in turn, before it lets go. A lock that lets "
    "anybody "
    "in can store first; a spinning one needs no second locked instruction at all.",
    {{"pawl", count_alone<counter>},
     {"std", count_alone<locked_counter<std::mutex>>},
     {"absl", count_alone<locked_counter<absl_mutex>>},
     {"tbb", count_alone<locked_counter<tbb::mutex>>},
     {"tbb spin", count_alone<locked_counter<tbb::spin_mutex>>},
     {"boost", count_alone<locked_counter<boost::mutex>>},
     {"parking_lot", rust<parking_lot_mutex>}});

const contest contended_contest("mutex, contended by 2 threads",
                                "Ours is handed over in turn, so that every lock may be a change "
                                "of threads; the others let the "
                                "thread that has just unlocked in again.",
                                {{"pawl", count_together<counter>},
                                 {"std", count_together<locked_counter<std::mutex>>},
                                 {"absl", count_together<locked_counter<absl_mutex>>},
                                 {"tbb", count_together<locked_counter<tbb::mutex>>},
                                 {"tbb spin", count_together<locked_counter<tbb::spin_mutex>>},
                                 {"boost", count_together<locked_counter<boost::mutex>>},
                                 {"parking_lot", rust<parking_lot_mutex>}},
                                2);

// blocking::mutex lets anybody in, like the others.
const contest bytes("blocking::mutex, uncontended",
                    "A spinning lock unlocks by a plain store, since nobody sleeps whom it would "
                    "have to wake.",
                    {{"pawl", count_alone<locked_counter<pawl::blocking::mutex>>},
                     {"std", count_alone<locked_counter<std::mutex>>},
                     {"absl", count_alone<locked_counter<absl_mutex>>},
                     {"tbb", count_alone<locked_counter<tbb::mutex>>},
                     {"tbb spin", count_alone<locked_counter<tbb::spin_mutex>>},
                     {"boost", count_alone<locked_counter<boost::mutex>>},
                     {"parking_lot", rust<parking_lot_mutex>}});

const contest bytes_contended("blocking::mutex, contended by 2 threads", "",
                              {{"pawl", count_together<locked_counter<pawl::blocking::mutex>>},
                               {"std", count_together<locked_counter<std::mutex>>},
                               {"absl", count_together<locked_counter<absl_mutex>>},
                               {"tbb", count_together<locked_counter<tbb::mutex>>},
                               {"tbb spin", count_together<locked_counter<tbb::spin_mutex>>},
                               {"boost", count_together<locked_counter<boost::mutex>>},
                               {"parking_lot", rust<parking_lot_mutex>}},
                              2);

const peers::leaving<tokio_queue_make, tokio_queue_cancel, tokio_queue_destroy> cancelled(
    "mutex", "waiters", cancel_one_waiter);

}  // namespace
