#include "report/canvas.hpp"

#include "report/utf8.hpp"

namespace pawl::check::reporting {
namespace {

std::string_view ascii(std::string_view glyph) {
  if (glyph.size() == 1) return glyph;
  if (glyph == "│") return "|";
  if (glyph == "─" || glyph == "–") return "-";
  if (glyph == "…") return "~";
  if (glyph == "→") return ">";
  return "?";
}

}  // namespace

void canvas_line::put(std::size_t column, std::string_view text, ink colour) {
  for (const std::string_view glyph : glyphs(text)) {
    if (column >= cells_.size()) return;
    cells_[column++] = {std::string(glyph), colour};
  }
}

std::string canvas_line::render(const text_style& style) const {
  std::size_t end = cells_.size();
  while (end > 0 && cells_[end - 1].glyph == " ") --end;
  std::string line, run;
  for (std::size_t i = 0; i < end; ++i) {
    run += style.utf8 ? std::string_view(cells_[i].glyph) : ascii(cells_[i].glyph);
    if (i + 1 == end || cells_[i + 1].colour != cells_[i].colour) {
      line += paint(style, cells_[i].colour, run);
      run.clear();
    }
  }
  return line;
}

std::string encode(const text_style& style, std::string_view text) {
  std::string encoded;
  for (const std::string_view glyph : glyphs(text)) encoded += style.utf8 ? glyph : ascii(glyph);
  return encoded;
}

}  // namespace pawl::check::reporting
