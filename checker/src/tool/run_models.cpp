#include "tool/run_models.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <pawl/check/checkpoint.hpp>
#include <pawl/check/explore.hpp>
#include <pawl/check/model.hpp>

#include "report/command.hpp"
#include "report/figures.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "report/output_file.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"
#include "tool/command_line.hpp"
#include "tool/forecast.hpp"
#include "tool/interrupt.hpp"
#include "tool/live_line.hpp"
#include "tool/select.hpp"
#include "tool/summary.hpp"
#include "tool/usage_error.hpp"

namespace pawl::check {
namespace tool {
namespace {

constexpr int exit_usage = 2;

std::vector<model*> selected(const request& wish) {
  const std::span<model* const> all = models();
  if (all.empty()) throw usage_error("this program has no models");
  std::vector<std::string> names;
  for (const model* m : all) {
    if (!names.empty() && names.back() == m->name) {
      const model* other = all[names.size() - 1];
      throw usage_error(fmt::format("two models are named '{}': {}:{} and {}:{}", m->name,
                                    other->file, other->line, m->file, m->line));
    }
    names.emplace_back(m->name);
  }
  std::vector<model*> chosen;
  for (const std::size_t i : select(wish.globs, names)) chosen.push_back(all[i]);
  if (!wish.options.replay.empty() && chosen.size() != 1)
    throw usage_error(
        fmt::format("--replay: a token reproduces one model, but {} are selected; add --run NAME",
                    chosen.size()));
  return chosen;
}

/// One run of the selected models.
class session {
 public:
  session(const reporting::invocation& program, request wish, console c)
      : program_(program),
        wish_(std::move(wish)),
        models_(selected(wish_)),
        console_(std::move(c)) {
    const bool out_is_taken = wish_.json == "-" || wish_.junit == "-";
    text_ = out_is_taken ? console_.error : console_.out;
    text_.style.program = program_;
    if (wish_.columns) text_.style.columns = *wish_.columns;
    if (wish_.quiet) text_.live = false;
    std::ostream& out = *console_.out.stream;
    if (!wish_.json.empty())
      json_ = std::make_unique<reporting::output_file>("--json", wish_.json, out);
    if (!wish_.junit.empty())
      junit_ = std::make_unique<reporting::output_file>("--junit", wish_.junit, out);
    if (!wish_.report_directory.empty() && wish_.action == action::run)
      reporting::prepare_directory("--report", wish_.report_directory);
  }

  int list() {
    std::size_t widest = 0;
    for (const model* m : models_) widest = std::max(widest, reporting::width(m->name));
    if (json_) json_->write(reporting::json_text(reporting::to_json(std::span(models_))));
    if (wish_.json == "-") return 0;
    for (const model* m : models_) {
      *text_.stream << (wish_.action == action::list_names || m->shows.empty()
                            ? std::string(m->name)
                            : reporting::left(m->name, widest) + "  " + std::string(m->shows))
                    << '\n';
    }
    return 0;
  }

  int run() {
    {
      const interrupt_guard interrupt;
      for (const model* m : models_)
        if (is_skipped(*m)) {
          skip(*m);
        } else {
          for (const resumption where : wish_.resumptions) explore_one(*m, where, interrupt);
        }
    }
    finish();
    return exit_code(outcome_);
  }

 private:
  [[nodiscard]] bool is_skipped(const model& m) const {
    return m.bounds.full && !wish_.full && wish_.options.replay.empty();
  }

  void skip(const model& m) {
    outcome_.skipped.push_back(m.name);
    if (wish_.quiet) return;
    *text_.stream << skip_line(m.name, name_width(), text_.style) << std::flush;
    needs_gap_ = true;
  }

  void explore_one(const model& m, resumption where, const interrupt_guard& interrupt) {
    if (interrupt.requested()) {
      ++outcome_.not_run;
      outcome_.interrupted = true;
      return;
    }
    options asked = wish_.options;
    asked.resumption = where;
    asked.bounds = m.bounds;
    asked.model = m.name;
    if (m.bounds.by_states && is_plain(asked)) {
      asked.strategy = strategy::states;
      asked.memory_model = memory_model::sc;
    }
    live_line live(text_);
    plain_lines plain;
    bool estimated = false;
    const auto tell_estimate = [&](const std::optional<estimation>& e) {
      if (!e || std::exchange(estimated, true) || wish_.quiet) return;
      live.clear();
      *text_.stream << estimate_text(m.name, *e, text_.style) << '\n' << std::flush;
    };
    const auto watch = [&](const progress& now) {
      tell_estimate(now.before);
      live.show(position() + progress_text(m.name, now));
      if (!text_.live && !wish_.quiet && plain.due(now.seconds))
        *console_.error.stream << position() << progress_text(m.name, now) << std::endl;
      return !interrupt.requested();
    };
    live.show(position() + progress_text(m.name, {}));
    report r = explore(m.body, asked, watch);
    live.clear();
    tell_estimate(r.before);
    r.model = m.name;
    r.summary = m.shows;
    if (asked.replay.empty()) r.options = asked;  // Else by those that the token fixes.
    outcome_.interrupted |= interrupt.requested() && r.verdict == verdict::limited;
    tell(r);
    outcome_.reports.push_back(std::move(r));
  }

