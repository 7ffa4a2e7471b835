// What the blocking locks cost, beside the limit (a compare-and-swap each way) and beside those of
// std.

#include <pawl/blocking/condition_variable.hpp>
#include <pawl/blocking/fair_mutex.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/blocking/recursive_mutex.hpp>
#include <pawl/blocking/shared_mutex.hpp>

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#include "condition_variable_workloads.hpp"
#include "locked_counter.hpp"
#include "workloads.hpp"

namespace {

using namespace workloads;

// ---- mutex --------------------------------------------------------------------------------------

BENCHMARK(uncontended_limit)->Name("uncontended/limit");
BENCHMARK(count_alone<locked_counter<pawl::blocking::mutex>>)->Name("uncontended/mutex");
BENCHMARK(count_alone<locked_counter<pawl::blocking::fair_mutex>>)->Name("uncontended/fair_mutex");
BENCHMARK(count_alone<locked_counter<std::mutex>>)->Name("uncontended/std_mutex");
BENCHMARK(count_alone<locked_counter<pawl::blocking::recursive_mutex>>)
    ->Name("uncontended/recursive_mutex");
BENCHMARK(count_alone<locked_counter<std::recursive_mutex>>)
    ->Name("uncontended/std_recursive_mutex");

BENCHMARK(contended_lock_limit)->Name("contended/limit")->Threads(2)->UseRealTime();
BENCHMARK(count_together<locked_counter<pawl::blocking::mutex>>)
    ->Name("contended/mutex")
    ->Threads(2)
    ->UseRealTime();
BENCHMARK(count_together<locked_counter<std::mutex>>)
    ->Name("contended/std_mutex")
    ->Threads(2)
    ->UseRealTime();
BENCHMARK(count_together<locked_counter<pawl::blocking::mutex>>)
    ->Name("crowded/mutex")
    ->Threads(8)
    ->UseRealTime();
BENCHMARK(count_together<locked_counter<std::mutex>>)
    ->Name("crowded/std_mutex")
    ->Threads(8)
    ->UseRealTime();

// ---- shared_mutex -------------------------------------------------------------------------------

using pawl::blocking::shared_mutex;
BENCHMARK(look_alone<locked_counter<shared_mutex>>)->Name("uncontended/read");
BENCHMARK(look_alone<locked_counter<std::shared_mutex>>)->Name("uncontended/std_read");
BENCHMARK(count_alone<locked_counter<shared_mutex>>)->Name("uncontended/write");
BENCHMARK(count_alone<locked_counter<std::shared_mutex>>)->Name("uncontended/std_write");
BENCHMARK(look_together<locked_counter<shared_mutex>>)
    ->Name("contended/read")
    ->Threads(2)
    ->UseRealTime();
BENCHMARK(look_together<locked_counter<std::shared_mutex>>)
    ->Name("contended/std_read")
    ->Threads(2)
    ->UseRealTime();
BENCHMARK(mostly_look<locked_counter<shared_mutex>>)
    ->Name("contended/read_mostly")
    ->Threads(2)
    ->UseRealTime();
BENCHMARK(mostly_look<locked_counter<std::shared_mutex>>)
    ->Name("contended/std_read_mostly")
    ->Threads(2)
    ->UseRealTime();

// ---- condition_variable -------------------------------------------------------------------------

using pawl::blocking::condition_variable;
BENCHMARK(notify_nobody<condition_variable>)->Name("uncontended/notify");
BENCHMARK(notify_nobody<std::condition_variable>)->Name("uncontended/std_notify");
BENCHMARK((round_trip<pawl::blocking::mutex, condition_variable>))
    ->Name("hand_over/round_trip")
    ->UseRealTime();
BENCHMARK((round_trip<std::mutex, std::condition_variable>))
    ->Name("hand_over/std_round_trip")
    ->UseRealTime();

}  // namespace
