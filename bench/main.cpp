// Runs the benchmarks of the executable and prints what they take beside the limit of the machine.

#include <benchmark/benchmark.h>

#include <vector>

#include "ratio_reporter.hpp"
#include "second_thread.hpp"

int main(int argc, char** argv) {
  // The arguments come later, so they prevail.
  char interleaved[] = "--benchmark_enable_random_interleaving=true";
  char repetitions[] = "--benchmark_repetitions=20";
  char time[] = "--benchmark_min_time=0.02";
  std::vector<char*> arguments{argv[0], interleaved, repetitions, time};
  for (int i = 1; i < argc; ++i) arguments.push_back(argv[i]);
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);

  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  const second_thread alive;
  ratio_reporter reporter;
  const bool any = benchmark::RunSpecifiedBenchmarks(&reporter) != 0;
  benchmark::Shutdown();
  return any ? 0 : 2;
}
