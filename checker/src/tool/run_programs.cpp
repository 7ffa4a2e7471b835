#include "tool/run_programs.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/json.hpp"
#include "report/output_file.hpp"
#include "tool/child.hpp"
#include "tool/command_line.hpp"
#include "tool/interrupt.hpp"
#include "tool/scratch.hpp"
#include "tool/select.hpp"
#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

constexpr int exit_usage = 2, exit_stopped = 3, exit_skipped = 77;

/// A model executable and what was asked of it.
struct program {
  std::string path;
  std::vector<std::string> models;
};

/// The models in what `--list --json -` printed; none if it is something else. Any program prints
/// something, so names alone would prove nothing.
std::vector<std::string> listed_models(const std::string& text) {
  const auto list = nlohmann::json::parse(text, nullptr, false);
  std::vector<std::string> names;
  if (!list.is_object() || !list.contains("models") || !list["models"].is_array()) return {};
  for (const auto& m : list["models"]) {
    if (!m.is_object() || !m.contains("name") || !m["name"].is_string()) return {};
    names.push_back(m["name"].get<std::string>());
  }
  return names;
}

/// Throws, if `path` did not do as a model executable does.
std::vector<std::string> models_of(const std::string& path) {
  const auto refuse = [&](const std::string& what) {
    return usage_error(
        fmt::format("run: '{}' is no model executable: with --list --json -, it {}", path, what));
  };
  const ending end = run_child({path, "--list", "--json", "-"}, child_output::captured);
  if (end.signal != 0)
    throw refuse(fmt::format("was ended by signal {} ({})", end.signal, strsignal(end.signal)));
  if (end.code != 0) throw refuse(fmt::format("ended with exit code {}", end.code));
  if (end.output.empty()) throw refuse("printed nothing");
  std::vector<std::string> names = listed_models(end.output);
  if (names.empty()) throw refuse("printed no list of models");
  return names;
}

/// Asks each program for its models.
std::vector<program> open_programs(const std::vector<std::string>& paths) {
  if (paths.empty()) throw usage_error("run: no PROGRAM is given");
  std::vector<program> all;
  all.reserve(paths.size());
  for (const std::string& path : paths) all.push_back({path, models_of(path)});
  return all;
}

/// Keeps in each program the models that are selected.
void choose(std::vector<program>& programs, const request& wish) {
  std::vector<std::string> names;
  for (const program& p : programs) names.insert(names.end(), p.models.begin(), p.models.end());
  const std::vector<std::size_t> chosen = select(wish.globs, names);
  if (!wish.options.replay.empty() && chosen.size() != 1)
    throw usage_error(
        fmt::format("--replay: a token reproduces one model, but {} are selected; add --run NAME",
                    chosen.size()));
  std::size_t first = 0;
  for (program& p : programs) {
    std::vector<std::string> kept;
    for (const std::size_t i : chosen)
      if (i >= first && i < first + p.models.size()) kept.push_back(names[i]);
    first += p.models.size();
    p.models = std::move(kept);
  }
  std::erase_if(programs, [](const program& p) { return p.models.empty(); });
}

/// The exit codes of the programs as one.
class merged_code {
 public:
  void add(int code) {
    const bool skipped = code == exit_skipped;
    if (code != 0 && code != 1 && code != exit_stopped && !skipped) code = exit_usage;
    if (!skipped) all_skipped_ = false;
    if (rank(code) > rank(worst_)) worst_ = code;
  }
  [[nodiscard]] int value() const { return all_skipped_ ? exit_skipped : worst_; }

 private:
  static int rank(int code) {
    switch (code) {
      case 1:
        return 3;
      case exit_usage:
        return 2;
      case exit_stopped:
        return 1;
      default:
        return 0;
    }
  }
  int worst_ = 0;
  bool all_skipped_ = true;
};

/// Appends the models that a program reported.
void merge(nlohmann::ordered_json& all, const std::string& file) {
  std::ifstream stream(file);
  const auto part = nlohmann::ordered_json::parse(stream, nullptr, false);
  if (!part.is_object() || !part.contains("models")) return;  // It ended before it reported.
  for (const auto& m : part["models"]) all["models"].push_back(m);
}

std::vector<std::string> command(const program& p, const request& wish) {
  std::vector<std::string> words{p.path};
  for (const std::string& name : p.models) words.insert(words.end(), {"--run", literal_glob(name)});
  words.insert(words.end(), wish.forwarded.begin(), wish.forwarded.end());
  return words;
}

}  // namespace

int run_programs(const std::vector<std::string>& arguments, const console& c) {
  const auto options = std::find_if(arguments.begin(), arguments.end(),
                                    [](const std::string& word) { return word.starts_with('-'); });
  const auto parsed = parse_command_line("pawl run PROGRAM...", {options, arguments.end()});
  if (const auto* reply = std::get_if<answer>(&parsed)) {
    *c.out.stream << reply->text << std::flush;
    return 0;
  }
  const request& wish = std::get<request>(parsed);
  std::vector<program> programs = open_programs({arguments.begin(), options});
  choose(programs, wish);
  if (programs.size() > 1 && !wish.junit.empty())
    throw usage_error("--junit: takes one program; run each with a file of its own");
  if (programs.size() > 1 && !wish.options.checkpoint.empty())
    throw usage_error("--checkpoint: takes one program; run each with a file of its own");

  std::unique_ptr<reporting::output_file> json;
  const scratch directory;
  const std::string part = directory.path() + "/models.json";
  if (!wish.json.empty())
    json = std::make_unique<reporting::output_file>("--json", wish.json, *c.out.stream);
  nlohmann::ordered_json all{{"models", nlohmann::ordered_json::array()}};

  const interrupt_guard interrupt;
  merged_code code;
  for (const program& p : programs) {
    if (interrupt.requested()) {
      code.add(exit_stopped);
      break;
    }
    std::vector<std::string> words = command(p, wish);
    if (json) words.insert(words.end(), {"--json", part});
    const ending end =
        run_child(words, wish.json == "-" ? child_output::to_error : child_output::shared);
    if (end.signal != 0)
      *c.error.stream << fmt::format("pawl: '{}' was ended by signal {} ({})\n", p.path, end.signal,
                                     strsignal(end.signal));
    code.add(end.signal != 0 ? exit_usage : end.code);
    if (json) merge(all, part);
    std::filesystem::remove(part);
  }
  if (json) json->write(reporting::json_text(all));
  return code.value();
}

}  // namespace pawl::check::tool
