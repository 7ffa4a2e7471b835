#include "report/style.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

namespace pawl::check::reporting {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : std::string_view{};
}

unsigned columns_of(int descriptor) {
  if (winsize size{}; ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::clamp<unsigned>(size.ws_col, narrowest_columns, widest_columns);
  const std::string_view text = variable("COLUMNS");
  unsigned columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (error == std::errc{} && end == text.data() + text.size() && columns > 0)
    return std::clamp(columns, narrowest_columns, widest_columns);
  return text_style{}.columns;
}

std::string_view escape(ink colour) {
  switch (colour) {
    case ink::plain:
      return "";
    case ink::bold:
      return "\x1b[1m";
    case ink::dim:
      return "\x1b[2m";
    case ink::red:
      return "\x1b[1;31m";
    case ink::green:
      return "\x1b[32m";
    case ink::yellow:
      return "\x1b[33m";
    case ink::cyan:
      return "\x1b[36m";
  }
  return "";
}

}  // namespace

bool environment_is_utf8() {
  std::string_view locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (locale.empty()) locale = variable(name);
  std::string lower(locale);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
}

bool is_terminal(int descriptor) {
  const std::string_view type = variable("TERM");
  return isatty(descriptor) == 1 && !type.empty() && type != "dumb";
}

text_style style_of(int descriptor) {
  text_style style;
  style.columns = columns_of(descriptor);
  style.utf8 = environment_is_utf8();
  style.colour = is_terminal(descriptor) && variable("NO_COLOR").empty();
  return style;
}

std::string paint(const text_style& style, ink colour, std::string_view text) {
  if (!style.colour || colour == ink::plain || text.empty()) return std::string(text);
  return std::string(escape(colour)).append(text).append("\x1b[0m");
}

}  // namespace pawl::check::reporting