  /// True if nothing is asked for that only the exhaustive search can do.
  static bool is_plain(const options& o) {
    return o.strategy == strategy::exhaustive && o.replay.empty() && o.checkpoint.empty() &&
           (o.memory_model == memory_model::rc11 || o.memory_model == memory_model::sc) &&
           !o.shard && !o.preemptions && !o.stall && !o.estimate && o.weak_cas_fails == 0;
  }

  /// Which of the models runs, and which part of it.
  [[nodiscard]] std::string position() const {
    const auto running = std::count_if(models_.begin(), models_.end(),
                                       [&](const model* each) { return !is_skipped(*each); });
    const std::size_t total = static_cast<std::size_t>(running) * wish_.resumptions.size();
    const auto& part = wish_.options.shard;
    return fmt::format("[{}/{}]  {}", outcome_.reports.size() + 1, total,
                       part ? fmt::format("shard {} of {}  ", part->number, part->count) : "");
  }

  [[nodiscard]] std::size_t name_width() const {
    std::size_t widest = 0;
    for (const model* m : models_)
      for (const resumption where : wish_.resumptions)
        widest = std::max(widest, reporting::width(reporting::display_name(m->name, where)));
    return widest;
  }

  /// Prints a result as soon as it is known.
  void tell(const report& r) {
    std::ostream& out = *text_.stream;
    if (r.ok()) {
      if (!wish_.quiet) out << result_line(r, name_width(), text_.style) << std::flush;
      if (!r.message.empty() && wish_.options.checkpoint.empty())
        *console_.error.stream << program_.title << ": " << r.message << std::endl;
      needs_gap_ = true;
      return;
    }
    out << (needs_gap_ ? "\n" : "") << render(r, text_.style);
    if (r.error && !wish_.report_directory.empty()) {
      const std::string path = wish_.report_directory + "/" + reporting::html_file_name(r);
      std::ostream& standard = *console_.out.stream;
      reporting::output_file("--report", path, standard).write(reporting::html_page(r, program_));
      out << "page        " << path << '\n';
    }
    out << '\n' << std::flush;
    needs_gap_ = false;
  }

  /// The file is removed when no search is left to go on with, of this run or another.
  void settle_checkpoint() {
    const std::string& path = wish_.options.checkpoint;
    if (path.empty()) return;
    std::size_t left = outcome_.not_run, refused = 0;
    std::string problem;
    for (const report& r : outcome_.reports) {
      left += r.verdict == verdict::limited ? 1 : 0;
      refused += r.verdict == verdict::refused ? 1 : 0;
      if (r.verdict == verdict::limited && !r.message.empty()) problem = r.message;
    }
    if (left + refused == 0) {
      if (holds_unfinished(path)) return;
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    } else if (!problem.empty()) {
      *console_.error.stream << program_.title << ": " << problem << std::endl;
    } else if (left > 0 && !wish_.quiet) {
      *text_.stream << fmt::format("{} holds how far this came; the same command goes on\n", path)
                    << std::flush;
    }
  }

  void finish() {
    if (!wish_.quiet || outcome_.interrupted) {
      const std::size_t rows = outcome_.reports.size();
      if (needs_gap_) *text_.stream << '\n';
      if (rows > 0) *text_.stream << final_table(outcome_, text_.style);
      if (rows != 1 || outcome_.interrupted || !outcome_.skipped.empty())
        *text_.stream << (rows > 0 ? "\n" : "") << totals(outcome_, text_.style);
      text_.stream->flush();
    }
    settle_checkpoint();
    if (json_) json_->write(reporting::json_text(reporting::to_json(std::span(outcome_.reports))));
    if (junit_) junit_->write(reporting::junit_text(program_, outcome_.reports, outcome_.skipped));
  }

  reporting::invocation program_;
  request wish_;
  std::vector<model*> models_;
  console console_;
  terminal text_;
  std::unique_ptr<reporting::output_file> json_, junit_;
  outcome outcome_;
  bool needs_gap_ = false;  ///< The last line printed belongs to a list; an empty one ends it.
};

}  // namespace

int run_models(const reporting::invocation& program, std::vector<std::string> arguments,
               console c) {
  try {
    const auto parsed = parse_command_line(program.title, std::move(arguments),
                                           program.has_models ? subject::models : subject::program);
    if (const auto* reply = std::get_if<answer>(&parsed)) {
      *c.out.stream << reply->text << std::flush;
      return 0;
    }
    const request& wish = std::get<request>(parsed);
    if (!program.has_models && !wish.globs.empty())
      throw usage_error(fmt::format(
          "'{}' is no option; arguments of the program stand before --pawl", wish.globs[0]));
    session s(program, wish, c);
    const int code = wish.action == action::run ? s.run() : s.list();
    if (c.out.stream->flush()) return code;
    *c.error.stream << program.title << ": cannot write to standard output\n";
  } catch (const usage_error& error) {
    *c.error.stream << program.title << ": " << error.what() << "\nTry '" << program.title
                    << " --help'.\n";
  } catch (const std::exception& error) {
    *c.error.stream << program.title << ": " << error.what() << '\n';
  }
  return exit_usage;
}

console standard_console() {
  using reporting::is_terminal, reporting::style_of;
  return {{&std::cout, style_of(STDOUT_FILENO), is_terminal(STDOUT_FILENO)},
          {&std::cerr, style_of(STDERR_FILENO), is_terminal(STDERR_FILENO)}};
}

}  // namespace tool

int run_models(int argc, char** argv) {
  const std::string program = argc > 0 ? argv[0] : "models";
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  return tool::run_models(program, std::move(arguments), tool::standard_console());
}

}  // namespace pawl::check
