#include "tool/numbers.hpp"

#include <charconv>

#include <fmt/format.h>

#include "report/figures.hpp"
#include "tool/usage_error.hpp"

namespace pawl::check::tool {
namespace {

template <class Number>
bool read(std::string_view text, Number& number) {
  const char *begin = text.data(), *end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc{} && stop == end;
}

}  // namespace

std::uint64_t whole_number(std::string_view option, std::string_view text, std::uint64_t least,
                           std::uint64_t most) {
  std::uint64_t number = 0;
  if (read(text, number) && number >= least && number <= most) return number;
  if (least == most) throw usage_error(fmt::format("{}: '{}' is not {}", option, text, least));
  throw usage_error(fmt::format("{}: '{}' is not a whole number from {} to {}", option, text, least,
                                reporting::count(most)));
}

shard part(std::string_view option, std::string_view text, unsigned most) {
  const std::size_t slash = text.find('/');
  shard s;
  if (slash != std::string_view::npos && read(text.substr(0, slash), s.number) &&
      read(text.substr(slash + 1), s.count) && s.number >= 1 && s.number <= s.count &&
      s.count <= most)
    return s;
  throw usage_error(fmt::format("{}: '{}' is not I/N, the I-th of N parts, N up to {}", option,
                                text, reporting::count(most)));
}

integer_range range(std::string_view option, std::string_view text) {
  constexpr std::uint64_t most_values = 1000;
  const std::size_t dots = text.find("..");
  integer_range r;
  if (read(text.substr(0, dots), r.least) &&
      read(text.substr(dots == std::string_view::npos ? 0 : dots + 2), r.most) &&
      r.least <= r.most &&
      static_cast<std::uint64_t>(r.most) - static_cast<std::uint64_t>(r.least) < most_values)
    return r;
  throw usage_error(fmt::format("{}: '{}' is not LOW..HIGH, at most {} whole numbers", option, text,
                                reporting::count(most_values)));
}

double seconds(std::string_view option, std::string_view text) {
  double number = 0;
  if (read(text, number) && number > 0 && number <= longest_time) return number;
  throw usage_error(fmt::format("{}: '{}' is not a number of seconds above 0 and up to {}", option,
                                text, reporting::count(static_cast<std::uint64_t>(longest_time))));
}

}  // namespace pawl::check::tool
