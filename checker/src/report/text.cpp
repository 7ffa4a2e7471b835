#include "report/text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/canvas.hpp"
#include "report/command.hpp"
#include "report/describe.hpp"
#include "report/figures.hpp"
#include "report/trace.hpp"
#include "report/utf8.hpp"

namespace pawl::check {

std::string report::text(unsigned columns) const {
  reporting::text_style style;
  style.columns = std::max(columns, 40u);
  style.utf8 = reporting::environment_is_utf8();
  return reporting::render(*this, style);
}

namespace reporting {
namespace {

constexpr std::size_t label_width = 12;

/// Collects lines.
class page {
 public:
  explicit page(const text_style& style) : style_(style) {}

  void line(std::string_view text = {}) { text_.append(text) += '\n'; }

  /// Prose, broken to the width.
  void prose(std::string_view text, ink colour = ink::plain) {
    for (const std::string& piece : wrap(text, style_.columns))
      line(paint(style_, colour, encode(style_, piece)));
  }

  /// A label in the left margin and prose to its right.
  void labelled(std::string_view label, std::string_view text) {
    for (const std::string& piece : wrap(text, style_.columns - label_width)) {
      line(margin(label) + encode(style_, piece));
      label = {};
    }
  }

  void labelled(std::string_view label, const std::vector<std::string>& items) {
    for (const std::string& item : items) labelled(&item == items.data() ? label : "", item);
  }

  /// A command, broken so that it can still be pasted into a shell; an option stays with its value.
  void command(std::string_view label, const std::vector<std::string>& words) {
    std::string current = margin(label);
    std::size_t used = label_width;
    for (std::size_t i = 0; i < words.size();) {
      std::string unit = words[i++];
      const bool option = unit.starts_with("--");
      if (option && i < words.size() && !words[i].starts_with("--")) unit += " " + words[i++];
      const std::size_t ending = i < words.size() ? 2 : 0;  // The " \" that continues the line.
      if (used > label_width + 2 && used + 1 + width(unit) + ending > style_.columns) {
        line(current + " \\");
        current.assign(label_width + 2, ' ');
        used = label_width + 2;
      }
      const bool first = current.ends_with(' ');
      current += (first ? "" : " ") + unit;
      used += width(unit) + (first ? 0 : 1);
    }
    line(current);
  }

  std::string take() { return std::move(text_); }

 private:
  [[nodiscard]] std::string margin(std::string_view label) const {
    return paint(style_, ink::bold, label) + std::string(label_width - width(label), ' ');
  }

