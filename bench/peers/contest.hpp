// The same work for ours and for others.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace peers {

using benchmark::State;

struct contestant {
  std::string name;  ///< The first is ours.
  std::function<void(State&)> run;
};

/// The name of what is no contestant: what the machine needs for the least that any of them does.
inline constexpr const char* limit = "limit";

/// Why tokio's waits leave a queue sooner.
inline constexpr const char* leaving_is_a_request =
    "A stop request may come from any thread, and no call of ours blocks another: leaving is a "
    "request to whoever has the queue, and a word of the wait says what became of it. That takes "
    "10 locked instructions, as do tokio's locks of a mutex, but more than twice as many in all. "
    "Of 100000 waiters most are not in the cache, where a wait of ours has 232 bytes and tokio's "
    "96.";

/// A row of the table. Contests make themselves known when they are constructed.
struct contest {
  contest(std::string what_they_do, std::string difference, std::vector<contestant> all,
          int number_of_threads = 1);

  std::string workload;  ///< Of "2 threads", real time is taken, and no instructions are counted.
  std::string why;       ///< What others do less, should one of them be faster; may be empty.
  std::vector<contestant> contestants;
  int threads;
};

/// All contests of the program.
std::vector<const contest*>& contests();

/// A workload of the Rust library, which executes the operation n times.
template <void (*Workload)(std::uint64_t n)>
void rust(State& state) {
  constexpr std::uint64_t n = 4096;  // so that the start of its runtime counts for nothing
  while (state.KeepRunningBatch(n)) Workload(n);
}

}  // namespace peers
