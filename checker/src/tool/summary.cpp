#include "tool/summary.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "report/canvas.hpp"
#include "report/command.hpp"
#include "report/figures.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"

namespace pawl::check::tool {
namespace {

using namespace reporting;

constexpr std::size_t badge_width = 5, narrowest_bounds = 16, narrowest_name = 12,
                      usual_figures = 36;

struct tally {
  std::size_t passed = 0, failed = 0, errors = 0, limited = 0;
  std::uint64_t complete = 0, blocked = 0;
  double seconds = 0;

  explicit tally(const outcome& o) {
    for (const report& r : o.reports) {
      const std::string_view word = badge_of(r).word;
      passed += word == "PASS";
      failed += word == "FAIL";
      errors += word == "ERROR";
      limited += word == "LIMIT";
      complete += r.complete;
      blocked += r.blocked;
      seconds += r.seconds;
    }
  }
};

using row = std::array<std::string, 7>;  // See `column`.
enum column : std::size_t { name, word, complete, blocked, per_second, elapsed, within };

row row_of(const report& r, const text_style& style) {
  return {display_name(r),
          std::string(badge_of(r).word),
          r.options.strategy == strategy::states ? fmt::format("{} states", count(r.states))
                                                 : count(r.complete),
          count(r.blocked),
          rate(r.executions_per_second()),
          duration(r.seconds),
          bounds_in_words(r.options, style)};
}

/// Draws the rows: words to the left, figures to the right; a line each, whatever the width.
class table {
 public:
  table(const outcome& o, const text_style& style) : outcome_(o), style_(style) {
    rows_.push_back({"model", "verdict", "complete", "blocked", "exec/s", "time", "within"});
    for (const report& r : o.reports) rows_.push_back(row_of(r, style));
    for (const row& r : rows_)
      for (std::size_t i = 0; i < r.size(); ++i) widths_[i] = std::max(widths_[i], width(r[i]));
    fit();
  }

  std::string draw() {
    line(rows_[0], ink::plain, ink::plain);
    for (std::size_t i = 0; i < outcome_.reports.size(); ++i)
      line(rows_[i + 1], badge_of(outcome_.reports[i]).colour, ink::dim);
    return std::move(text_);
  }

 private:
  static constexpr std::size_t gap = 2;

  /// Where the columns `from` to `to` end, if the first of them begins at 0.
  [[nodiscard]] std::size_t extent(std::size_t from, std::size_t to) const {
    std::size_t end = 0;
    for (std::size_t i = from; i < to; ++i)
      if (widths_[i] > 0) end += widths_[i] + (end > 0 ? gap : 0);
    return end;
  }

  /// A column of no width is left out.
  void fit() {
    const std::size_t columns = style_.columns, left = extent(name, within) + gap;
    widths_[within] = left + narrowest_bounds <= columns ? columns - left : 0;
    if (extent(name, within) > columns) widths_[per_second] = 0;
    const std::size_t figures = extent(word, within) + gap;
    if (widths_[name] + figures > columns)
      widths_[name] = std::max(narrowest_name, columns - std::min(columns, figures));
  }

  void line(const row& r, ink verdict, ink bounds) {
    canvas_line cells(std::max<std::size_t>(style_.columns, extent(name, within)));
    std::size_t at = 0;
    for (std::size_t i = 0; i < r.size(); ++i) {
      const std::size_t room = widths_[i];
      if (room == 0) continue;
      if (i == name || i == word) {
        cells.put(at, cut_middle(r[i], room), i == word ? verdict : ink::plain);
      } else if (i == within) {
        cells.put(at, cut(r[i], room), bounds);
      } else {
        cells.put(at, right(r[i], room));
      }
      at += room + gap;
    }
    text_ += cells.render(style_) + '\n';
  }

  const outcome& outcome_;
  const text_style& style_;
  std::vector<row> rows_;
  std::array<std::size_t, 7> widths_{};
  std::string text_;
};

/// A line of the list that grows while the models run.
std::string list_line(badge mark, std::string_view name, std::size_t name_width,
                      std::string_view rest, const text_style& style) {
  // What is usual is reserved for all, so that the names of most lines are equally wide.
  const std::size_t figures = badge_width + 4 + std::max(usual_figures, width(rest));
  const std::size_t room = style.columns - std::min<std::size_t>(style.columns, figures);
  return paint(style, mark.colour, left(mark.word, badge_width)) + "  " +
         encode(style, left(cut_middle(name, room), std::min(room, name_width))) + "  " +
         std::string(rest) + "\n";
}

void append(std::string& list, std::size_t n, std::string_view what) {
  if (n > 0) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", n, what);
}

}  // namespace

std::string result_line(const report& r, std::size_t name_width, const text_style& style) {
  std::string figures = counts_in_words(r);
  if (badge_width + 4 + name_width + width(figures) > style.columns)
    figures = counts_in_words(r, false);
  std::string line = list_line(badge_of(r), display_name(r), name_width, figures, style);
  if (!r.racing.empty())
    for (const std::string& piece :
         wrap("racing " + racing_in_words(r), style.columns - badge_width - 2))
      line += std::string(badge_width + 2, ' ') + encode(style, piece) + "\n";
  return line;
}

std::string skip_line(std::string_view model, std::size_t name_width, const text_style& style) {
  return list_line({"SKIP", ink::yellow}, model, name_width, "only --full runs it", style);
}

std::string final_table(const outcome& o, const text_style& style) {
  return table(o, style).draw();
}

std::string totals(const outcome& o, const text_style& style) {
  const tally sum(o);
  std::string parts;
  append(parts, sum.passed, "passed");
  append(parts, sum.failed, "failed");
  append(parts, sum.errors, sum.errors == 1 ? "error" : "errors");
  append(parts, sum.limited, "stopped early");
  append(parts, o.skipped.size(), "skipped (only --full runs them)");
  append(parts, o.not_run, "not run");
  const std::size_t runs = o.reports.size() + o.skipped.size() + o.not_run;
  std::size_t models = runs;  // One may have run twice, once for each place to resume.
  for (std::size_t i = 1; i < o.reports.size(); ++i)
    if (o.reports[i].model == o.reports[i - 1].model) --models;
  const std::string text =
      fmt::format("{}{} {}{}: {}; {} complete and {} blocked executions in {}",
                  o.interrupted ? "interrupted: " : "", models, models == 1 ? "model" : "models",
                  models == runs ? "" : fmt::format(", {} runs", runs), parts, count(sum.complete),
                  count(sum.blocked), duration(sum.seconds));
  std::string lines;
  for (const std::string& piece : wrap(text, style.columns)) lines += piece + "\n";
  return lines;
}

int exit_code(const outcome& o) {
  const tally sum(o);
  if (sum.failed > 0) return 1;
  if (sum.errors > 0) return 2;
  if (sum.limited > 0 || o.interrupted) return 3;
  return o.reports.empty() ? 77 : 0;
}

}  // namespace pawl::check::tool
