#include "scale.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include <pawl/check/explore.hpp>

#include "families.hpp"

namespace {

using pawl::check::options;
using pawl::check::report;
using clock_type = std::chrono::steady_clock;

double seconds_of(const std::function<void()>& run) {
  const auto begin = clock_type::now();
  run();
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

double seconds_with(unsigned jobs, const family& f) {
  options o;
  o.jobs = jobs;
  o.snapshots = pawl::check::snapshot_use::automatic;
  double best = 1e9;
  for (int i = 0; i < 3; ++i)
    best = std::min(best, seconds_of([&] {
                      const report r = pawl::check::explore(f.program, o);
                      if (r.complete != f.complete)
                        std::printf("%s: other counts\n", f.name.c_str());
                    }));
  return best;
}

// What a process of its own uses.
struct usage {
  double seconds = 0;
  double mebibytes = 0;  // At most resident.
  bool succeeded = false;
};

usage usage_of(const std::function<int()>& run) {
  std::fflush(stdout);
  usage out;
  out.seconds = seconds_of([&] {
    const pid_t child = fork();
    if (child == 0) _exit(run());
    int status = 0;
    rusage used{};
    out.succeeded = child > 0 && wait4(child, &status, 0, &used) == child && status == 0;
    out.mebibytes = static_cast<double>(used.ru_maxrss) / 1024;
  });
  return out;
}

int explore_some(const family& f, std::uint64_t executions) {
  options o;
  o.executions = executions;
  o.snapshots = pawl::check::snapshot_use::automatic;
  return pawl::check::explore(f.program, o).complete == executions ? 0 : 1;
}

}  // namespace

void print_scale() {
  for (const family& f : wide_families()) {
    const double one = seconds_with(1, f), two = seconds_with(2, f);
    std::printf(
        "two jobs: %-12s %10llu executions, %5.2f s with one, %5.2f s with two: %.2f times\n",
        f.name.c_str(), static_cast<unsigned long long>(f.complete), one, two, one / two);
  }
  for (const std::uint64_t n : {10'000u, 10'000'000u}) {
    const usage u = usage_of([&] { return explore_some(endless_family(), n); });
    std::printf("memory: %10llu executions in %5.2f s, %.1f MiB resident%s\n",
                static_cast<unsigned long long>(n), u.seconds, u.mebibytes,
                u.succeeded ? "" : " (failed)");
  }
  usage least{.seconds = 1e9};
  for (int i = 0; i < 20; ++i) {
    const usage u = usage_of([] {
      execl("/proc/self/exe", "checker", explore_once.data(), nullptr);
      return 1;
    });
    if (u.succeeded && u.seconds < least.seconds) least = u;
  }
  std::printf("start-up: %.1f ms from start to verdict, %.1f MiB resident\n", 1e3 * least.seconds,
              least.mebibytes);
}

int explore_tiny_program() {
  return pawl::check::explore(tiny_program).verdict == pawl::check::verdict::clean ? 0 : 1;
}
