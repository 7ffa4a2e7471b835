#include "report/fold.hpp"

#include <unordered_map>

#include "report/describe.hpp"

namespace pawl::check::reporting {
namespace {

/// For each step: must it be told?
std::vector<bool> telling_steps(const failure& f) {
  const auto& steps = f.steps;
  std::vector<bool> telling(steps.size());
  std::unordered_map<unsigned, std::size_t> index_of_row;
  for (std::size_t i = 0; i < steps.size(); ++i) index_of_row.emplace(steps[i].row, i);

  const std::size_t failing = failing_step(f);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const step& s = steps[i];
    const bool begins = i == 0 || steps[i - 1].thread != s.thread;
    const bool ends = i + 1 == steps.size() || steps[i + 1].thread != s.thread;
    const bool near_failure = i + 2 >= failing && i <= failing + 2;
    const bool about_threads = s.operation == "spawn" || s.operation == "join";
    if (begins || ends || near_failure || about_threads || s.stale || s.failed) telling[i] = true;
    if (!s.reads_from) continue;
    const auto source = index_of_row.find(*s.reads_from);
    if (source == index_of_row.end() || steps[source->second].thread == s.thread) continue;
    telling[i] = telling[source->second] = true;
  }
  return telling;
}

}  // namespace

std::vector<run> fold(const failure& f, std::size_t shortest) {
  const std::vector<bool> telling = telling_steps(f);
  std::vector<run> runs;
  for (std::size_t from = 0; from < telling.size();) {
    std::size_t to = from;
    // Turns begin and end with a telling step, so a silent stretch belongs to one thread.
    while (to < telling.size() && telling[to] == telling[from]) ++to;
    runs.push_back({from, to, !telling[from] && to - from >= shortest});
    from = to;
  }
  return runs;
}

}  // namespace pawl::check::reporting
