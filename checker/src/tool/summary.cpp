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

constexpr std::size_t badge_width = 5, narrowest_bounds = 32;

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

using row = std::array<std::string, 6>;  // Name, verdict, complete, blocked, rate, time.

row row_of(const report& r) {
  return {display_name(r),  std::string(badge_of(r).word),   count(r.complete),
          count(r.blocked), rate(r.executions_per_second()), duration(r.seconds)};
}

/// Draws the rows: words to the left, figures to the right, the bounds behind them or, where there
/// is no room, below.
class table {
 public:
  table(const outcome& o, const text_style& style) : outcome_(o), style_(style) {
    rows_.push_back({"model", "verdict", "complete", "blocked", "exec/s", "time"});
    for (const report& r : o.reports) rows_.push_back(row_of(r));
    for (const row& r : rows_)
      for (std::size_t i = 0; i < r.size(); ++i) widths_[i] = std::max(widths_[i], width(r[i]));
    for (const std::size_t w : widths_) bounds_at_ += w + gap;
    beside_ = bounds_at_ + narrowest_bounds <= style.columns;
  }

  std::string draw() {
    line(rows_[0], beside_ ? "within" : "", ink::plain);
    for (std::size_t i = 0; i < outcome_.reports.size(); ++i) {
      const report& r = outcome_.reports[i];
      line(rows_[i + 1], bounds_in_words(r.options.bounds, style_), badge_of(r).colour);
    }
    return std::move(text_);
  }

 private:
  static constexpr std::size_t gap = 2, indent_below = 4;

  void line(const row& r, std::string_view bounds, ink verdict) {
    canvas_line cells = blank();
    std::size_t column = 0;
    for (std::size_t i = 0; i < r.size(); ++i) {
      const bool word = i < 2;
      cells.put(column, word ? left(r[i], widths_[i]) : right(r[i], widths_[i]),
                i == 1 ? verdict : ink::plain);
      column += widths_[i] + gap;
    }
    const std::size_t at = beside_ ? bounds_at_ : indent_below;
    bool same_line = beside_;
    for (const std::string& piece : wrap(bounds, style_.columns - at)) {
      if (!same_line) {
        emit(cells);
        if (piece.empty()) return;
        cells = blank();
      }
      cells.put(at, piece, ink::dim);
      same_line = false;
    }
    emit(cells);
  }

  [[nodiscard]] canvas_line blank() const {
    return canvas_line(std::max<std::size_t>(style_.columns, bounds_at_));
  }
  void emit(const canvas_line& line) { text_ += line.render(style_) + '\n'; }

  const outcome& outcome_;
  const text_style& style_;
  std::vector<row> rows_;
  std::array<std::size_t, 6> widths_{};
  std::size_t bounds_at_ = 0;
  bool beside_ = false;
  std::string text_;
};

void append(std::string& list, std::size_t n, std::string_view what) {
  if (n > 0) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", n, what);
}

}  // namespace

std::string result_line(const report& r, std::size_t name_width, const text_style& style) {
  const badge mark = badge_of(r);
  return paint(style, mark.colour, left(mark.word, badge_width)) + "  " +
         encode(style, left(display_name(r), name_width)) + "  " + counts_in_words(r) + "\n";
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
