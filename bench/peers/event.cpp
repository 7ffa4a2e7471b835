// Events, latches and wait groups. What tokio has for an auto_reset_event is notify (notify.cpp),
// what is nearest to the others is its watch; parking_lot has nothing.

#include <pawl/sync/auto_reset_event.hpp>
#include <pawl/sync/latch.hpp>

#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/notification.h>
#include <benchmark/benchmark.h>

#include <latch>
#include <semaphore>

#include "../event_workloads.hpp"
#include "contest.hpp"
#include "locks.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using namespace workloads::events;
using peers::contest;
using peers::rust;

constexpr auto set = [](auto& e) { e.set(); };
constexpr auto notify = [](auto& e) { e.Notify(); };
constexpr auto count_one = [](auto& e) { e.count_down(); };
constexpr auto decrement = [](auto& e) { static_cast<void>(e.DecrementCount()); };
constexpr auto wait = [](auto& e) { e.wait(); };
constexpr auto wait_in_thread = [](auto& e) { static_cast<void>(e.wait_blocking()); };
constexpr auto wait_notified = [](auto& e) { e.WaitForNotification(); };
constexpr auto wait_counted = [](auto& e) { e.Wait(); };

// ---- manual_reset_event -------------------------------------------------------------------------

using pawl::manual_reset_event;

void absl_wait_for_set(State& state) {
  absl::Notification e;
  e.Notify();
  repeat(state, [&] { e.WaitForNotification(); });
}

const contest is_set_tasks("manual_reset_event, passed when set, tasks", "",
                           {{"pawl", wait_for_set_event},
                            {"tokio", rust<tokio_watch>},
                            {peers::limit, load_limit}});

const contest is_set_threads("manual_reset_event, passed when set, threads", "",
                             {{"pawl", wait_blocking_for_set_event<manual_reset_event>},
                              {"std", wait_blocking_for_set_event<std_event>},
                              {"absl", absl_wait_for_set}});

const contest sets("manual_reset_event, set and reset", "",
                   {{"pawl", set_and_reset<manual_reset_event>},
                    {"std", set_and_reset<std_event>}});

using happening = made_anew<manual_reset_event>;
using std_happening = made_anew<std_event>;
using absl_happening = made_anew<absl::Notification>;

const contest happens(
    "manual_reset_event, made, set and passed", "",
    {{"pawl", [](State& s) { happens_once<happening>(s, set, wait_in_thread); }},
     {"std", [](State& s) { happens_once<std_happening>(s, set, wait_in_thread); }},
     {"absl", [](State& s) { happens_once<absl_happening>(s, notify, wait_notified); }}});

const contest set_in_turn("manual_reset_event, round trip on 2 threads", "",
                          {{"pawl", manual_ping_pong<manual_reset_event>},
                           {"std", manual_ping_pong<std_event>},
                           {"absl", [](State& s) {
                              threads_ping_pong_once<absl_happening>(s, notify, wait_notified);
                            }}});

const contest set_in_turn_by_tasks("manual_reset_event, round trip between two tasks", "",
                                   {{"pawl", manual_hand_over},
                                    {"tokio", rust<tokio_watch_hand_over>}});

const peers::leaving<tokio_listeners_make, tokio_listeners_cancel, tokio_listeners_destroy>
    cancelled("manual_reset_event", "waiters", manual_cancel_one);

// ---- auto_reset_event ---------------------------------------------------------------------------

const contest passing("auto_reset_event, set and passed", "",
                      {{"pawl", set_and_pass}, {"std", std_release_and_acquire}});

void std_ping_pong(State& state) {
  struct binary_semaphore : std::binary_semaphore {
    binary_semaphore() : std::binary_semaphore(0) {}
  };
  threads_ping_pong<binary_semaphore>(
      state, [](auto& s) { s.release(); }, [](auto& s) { s.acquire(); });
}

// Why a round trip of two threads may take ours as long as others, or longer.
constexpr const char* where_threads_are =
    "With a thread on each processor ours takes 400 ns, with both on one 2900, std 4200 on one: "
    "the scheduler decides which it is, for some milliseconds at a time.";

const contest round_trips("auto_reset_event, round trip on 2 threads", where_threads_are,
                          {{"pawl", event_ping_pong}, {"std", std_ping_pong}});

template <void (*Workload)(State&)>
void beside_others(State& state) {
  const busy_processors others;
  Workload(state);
}

const contest crowded_round_trips("auto_reset_event, round trip on 2 threads, all processors busy",
                                  "",
                                  {{"pawl", beside_others<event_ping_pong>},
                                   {"std", beside_others<std_ping_pong>}});

// ---- latch and wait_group -----------------------------------------------------------------------

const contest latches("latch, counted down to 0",
                      "Ours looks whether so many are expected still, and replaces the number that "
                      "it has seen; std subtracts blindly, and goes below 0.",
                      {{"pawl", count_down<pawl::latch>}, {"std", count_down<std::latch>}});

using end = made_anew<pawl::latch, 1>;
using std_end = made_anew<std::latch, 1>;
using absl_end = made_anew<absl::BlockingCounter, 1>;

const contest ends("latch, made, counted down and waited for", "",
                   {{"pawl", [](State& s) { happens_once<end>(s, count_one, wait_in_thread); }},
                    {"std", [](State& s) { happens_once<std_end>(s, count_one, wait); }},
                    {"absl", [](State& s) { happens_once<absl_end>(s, decrement, wait_counted); }},
                    {"crossbeam", rust<crossbeam_group_once>}});

const contest ends_in_turn(
    "latch, made anew each round trip on 2 threads", "",
    {{"pawl", [](State& s) { threads_ping_pong_once<end>(s, count_one, wait_in_thread); }},
     {"std", [](State& s) { threads_ping_pong_once<std_end>(s, count_one, wait); }},
     {"absl", [](State& s) { threads_ping_pong_once<absl_end>(s, decrement, wait_counted); }}});

// A group of crossbeam is for threads; in tokio, tasks hold a sender of the channel that is waited
// at.
const contest in_progress("wait_group, added and done", "",
                          {{"pawl", add_and_done},
                           {"crossbeam", rust<crossbeam_group>},
                           {"tokio", rust<tokio_group>},
                           {peers::limit, add_limit}});

const contest in_progress_together("wait_group, added and done by 2 threads", "",
                                   {{"pawl", add_and_done_together},
                                    {"crossbeam", rust<crossbeam_shared_group>},
                                    {"tokio", rust<tokio_shared_group>}},
                                   2);

const contest groups_in_turn(
    "wait_group, round trip on 2 threads", where_threads_are,
    {{"pawl", group_ping_pong},
     {"std latch", [](State& s) { threads_ping_pong_once<std_end>(s, count_one, wait); }},
     {"absl", [](State& s) { threads_ping_pong_once<absl_end>(s, decrement, wait_counted); }}});

}  // namespace
