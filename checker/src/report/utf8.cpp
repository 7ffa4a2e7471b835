#include "report/utf8.hpp"

#include <algorithm>

namespace pawl::check::reporting {
namespace {

constexpr std::string_view substitute = "?";

/// Bytes of the sequence that starts `text`, or 0 if that is none.
std::size_t sequence_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  if (length > 2) {  // Overlong forms, surrogates, and what lies above U+10FFFF.
    const auto second = static_cast<unsigned char>(text[1]);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90))
      return 0;
  }
  return length;
}

bool is_control(std::string_view glyph) {
  const auto first = static_cast<unsigned char>(glyph[0]);
  if (glyph.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(glyph[1]) < 0xa0;
}

std::string join(const std::vector<std::string_view>& parts, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) text += parts[i];
  return text;
}

void wrap_line(std::string_view line, std::size_t cells, std::size_t hanging,
               std::vector<std::string>& lines) {
  const auto all = glyphs(line);
  const std::size_t narrower = std::max<std::size_t>(cells - std::min(cells, hanging), 1);
  std::size_t from = 0;
  for (;;) {
    const std::size_t room = lines.empty() ? cells : narrower;
    if (all.size() - from <= room) break;
    std::size_t to = from + room;  // A blank may hang over the edge, where it is dropped.
    while (to > from && all[to] != " ") --to;
    const bool at_blank = to > from;
    if (!at_blank) to = from + room;
    lines.push_back(join(all, from, to));
    for (from = to; at_blank && from < all.size() && all[from] == " ";) ++from;
  }
  lines.push_back(join(all, from, all.size()));
}

}  // namespace

std::vector<std::string_view> glyphs(std::string_view text) {
  std::vector<std::string_view> all;
  all.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view glyph = text.substr(0, std::max<std::size_t>(length, 1));
    all.push_back(length == 0 || is_control(glyph) ? substitute : glyph);
    text.remove_prefix(glyph.size());
  }
  return all;
}

std::string printable(std::string_view text) {
  const auto all = glyphs(text);
  return join(all, 0, all.size());
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t width(std::string_view text) { return glyphs(text).size(); }

std::string cut(std::string_view text, std::size_t cells) {
  const auto all = glyphs(text);
  if (all.size() <= cells) return join(all, 0, all.size());
  if (cells == 0) return {};
  return join(all, 0, cells - 1) + "…";
}

std::string cut_middle(std::string_view text, std::size_t cells) {
  const auto all = glyphs(text);
  if (all.size() <= cells) return join(all, 0, all.size());
  if (cells == 0) return {};
  const std::size_t tail = (cells - 1) / 2;
  return join(all, 0, cells - 1 - tail) + "…" + join(all, all.size() - tail, all.size());
}

std::string left(std::string_view text, std::size_t cells) {
  std::string padded = printable(text);
  const std::size_t taken = width(text);
  return taken < cells ? padded.append(cells - taken, ' ') : padded;
}

std::string right(std::string_view text, std::size_t cells) {
  const std::size_t taken = width(text);
  return (taken < cells ? std::string(cells - taken, ' ') : std::string{}) + printable(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t cells, std::size_t hanging) {
  std::vector<std::string> lines;
  cells = std::max<std::size_t>(cells, 1);
  for (;;) {
    const std::size_t end = text.find('\n');
    wrap_line(text.substr(0, end), cells, hanging, lines);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

}  // namespace pawl::check::reporting
