#include "scale.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

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

// The best of three runs; one run if it is long, and so little disturbed.
double seconds_with(unsigned jobs, const family& f) {
  constexpr double is_long = 3;
  options o;
  o.jobs = jobs;
  o.snapshots = pawl::check::snapshot_use::automatic;
  double best = 1e9;
  for (int i = 0; i < 3 && (i == 0 || best < is_long); ++i)
    best = std::min(best, seconds_of([&] {
                      const report r = pawl::check::explore(f.program, o);
                      if (r.complete != f.complete)
                        std::printf("%s: other counts\n", f.name.data());
                    }));
  return best;
}

// What a process of its own uses. What it had resident at most, it tells itself: to the system, a
// process has what the one had that started it.
struct usage {
  double seconds = 0;
  double mebibytes = 0;
};

double resident_mebibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

std::optional<usage> usage_of(std::uint64_t executions) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return std::nullopt;
  usage out;
  int status = -1;
  out.seconds = seconds_of([&] {
    const pid_t child = fork();
    if (child == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl("/proc/self/exe", "checker", explore_alone.data(), std::to_string(executions).c_str(),
            nullptr);
      _exit(1);
    }
    close(ends[1]);
    if (child > 0) waitpid(child, &status, 0);
  });
  std::FILE* const told = fdopen(ends[0], "r");
  const bool read = std::fscanf(told, "%lf", &out.mebibytes) == 1;
  std::fclose(told);
  return status == 0 && read ? std::optional(out) : std::nullopt;
}

}  // namespace

void print_scale() {
  for (const family& f : wide_families()) {
    const double one = seconds_with(1, f), two = seconds_with(2, f);
    std::printf(
        "two jobs: %-12s %10llu executions, %5.2f s with one, %5.2f s with two: %.2f times\n",
        f.name.data(), static_cast<unsigned long long>(f.complete), one, two, one / two);
  }
  for (const std::uint64_t n : {10'000u, 10'000'000u}) {
    const auto used = usage_of(n);
    std::printf("memory: %10llu executions", static_cast<unsigned long long>(n));
    if (used)
      std::printf(" in %5.2f s, %.1f MiB resident\n", used->seconds, used->mebibytes);
    else
      std::puts(": failed");
  }
  usage least{.seconds = 1e9};
  for (int i = 0; i < 20; ++i)
    if (const auto used = usage_of(0); used && used->seconds < least.seconds) least = *used;
  std::printf("start-up: %.1f ms from start to verdict, %.1f MiB resident\n", 1e3 * least.seconds,
              least.mebibytes);
}

int explore_and_tell(std::uint64_t executions) {
  options o;
  o.executions = executions;
  o.snapshots = pawl::check::snapshot_use::automatic;
  const report r = executions == 0 ? pawl::check::explore(tiny_program)
                                   : pawl::check::explore(endless_family().program, o);
  std::printf("%.1f\n", resident_mebibytes());
  const bool all =
      executions == 0 ? r.verdict == pawl::check::verdict::clean : r.complete == executions;
  return all ? 0 : 1;
}
