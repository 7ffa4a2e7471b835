// A line of a fixed number of cells that text is put into at chosen columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/style.hpp"

namespace pawl::check::reporting {

class canvas_line {
 public:
  explicit canvas_line(std::size_t cells) : cells_(cells) {}

  /// Writes over what stands at `column` and after; what does not fit is dropped.
  void put(std::size_t column, std::string_view text, ink colour = ink::plain);

  /// The line without trailing blanks. Without UTF-8, characters beyond ASCII become their nearest
  /// look-alike or "?".
  [[nodiscard]] std::string render(const text_style&) const;

 private:
  struct cell {
    std::string glyph = " ";
    ink colour = ink::plain;
  };
  std::vector<cell> cells_;
};

/// `text` in the characters that the style allows.
[[nodiscard]] std::string encode(const text_style&, std::string_view text);

}  // namespace pawl::check::reporting
