#include "ratio_reporter.hpp"

#include <algorithm>
#include <cstdio>

namespace {

std::string name_of(const benchmark::BenchmarkName& name) {
  return name.args.empty() ? name.function_name : name.function_name + '/' + name.args;
}

}  // namespace

bool ratio_reporter::ReportContext(const Context& context) {
  PrintBasicContext(&GetErrorStream(), context);
  return true;
}

void ratio_reporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
    row& r = rows_[{run.family_index, run.per_family_instance_index}];
    r.name = name_of(run.run_name);
    r.by_clock = !run.run_name.time_type.empty();
    const double time = r.by_clock ? run.GetAdjustedRealTime() * static_cast<double>(run.threads)
                                   : run.GetAdjustedCPUTime();
    r.times.push_back(time * 1e9 / benchmark::GetTimeUnitMultiplier(run.time_unit));
  }
}

void ratio_reporter::Finalize() {
  std::printf("%-36s %12s %9s\n", "benchmark", "ns", "vs limit");
  for (const auto& [where, r] : rows_) {
    const double time = judge(r);
    const double limit = limit_of(r.name);
    std::printf("%-36s %12.2f", r.name.c_str(), time);
    limit > 0 ? std::printf(" %9.2f", time / limit) : std::printf(" %9s", "-");
    std::printf("  %s of %zu\n", r.by_clock ? "median" : "best", r.times.size());
  }
}

// Precondition: there are times.
double ratio_reporter::judge(row r) {
  std::sort(r.times.begin(), r.times.end());
  return r.by_clock ? r.times[r.times.size() / 2] : r.times.front();
}

double ratio_reporter::limit_of(const std::string& name) const {
  const double own = time_of(name.substr(0, name.find('/')) + "/limit");
  return own > 0 ? own : time_of("uncontended/limit");
}

// Returns: the time of the benchmark, 0 if it did not run.
double ratio_reporter::time_of(const std::string& name) const {
  const auto is_it = [&](const auto& entry) { return entry.second.name == name; };
  const auto found = std::find_if(rows_.begin(), rows_.end(), is_it);
  return found != rows_.end() ? judge(found->second) : 0;
}
