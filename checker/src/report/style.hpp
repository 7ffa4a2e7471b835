// Who reads the text: how wide, in which characters, with colour or not.
#pragma once

#include <string>
#include <string_view>

#include "report/invocation.hpp"

namespace pawl::check::reporting {

/// A row of the final table needs so many columns, with room for large figures.
inline constexpr unsigned narrowest_columns = 60, widest_columns = 1000;

struct text_style {
  unsigned columns = 100;
  bool utf8 = true;
  bool colour = false;
  /// How the executable is called in replay commands.
  invocation program = {};

  [[nodiscard]] std::string_view arrow() const noexcept { return utf8 ? "→" : "->"; }
  [[nodiscard]] std::string_view at_least() const noexcept { return utf8 ? "≥" : ">="; }
  [[nodiscard]] std::string_view at_most() const noexcept { return utf8 ? "≤" : "<="; }
};

/// True if the locale of the environment (LC_ALL, else LC_CTYPE, else LANG) is a UTF-8 one.
[[nodiscard]] bool environment_is_utf8();

/// True if `descriptor` is a terminal that takes escape sequences (TERM is set and not "dumb").
[[nodiscard]] bool is_terminal(int descriptor);

/// The style for a file descriptor: its width if it is a terminal, else COLUMNS, else 100, but not
/// below narrowest_columns; colour only on a terminal, and not if NO_COLOR is set to anything
/// (https://no-color.org).
[[nodiscard]] text_style style_of(int descriptor);

enum class ink : unsigned char { plain, bold, dim, red, green, yellow, cyan };

/// `text` in this colour; unchanged if the style has none.
[[nodiscard]] std::string paint(const text_style&, ink, std::string_view text);

}  // namespace pawl::check::reporting
