// How fast programs are explored as they are, beside the same programs through the library's
// backend: executions per second of the same executions, of each the best of some turns. Both take
// turns within a second, since a machine is not as fast at all times.

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

}  // namespace

int main() {
  constexpr int turns = 16;
  std::printf("%-12s %12s %12s %7s\n", "program", "library/s", "hooks/s", "ratio");
  double logarithms = 0, least = 1e9;
  const std::vector<std::string> names = names_of(PAWL_MODELS_ON_LIBRARY);
  for (const std::string& name : names) {
    double library = 0, hooks = 0;
    for (int i = 0; i < turns; ++i) {
      library = std::max(library, rate_of(PAWL_MODELS_ON_LIBRARY, name));
      hooks = std::max(hooks, rate_of(PAWL_MODELS_WITH_HOOKS, name));
    }
    const double ratio = hooks / library;
    std::printf("%-12s %12.0f %12.0f %7.2f\n", name.c_str(), library, hooks, ratio);
    logarithms += std::log(ratio);
    least = std::min(least, ratio);
  }
  std::printf("geometric mean %.2f, least %.2f of the library's rate\n",
              std::exp(logarithms / static_cast<double>(names.size())), least);
}
