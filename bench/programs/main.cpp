// How fast programs are explored as they are, beside the same programs through the library's
// backend: executions per second of the same executions, of each the best of some turns. Both take
// turns within a second, and all programs within a quarter of a minute, since a machine is not as
// fast at all times, and may be slow for a while.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tool/child.hpp"

namespace {

namespace tool = pawl::check::tool;

nlohmann::json explore(std::vector<std::string> command) {
  command.insert(command.end(), {"--no-leaks", "--quiet", "--json", "-"});
  return nlohmann::json::parse(tool::run_child(command, tool::child_output::captured).output);
}

std::vector<std::string> names_of(const std::string& executable) {
  std::vector<std::string> names;
  const auto report = explore({executable, "--executions", "1"});
  for (const auto& each : report.at("models")) names.push_back(each.at("name").get<std::string>());
  return names;
}

// Complete executions per second, blocked ones taking their time for nothing.
double rate_of(const std::string& executable, const std::string& name) {
  setenv("PAWL_BENCH_PROGRAM", name.c_str(), 1);
  const auto report = explore({executable, "--run", name, "--executions", "30000"});
  const auto& model = report.at("models").at(0);
  return model.at("complete").get<double>() / model.at("seconds").get<double>();
}

struct rates {
  std::string name;
  double library = 0, hooks = 0;
  [[nodiscard]] double ratio() const { return hooks / library; }
};

}  // namespace

int main() {
  constexpr int turns = 16;
  std::vector<rates> all;
  for (const std::string& name : names_of(PAWL_MODELS_ON_LIBRARY)) all.push_back({name});
  for (int turn = 1; turn <= turns; ++turn) {
    std::fprintf(stderr, "turn %d of %d\n", turn, turns);
    for (rates& each : all) {
      each.library = std::max(each.library, rate_of(PAWL_MODELS_ON_LIBRARY, each.name));
      each.hooks = std::max(each.hooks, rate_of(PAWL_MODELS_WITH_HOOKS, each.name));
    }
  }
  std::printf("%-12s %12s %12s %7s\n", "program", "library/s", "hooks/s", "ratio");
  double logarithms = 0, least = 1e9;
  for (const rates& each : all) {
    std::printf("%-12s %12.0f %12.0f %7.2f\n", each.name.c_str(), each.library, each.hooks,
                each.ratio());
    logarithms += std::log(each.ratio());
    least = std::min(least, each.ratio());
  }
  std::printf("geometric mean %.2f, least %.2f of the library's rate\n",
              std::exp(logarithms / static_cast<double>(all.size())), least);
}
