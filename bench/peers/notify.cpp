// What wakes tasks and threads: notify, barriers, condition variables.

#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/mutex.hpp>

#include <benchmark/benchmark.h>

#include <boost/thread/condition_variable.hpp>
#include <condition_variable>
#include <mutex>

#include "../barrier_workloads.hpp"
#include "../condition_variable_workloads.hpp"
#include "../notify_workloads.hpp"
#include "contest.hpp"
#include "locks.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using namespace workloads::notifies;
using peers::absl_condition;
using peers::absl_mutex;
using peers::contest;
using peers::rust;

const contest stored_tasks("notify, one that is stored, tasks", "",
                           {{"pawl", co_await_stored},
                            {"tokio", rust<tokio_notify>},
                            {peers::limit, uncontended_limit}});

constexpr auto in_turns =
    "Ours has fewer locked instructions, 18 where tokio has 30 (of a barrier, 14 and 30), but not "
    "fewer in all: a turn at the queue is made of parts, any of which may be left to another call "
    "that comes in between, and every wait has a state that a cancellation may meet. tokio does it "
    "in a mutex, which others have to wait for.";

const contest hand_over_tasks("notify, round trip between two tasks", in_turns,
                              {{"pawl", hand_over}, {"tokio", rust<tokio_notify_hand_over>}});

const contest many("notify, 64 tasks on 2 threads", "",
                   {{"pawl", many_tasks}, {"tokio", rust<tokio_notify_tasks>}});

const contest stored_threads("notify, one that is stored, threads", "",
                             {{"pawl", stored<notify>},
                              {"std", stored<flag_notify<std::mutex, std::condition_variable>>},
                              {"absl", stored<flag_notify<absl_mutex, absl_condition>>}});

const contest ping_pong_threads("notify, round trip on 2 threads", "",
                                {{"pawl", ping_pong<notify>},
                                 {"std",
                                  ping_pong<flag_notify<std::mutex, std::condition_variable>>},
                                 {"absl", ping_pong<flag_notify<absl_mutex, absl_condition>>}});

const contest meet_tasks("barrier, two tasks", in_turns,
                         {{"pawl", barriers::two_tasks_meet}, {"tokio", rust<tokio_barrier>}});

const contest meet_threads("barrier, on 2 threads", "",
                           {{"pawl", barriers::two_threads_meet},
                            {"std", barriers::two_threads_meet_std}});

const peers::leaving<tokio_listeners_make, tokio_listeners_cancel, tokio_listeners_destroy>
    cancelled("notify", "waiters", cancel_one_waiter);

using pawl::blocking::condition_variable;

const contest nobody("blocking::condition_variable, notify_one when nobody waits", "",
                     {{"pawl", notify_nobody<condition_variable>},
                      {"std", notify_nobody<std::condition_variable>},
                      {"absl", notify_nobody<absl_condition>},
                      {"boost", notify_nobody<boost::condition_variable>}});

const contest round_trips("blocking::condition_variable, round trip on 2 threads", "",
                          {{"pawl", round_trip<pawl::blocking::mutex, condition_variable>},
                           {"std", round_trip<std::mutex, std::condition_variable>},
                           {"absl", round_trip<absl_mutex, absl_condition>}});

}  // namespace
