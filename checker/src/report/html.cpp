#include "report/html.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/command.hpp"
#include "report/describe.hpp"
#include "report/junit.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"

namespace pawl::check::reporting {
namespace {

constexpr std::string_view css = R"(
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --bad: #c62828; --warn: #b26a00;
  --flow: #1565c0; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff6b6b; --warn: #ffb74d; --flow: #64b5f6; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1400px;
  padding: 0 1rem; }
h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
.verdict { color: var(--bad); } .sentence { font-size: 1.15rem; margin: .4rem 0; }
.quiet { opacity: .7; }
pre, code, table, svg { font-family: ui-monospace, monospace; font-size: 13px; }
pre { background: var(--soft); padding: .6rem; overflow-x: auto; } .wide { overflow-x: auto; }
table { border-collapse: collapse; } th { text-align: left; }
td, th { padding: .1rem .7rem .1rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:target { background: var(--soft); } .failing td { color: var(--bad); font-weight: bold; }
.stale { color: var(--warn); }
svg text { fill: currentColor; } svg .title { font-weight: bold; }
svg .small { opacity: .65; font-size: 11px; }
svg rect { fill: var(--soft); stroke: var(--line); }
svg .failing rect { stroke: var(--bad); stroke-width: 2; }
svg .old rect { stroke: var(--warn); stroke-width: 2; }
svg .lane { stroke: var(--line); stroke-dasharray: 2 4; }
svg .flow { fill: none; stroke: var(--flow); stroke-width: 1.5; } svg .head { fill: var(--flow); }
svg .flow.past { stroke: var(--warn); stroke-dasharray: 5 3; }
)";

std::string words_of(failure_kind kind) {
  std::string words(to_string(kind));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string rows(const failure& f) {
  std::string html;
  const std::size_t failing = failing_step(f);
  for (std::size_t i = 0; i < f.steps.size(); ++i) {
    const step& s = f.steps[i];
    const std::string source = !s.reads_from ? std::string{}
                               : *s.reads_from == 0
                                   ? std::string{"initial value"}
                                   : fmt::format("<a href=\"#s{0}\">row {0}</a>", *s.reads_from);
    html += fmt::format(
        "<tr id=\"s{0}\"{1}><td>{0}</td><td>{2}</td><td>{3}</td><td>{4}</td><td>{5}</td>"
        "<td title=\"{6}\">{7}</td><td class=\"stale\">{8}</td></tr>\n",
        s.row, i == failing ? " class=\"failing\"" : "", xml(thread_title(f, s.thread)),
        xml(describe(s, "→")), xml(s.order), source,
        xml(fmt::format("{}:{}:{} {}", s.file, s.line, s.column, s.function)), xml(place(f, s)),
        xml(remark(f, s)));
  }
  return html;
}

std::string list(std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string html = fmt::format("<h2>{}</h2>\n<ul>\n", title);
  for (const std::string& item : items) html += fmt::format("<li>{}</li>\n", xml(item));
  return html + "</ul>\n";
}

std::string replay(const report& r, const invocation& program) {
  if (r.error->token.empty()) return {};
  return fmt::format("<h2>Replay</h2>\n<pre>{}</pre>\n",
                     xml(fmt::format("{}", fmt::join(replay_command(program, r), " "))));
}

}  // namespace

std::string html_page(const report& r, const invocation& program) {
  const failure& f = *r.error;
  const text_style style;
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{0}</title>\n"
      "<style>{1}</style>\n</head>\n<body>\n<h1><span class=\"verdict\">{2}</span> {0}</h1>\n",
      xml(display_name(r)), css, badge_of(r).word);
  if (!r.summary.empty())
    html += fmt::format("<div class=\"quiet\">shows: {}</div>\n", xml(r.summary));
  html += fmt::format("<p class=\"sentence\">{}: {}</p>\n", words_of(f.kind), xml(f.sentence));
  html += fmt::format("<div class=\"quiet\">{} · {} · {} · {}</div>\n", counts_in_words(r),
                      to_string(r.options.memory_model), strategy_in_words(r.options),
                      xml(bounds_in_words(r.options, style)));
  if (!f.steps.empty()) {
    html += "<h2>Interleaving</h2>\n<div class=\"wide\">" + html_trace(f) + "</div>\n";
    html +=
        "<h2>Rows</h2>\n<div "
        "class=\"wide\"><table>\n<tr><th>#</th><th>thread</th><th>operation</th>"
        "<th>order</th><th>reads from</th><th>place</th><th></th></tr>\n" +
        rows(f) + "</table></div>\n";
  }
  html += list("State at the end", f.end) + list("Output", lines_of(f.output)) +
          list("Notes", f.notes) + replay(r, program);
  return html + "</body>\n</html>\n";
}

std::string html_file_name(const report& r) {
  std::string name = r.model.empty() ? "model" : r.model;
  if (r.options.resumption != resumption::own_thread)
    name.append(".").append(to_string(r.options.resumption));
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '_';
  if (name.front() == '.') name.front() = '_';  // Not a hidden file, and never "..".
  return name + ".html";
}

}  // namespace pawl::check::reporting
