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
