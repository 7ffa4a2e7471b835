// Shared mutexes. Those of tasks are in turn, like ours, unless said otherwise; those of threads
// are not.

#include <pawl/blocking/shared_mutex.hpp>

#include <benchmark/benchmark.h>
#include <oneapi/tbb/rw_mutex.h>
#include <oneapi/tbb/spin_rw_mutex.h>

#include <boost/thread/shared_mutex.hpp>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "../shared_mutex_workloads.hpp"
#include "contest.hpp"
#include "locks.hpp"
#include "rust.hpp"

namespace {

using namespace workloads;
using namespace workloads::shared_mutexes;
using peers::absl_mutex;
using peers::contest;
using peers::contestant;
using peers::rust;

const contest read_tasks("shared_mutex, uncontended read, tasks", "",
                         {{"pawl", co_await_lock_shared},
                          {"tokio", rust<tokio_read>},
                          {peers::limit, uncontended_limit}});

const contest write_tasks("shared_mutex, uncontended write, tasks", "",
                          {{"pawl", co_await_lock_alone},
                           {"tokio", rust<tokio_write>},
                           {peers::limit, uncontended_limit}});

const contest many("shared_mutex, 64 tasks on 2 threads that mostly read", "",
                   {{"pawl", readers_tasks}, {"tokio", rust<tokio_readers_tasks>}});

// What threads do, by all locks for threads, ours first.
template <template <class Counter> class Workload, class Ours>
std::vector<contestant> all_locks(void (*parking_lot)(State&)) {
  return {{"pawl", Workload<Ours>::run},
          {"std", Workload<locked_counter<std::shared_mutex>>::run},
          {"absl", Workload<locked_counter<absl_mutex>>::run},
          {"tbb", Workload<locked_counter<tbb::rw_mutex>>::run},
          {"tbb spin", Workload<locked_counter<tbb::spin_rw_mutex>>::run},
          {"boost", Workload<locked_counter<boost::shared_mutex>>::run},
          {"parking_lot", parking_lot}};
}

template <class Counter>
struct look {
  static constexpr auto run = look_alone<Counter>;
};
template <class Counter>
struct count {
  static constexpr auto run = count_alone<Counter>;
};
template <class Counter>
struct look_of_two {
  static constexpr auto run = look_together<Counter>;
};
template <class Counter>
struct mostly_look_of_two {
  static constexpr auto run = mostly_look<Counter>;
};

using ours = shared_counter;
using bytes = locked_counter<pawl::blocking::shared_mutex>;

constexpr auto in_turn =
    "Unlocking must look whether somebody waits in turn, before it lets go. A lock that lets "
    "anybody in subtracts one instead.";
constexpr auto handed_over =
    "Ours is handed over in turn, so that every write may be a change of threads; the others let "
    "the thread that has just unlocked in again.";

const contest read_threads("shared_mutex, uncontended read, threads", in_turn,
                           all_locks<look, ours>(rust<parking_lot_read>));
const contest write_threads("shared_mutex, uncontended write, threads", in_turn,
                            all_locks<count, ours>(rust<parking_lot_write>));
const contest readers("shared_mutex, 2 threads that read", in_turn,
                      all_locks<look_of_two, ours>(rust<parking_lot_read>), 2);
const contest reader_heavy("shared_mutex, 2 threads that mostly read", handed_over,
                           all_locks<mostly_look_of_two, ours>(rust<parking_lot_readers>), 2);

const contest read_bytes("blocking::shared_mutex, uncontended read",
                         "A spinning lock counts a reader first, and takes that back if a writer "
                         "was there; ours counts nobody who has to wait, since it would have to "
                         "wake those who have seen the count.",
                         all_locks<look, bytes>(rust<parking_lot_read>));
const contest write_bytes("blocking::shared_mutex, uncontended write", "",
                          all_locks<count, bytes>(rust<parking_lot_write>));
const contest reader_heavy_bytes("blocking::shared_mutex, 2 threads that mostly read", handed_over,
                                 all_locks<mostly_look_of_two, bytes>(rust<parking_lot_readers>),
                                 2);

const peers::leaving<tokio_writers_make, tokio_writers_cancel, tokio_writers_destroy> cancelled(
    "shared_mutex", "writers", cancel_one_waiter);

}  // namespace
