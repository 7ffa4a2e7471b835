#include "report/figures.hpp"

#include <cmath>

#include <fmt/format.h>

namespace pawl::check::reporting {

std::string count(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string rate(double per_second) {
  if (per_second <= 0) return "-";
  const bool millions = per_second >= 999'500, thousands = per_second >= 999.5;
  const double value = millions ? per_second / 1e6 : thousands ? per_second / 1e3 : per_second;
  const int decimals = value >= 99.5 ? 0 : value >= 9.95 ? 1 : 2;
  const char* unit = millions ? " M/s" : thousands ? " k/s" : "/s";
  return fmt::format("{:.{}f}{}", value, millions || thousands ? decimals : 0, unit);
}

std::string duration(double seconds) {
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02} h", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace pawl::check::reporting
