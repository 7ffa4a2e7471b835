// How fast programs are explored as they are, beside the same programs through the library's
// backend: executions per second, for a second each, the best of three turns.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tool/child.hpp"

namespace {

namespace tool = pawl::check::tool;
using rates = std::map<std::string, double>;

// Of each model, blocked executions taking their time for nothing.
void measure(const std::string& executable, rates& best) {
  const tool::ending ended =
      tool::run_child({executable, "--time", "1", "--no-leaks", "--quiet", "--json", "-"},
                      tool::child_output::captured);
  const auto report = nlohmann::json::parse(ended.output);
  for (const auto& each : report.at("models")) {
    const double rate = each.at("complete").get<double>() / each.at("seconds").get<double>();
    double& known = best[each.at("name").get<std::string>()];
    known = std::max(known, rate);
  }
}

}  // namespace

int main() {
  constexpr int turns = 3;
  rates library, hooks;
  for (int i = 0; i < turns; ++i) {
    measure(PAWL_MODELS_ON_LIBRARY, library);
    measure(PAWL_MODELS_WITH_HOOKS, hooks);
  }
  std::printf("%-12s %12s %12s %7s\n", "program", "library/s", "hooks/s", "ratio");
  double logarithms = 0, least = 1e9;
  for (const auto& [name, rate] : library) {
    const double ratio = hooks.at(name) / rate;
    std::printf("%-12s %12.0f %12.0f %7.2f\n", name.c_str(), rate, hooks.at(name), ratio);
    logarithms += std::log(ratio);
    least = std::min(least, ratio);
  }
  std::printf("geometric mean %.2f, least %.2f of the library's rate\n",
              std::exp(logarithms / static_cast<double>(library.size())), least);
}
