#pragma once
// One line a benchmark: its time, and how many times the limit that is.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

// Benchmarks are named group/what. The ratio is taken to group/limit if there is one, else to
// uncontended/limit. Of a benchmark of one thread the fastest repetition counts, in processor time:
// whatever else happens on the machine only ever adds. Where threads meet, the fastest would be the
// one in which they missed each other, so it is the median, by the clock, of an operation as its
// thread sees it.
class ratio_reporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  using place = std::pair<std::int64_t, std::int64_t>;  // in the order of registration
  struct row {
    std::string name;
    bool by_clock = false;
    std::vector<double> times;  // in nanoseconds
  };

  static double judge(row r);
  double limit_of(const std::string& name) const;
  double time_of(const std::string& name) const;

  std::map<place, row> rows_;
};
