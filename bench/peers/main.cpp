// Runs the contests as Google Benchmark runs benchmarks, named workload/contestant. compare.py,
// which makes the table, asks for two things more:
//   --contests       prints what the contests are, as JSON
//   --iterations=N   each one once, with N operations, so that their instructions can be counted

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "../second_thread.hpp"
#include "contest.hpp"

namespace peers {

std::vector<const contest*>& contests() {
  static std::vector<const contest*> all;
  return all;
}

contest::contest(std::string what_they_do, std::string difference, std::vector<contestant> all,
                 int number_of_threads)
    : workload(std::move(what_they_do)),
      why(std::move(difference)),
      contestants(std::move(all)),
      threads(number_of_threads) {
  contests().push_back(this);
}

namespace {

void print_contests() {
  auto all = nlohmann::json::array();
  for (const contest* const each : contests()) {
    auto names = nlohmann::json::array();
    for (const contestant& c : each->contestants) names.push_back(c.name);
    all.push_back({{"workload", each->workload},
                   {"why", each->why},
                   {"threads", each->threads},
                   {"contestants", names}});
  }
  std::puts(all.dump(1).c_str());
}

void register_all(benchmark::IterationCount iterations) {
  for (const contest* const each : contests()) {
    for (const contestant& c : each->contestants) {
      const std::string name = each->workload + "/" + c.name;
      auto* const added = benchmark::RegisterBenchmark(name.c_str(), c.run);
      if (each->threads > 1) added->Threads(each->threads);
      if (each->workload.find("2 threads") != std::string::npos) added->UseRealTime();
      if (iterations != 0) added->Iterations(iterations);
    }
  }
}

}  // namespace
}  // namespace peers

int main(int argc, char** argv) {
  benchmark::IterationCount iterations = 0;
  std::vector<char*> others;
  for (int i = 0; i < argc; ++i) {
    constexpr std::string_view fixed = "--iterations=";
    const std::string_view word = argv[i];
    if (word == "--contests") {
      peers::print_contests();
      return 0;
    }
    if (word.starts_with(fixed)) {
      iterations = std::atoll(argv[i] + fixed.size());
    } else {
      others.push_back(argv[i]);
    }
  }
  int count = static_cast<int>(others.size());
  others.push_back(nullptr);
  benchmark::Initialize(&count, others.data());
  if (benchmark::ReportUnrecognizedArguments(count, others.data())) return 2;
  peers::register_all(iterations);

  const second_thread alive;
  const bool any = benchmark::RunSpecifiedBenchmarks() != 0;
  benchmark::Shutdown();
  return any ? 0 : 2;
}
