#include "tool/split.hpp"

#include <fmt/format.h>

#include "tool/usage_error.hpp"

namespace pawl::check::tool {

std::vector<std::string> split(std::string_view option, std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;  // A word has begun, though it may be empty.
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) throw usage_error(fmt::format("{}: a quote in '{}' has no end", option, text));
  return words;
}

}  // namespace pawl::check::tool
