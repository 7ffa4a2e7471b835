// Explores each family, and prints how fast beside the published figures of the anchor.
//
// A rate is complete executions by the time for the whole tree: runs that are given up count for
// nothing but take their time. As the published figures are, it is that of the best of three runs.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include <pawl/check/explore.hpp>

#include "families.hpp"
#include "scale.hpp"

namespace {

void explore(benchmark::State& state, const family& f) {
  for (auto _ : state) {
    const auto r =
        pawl::check::explore(f.program, {.snapshots = pawl::check::snapshot_use::automatic});
    state.counters["complete"] = static_cast<double>(r.complete);
    state.counters["blocked"] = static_cast<double>(r.blocked);
    state.counters["anchor"] = f.anchor;
    if (r.verdict != pawl::check::verdict::clean) {
      state.SkipWithError(r.error ? r.error->sentence.c_str() : "the search did not end");
    } else if (r.complete != f.complete || r.blocked != 0) {
      state.SkipWithError("other counts than published");
    }
  }
}

class ratio_reporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override {
    std::printf("%-12s %10s %8s %8s %12s %12s %7s\n", "family", "complete", "blocked", "time",
                "exec/s", "GenMC", "ratio");
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    const Run* best = nullptr;
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      if (run.error_occurred) {
        std::printf("%-12s %s\n", run.run_name.function_name.c_str(), run.error_message.c_str());
        failed = true;
        return;
      }
      if (best == nullptr || run.real_accumulated_time < best->real_accumulated_time) best = &run;
    }
    if (best == nullptr) return;
    const double complete = best->counters.at("complete");
    const double blocked = best->counters.at("blocked"), anchor = best->counters.at("anchor");
    const double rate = complete / best->real_accumulated_time, ratio = rate / anchor;
    std::printf("%-12s %10.0f %8.0f %6.2f s %12.0f %12.0f %7.1f\n",
                best->run_name.function_name.c_str(), complete, blocked,
                best->real_accumulated_time, rate, anchor, ratio);
    std::fflush(stdout);
    logarithms_ += std::log(ratio);
    least_ = count_ == 0 ? ratio : std::min(least_, ratio);
    ++count_;
  }

  void Finalize() override {
    if (count_ == 0) return;
    std::printf("geometric mean %.1f, least %.1f times GenMC 0.11, best of three runs each\n",
                std::exp(logarithms_ / count_), least_);
  }

  bool failed = false;

 private:
  double logarithms_ = 0, least_ = 0;
  int count_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && argv[1] == explore_alone) return explore_and_tell(std::stoull(argv[2]));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const family& f : families())
    benchmark::RegisterBenchmark(f.name.data(), explore, f)
        ->Iterations(1)
        ->Repetitions(3)
        ->UseRealTime();
  ratio_reporter reporter;
  const bool any = benchmark::RunSpecifiedBenchmarks(&reporter) != 0;
  const std::string filter = benchmark::GetBenchmarkFilter();
  if (filter.empty() || filter == "." || filter == "all") print_scale();
  benchmark::Shutdown();
  return !any ? 2 : reporter.failed ? 1 : 0;
}