  const text_style& style_;
  std::string text_;
};

void headline(page& out, const report& r, const text_style& style) {
  const badge mark = badge_of(r);
  const std::string name = encode(style, display_name(r));
  out.line(paint(style, mark.colour, left(mark.word, 5)) + "  " + paint(style, ink::bold, name));
  if (!r.summary.empty()) out.labelled("shows", r.summary);
}

void replay(page& out, const report& r, const failure& f, const text_style& style) {
  if (f.token.empty()) return;
  if (style.program.empty()) {
    out.command("replay", {"pawl::check::options{.replay", "=", fmt::format("\"{}\"}}", f.token)});
    return;
  }
  out.command("replay", replay_command(style.program, r));
  const std::size_t at = failing_step(f);
  if (f.steps.empty()) return;
  const step& stop = at < f.steps.size() ? f.steps[at] : f.steps.back();
  out.command("debug", debug_command(style.program, r, stop.row));
}

void tell_failure(page& out, const report& r, const failure& f, const text_style& style) {
  std::string kind(to_string(f.kind));
  std::replace(kind.begin(), kind.end(), '_', ' ');
  out.prose(kind + ": " + f.sentence, ink::red);
  out.line();
  for (const std::string& line : trace_table(f, style)) out.line(line);
  if (!f.steps.empty()) out.line();
  out.labelled("at the end", f.end);
  out.labelled("output", lines_of(f.output));
  out.labelled("notes", f.notes);
  if (!r.racing.empty()) out.labelled("racing", racing_in_words(r));
  out.labelled("explored",
               counts_in_words(r) + fmt::format("  {}, {}", to_string(r.options.memory_model),
                                                strategy_in_words(r.options)));
  replay(out, r, f, style);
}

}  // namespace

badge badge_of(const report& r) {
  switch (r.verdict) {
    case verdict::clean:
      return {"PASS", ink::green};
    case verdict::limited:
      return {"LIMIT", ink::yellow};
    case verdict::refused:
      return {"ERROR", ink::red};
    case verdict::bug:
      break;
  }
  if (r.error && r.error->kind == failure_kind::limit) return {"ERROR", ink::red};
  return {"FAIL", ink::red};
}

std::string bounds_in_words(const options& o, const text_style& style) {
  const bounds& b = o.bounds;
  std::string words;  // First what the user asked for: a table may cut the rest.
  if (o.strategy == strategy::states) words += "by states, ";
  if (o.shard) words += fmt::format("shard {} of {}, ", o.shard->number, o.shard->count);
  if (o.preemptions) words += fmt::format("preemptions {} {}, ", style.at_most(), *o.preemptions);
  if (o.unroll) words += fmt::format("iterations {} {}, ", style.at_most(), count(*o.unroll));
  if (o.threads) words += fmt::format("threads started {} {} each, ", style.at_most(), *o.threads);
  if (o.races == race_use::explore) words += "races explored, ";
  if (b.threads > 0) words += fmt::format("threads {} {}, ", style.at_most(), b.threads);
  words += fmt::format("events {} {} a thread", style.at_most(), count(b.events));
  if (o.weak_cas_fails > 0)
    words += fmt::format(", spurious failures {} {} a thread", style.at_most(), o.weak_cas_fails);
  if (!b.note.empty()) words += "; " + std::string(b.note);
  return words;
}

std::string racing_in_words(const report& r) {
  constexpr std::size_t most = 8;
  const std::size_t told = std::min(r.racing.size(), most);
  std::string words = fmt::format("{}", fmt::join(r.racing.begin(), r.racing.begin() + told, ", "));
  if (told < r.racing.size()) words += fmt::format(" and {} more", r.racing.size() - told);
  return words + ": explored as if relaxed atomic";
}

std::string strategy_in_words(const options& o) {
  std::string words(to_string(o.strategy));
  if (o.strategy == strategy::pct) words += fmt::format(" of depth {}", o.depth);
  return words;
}

std::string draws_in_words(const report& r, const text_style& style) {
  const std::uint64_t drawn = r.complete + r.blocked;
  const bool is_bound = r.distinct >= report::most_distinct;
  return fmt::format("{} by {} from seed {}, {}{} of them distinct", count(drawn),
                     strategy_in_words(r.options), r.options.seed,
                     is_bound ? fmt::format("{} ", style.at_least()) : "", count(r.distinct));
}

std::string counts_in_words(const report& r, bool with_rate) {
  if (r.options.strategy == strategy::states)
    return fmt::format("states {}  {}", count(r.states), duration(r.seconds));
  return fmt::format("complete {}  blocked {}  {}{}", count(r.complete), count(r.blocked),
                     with_rate ? rate(r.executions_per_second()) + "  " : "", duration(r.seconds));
}

std::string render(const report& r, const text_style& style) {
  page out(style);
  headline(out, r, style);
  if (r.error) {
    tell_failure(out, r, *r.error, style);
  } else if (r.verdict == verdict::refused) {
    out.prose(r.message, ink::red);
  } else {
    out.labelled("explored", counts_in_words(r));
    if (r.resumed > 0)
      out.labelled("resumed", fmt::format("after {} executions of former runs", count(r.resumed)));
    if (is_drawn(r.options.strategy)) out.labelled("drawn", draws_in_words(r, style));
    out.labelled("within", bounds_in_words(r.options, style));
    if (!r.racing.empty()) out.labelled("racing", racing_in_words(r));
    if (!r.message.empty()) out.labelled("stopped", r.message);
  }
  return out.take();
}

}  // namespace reporting
}  // namespace pawl::check
