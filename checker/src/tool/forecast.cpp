#include "tool/forecast.hpp"

#include <cmath>

#include <fmt/format.h>

#include "report/figures.hpp"

namespace pawl::check::tool {
namespace {

/// With two digits that count: 3'587'012 -> "3,600,000". Executions beyond all patience as a power.
std::string about(double n) {
  constexpr double most = 1e15;
  if (n >= most) return fmt::format("{:.1e}", n);
  double unit = 1;
  while (n / unit >= 100) unit *= 10;
  return reporting::count(static_cast<std::uint64_t>(std::round(n / unit) * unit));
}

std::string how_long(double seconds) {
  constexpr double hundred_years = 3.2e9;
  return seconds < hundred_years ? reporting::duration(seconds) : "more than 100 years";
}

}  // namespace

std::string progress_text(std::string_view model, const progress& now) {
  constexpr double too_soon = 1;
  const double done = static_cast<double>(now.complete + now.blocked);
  if (now.states > 0)
    return fmt::format("{}  states {}  {}", model, reporting::count(now.states),
                       reporting::duration(now.seconds));
  std::string text = fmt::format("{}  complete {}  blocked {}  {}  {}", model,
                                 reporting::count(now.complete), reporting::count(now.blocked),
                                 reporting::rate(now.seconds > 0 ? done / now.seconds : 0),
                                 reporting::duration(now.seconds));
  if (now.seconds >= too_soon && now.seconds_left() > 0)
    text +=
        fmt::format("  of about {}, {} left", about(now.expected), how_long(now.seconds_left()));
  return text;
}

std::string estimate_text(std::string_view model, const estimation& e,
                          const reporting::text_style& style) {
  return fmt::format("{}  about {} executions {} {}, {}", model, about(e.executions),
                     style.utf8 ? "±" : "+-", about(e.deviation), how_long(e.seconds));
}

}  // namespace pawl::check::tool
