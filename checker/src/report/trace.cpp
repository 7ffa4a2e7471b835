#include "report/trace.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/canvas.hpp"
#include "report/describe.hpp"
#include "report/fold.hpp"
#include "report/utf8.hpp"

namespace pawl::check::reporting {
namespace {

// A column may run into the ones to its right, which are empty in its row: so columns stand closer
// together than their texts are wide, and only the last needs room for a whole operation.
constexpr std::size_t widest_table = 140, last_column = 34, widest_tag = 16;
constexpr std::size_t widest_step = 36, good_step = 16, narrowest_step = 12;

/// Where everything stands.
struct layout {
  std::size_t columns = 0;
  std::size_t number = 2;         ///< Digits of a row number.
  std::vector<unsigned> threads;  ///< Those that do something, in order.
  std::size_t step = 0;           ///< Distance of two thread columns; 0: one tagged column.
  std::size_t tag = 0;            ///< Width of the tag in a tagged column.

  [[nodiscard]] std::size_t gutter() const { return number + 4; }
  [[nodiscard]] std::size_t rank(unsigned thread) const {
    return static_cast<std::size_t>(std::find(threads.begin(), threads.end(), thread) -
                                    threads.begin());
  }
  [[nodiscard]] std::size_t offset(unsigned thread) const {
    return gutter() + (step ? rank(thread) * step : tag);
  }
};

std::string words(const step& s, std::string_view arrow) {
  return describe(s, arrow) + (s.order.empty() ? "" : "  " + s.order);
}

/// The distance of the columns: the largest at which each row fits on a line with its place, but
/// not below good_step for that reason.
std::size_t column_step(const failure& f, const layout& at, std::string_view arrow) {
  const std::size_t gaps = at.threads.size() - 1;
  const std::size_t room = at.columns - std::min(at.columns, at.gutter());
  std::size_t fitting = widest_step, most = widest_step;
  if (gaps > 0) most = std::min(most, (room - std::min(room, last_column)) / gaps);
  for (const step& s : f.steps) {
    const std::size_t rank = at.rank(s.thread);
    const std::size_t needed = width(words(s, arrow)) + 2 + width(place(f, s));
    if (rank > 0) fitting = std::min(fitting, (room - std::min(room, needed)) / rank);
  }
  return std::min(most, std::max(fitting, good_step));
}

layout lay_out(const failure& f, const text_style& style) {
  layout at;
  at.columns = std::min<std::size_t>(style.columns, widest_table);
  unsigned last_row = 0;
  for (const step& s : f.steps) {
    last_row = std::max(last_row, s.row);
    at.threads.push_back(s.thread);
  }
  std::sort(at.threads.begin(), at.threads.end());
  at.threads.erase(std::unique(at.threads.begin(), at.threads.end()), at.threads.end());
  at.number = std::max<std::size_t>(2, std::to_string(last_row).size());
  if (const std::size_t step = column_step(f, at, style.arrow()); step >= narrowest_step) {
    at.step = step;
    return at;
  }
  for (const unsigned t : at.threads) at.tag = std::max(at.tag, width(thread_title(f, t)));
  at.tag = std::min(at.tag, widest_tag) + 2;
  return at;
}

/// Draws the rows on canvas lines and renders them.
class table {
 public:
  table(const failure& f, const text_style& style) : f_(f), style_(style), at_(lay_out(f, style)) {}

  std::vector<std::string> draw() {
    if (at_.step) titles();
    const std::size_t failing = failing_step(f_);
    for (const run& part : fold(f_)) {
      if (part.folded) {
        folded(part);
        continue;
      }
      for (std::size_t i = part.from; i < part.to; ++i) row(f_.steps[i], i == failing);
    }
    return std::move(lines_);
  }

 private:
  void titles() {
    canvas_line names(at_.columns), rules(at_.columns);
    for (const unsigned t : at_.threads) {
      const bool last = t == at_.threads.back();
      const std::size_t room = last ? at_.columns - at_.offset(t) : at_.step - 2;
      const std::string title = cut(thread_title(f_, t), room);
      names.put(at_.offset(t), title, ink::bold);
      for (std::size_t i = 0; i < width(title); ++i) rules.put(at_.offset(t) + i, "─", ink::dim);
    }
    lines_.push_back(names.render(style_));
    lines_.push_back(rules.render(style_));
  }

  /// A line with the guides that lead the eye down the columns.
  [[nodiscard]] canvas_line blank() const {
    canvas_line line(at_.columns);
    if (at_.step)
      for (std::size_t i = 1; i < at_.threads.size(); ++i)
        line.put(at_.gutter() + i * at_.step - 2, "│", ink::dim);
    return line;
  }

  void emit(const canvas_line& line) { lines_.push_back(line.render(style_)); }

  void row(const step& s, bool failing) {
    const ink colour = failing || waits_for_ever(s) ? ink::red : ink::plain;
    canvas_line line = blank();
    if (failing) line.put(0, ">", ink::red);
    line.put(2, right(std::to_string(s.row), at_.number), failing ? ink::red : ink::dim);
    tag(line, s.thread);

    const std::size_t offset = at_.offset(s.thread), room = at_.columns - offset;
    std::size_t end = 0, indent = 0;
    for (const std::string& piece : wrap(words(s, style_.arrow()), room, 2)) {
      if (indent > 0) next(line);
      put(line, offset + indent, piece, colour);
      end = offset + indent + width(piece);
      indent = 2;
    }
    source(line, place(f_, s), offset, end);
    emit(line);
    for (const std::string& piece : wrap(remark(f_, s), room - 2)) {
      if (piece.empty()) continue;
      line = blank();
      put(line, offset + 2, piece, ink::yellow);
      emit(line);
    }
  }

  /// The place at the right edge, on a line of its own if it does not fit behind the text.
  void source(canvas_line& line, const std::string& where, std::size_t offset, std::size_t end) {
    if (where.empty()) return;
    const std::string shown =
        width(where) > at_.columns - offset ? cut(where, at_.columns - offset) : where;
    if (end + 2 + width(shown) > at_.columns) next(line);
    put(line, at_.columns - width(shown), shown, ink::dim);
  }

  void folded(const run& part) {
    const step &first = f_.steps[part.from], &last = f_.steps[part.to - 1];
    const std::size_t offset = at_.offset(first.thread), room = at_.columns - offset;
    const std::string rows = fmt::format("... rows {} to {}", first.row, last.row);
    const std::string why = rows + ", which no other thread reads";
    canvas_line line = blank();
    tag(line, first.thread);
    put(line, offset, width(why) <= room ? why : cut(rows, room), ink::dim);
    emit(line);
  }

  void tag(canvas_line& line, unsigned thread) const {
    if (!at_.step) line.put(at_.gutter(), cut(thread_title(f_, thread), at_.tag - 2), ink::cyan);
  }

  /// Text with a blank before and after, so that a guide never touches it.
  static void put(canvas_line& line, std::size_t column, std::string_view text, ink colour) {
    line.put(column - 1, " ");
    line.put(column, text, colour);
    line.put(column + width(text), " ");
  }

  void next(canvas_line& line) {
    emit(line);
    line = blank();
  }

  const failure& f_;
  const text_style& style_;
  const layout at_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> trace_table(const failure& f, const text_style& style) {
  if (f.steps.empty()) return {};
  return table(f, style).draw();
}

}  // namespace pawl::check::reporting
