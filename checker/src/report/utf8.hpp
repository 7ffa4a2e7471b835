// Text as cells of a terminal: one cell for each code point.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::check::reporting {

/// The code points of `text`, each as its bytes. A byte that is no UTF-8 becomes "?", and so does a
/// control character: names and values come from the program under test and must not steer a
/// terminal.
[[nodiscard]] std::vector<std::string_view> glyphs(std::string_view text);

/// `text` with everything replaced that glyphs() replaces; valid UTF-8, without control characters.
[[nodiscard]] std::string printable(std::string_view text);

/// `text` at its line breaks, without them; a break at its end begins no line.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// Cells that `text` takes.
[[nodiscard]] std::size_t width(std::string_view text);

/// `text`, cut to `cells` with "…" as its last one if it is longer.
[[nodiscard]] std::string cut(std::string_view text, std::size_t cells);

/// The same with "…" in the middle: of names, the end tells more than what precedes it.
[[nodiscard]] std::string cut_middle(std::string_view text, std::size_t cells);

/// `text` with blanks added up to `cells`.
[[nodiscard]] std::string left(std::string_view text, std::size_t cells);
[[nodiscard]] std::string right(std::string_view text, std::size_t cells);

/// Lines of at most `cells` (at least 1), broken at blanks, within a word only if it is longer than
/// a line. All but the first are `hanging` cells shorter, so that the caller can indent them. A
/// line break in `text` is kept. Never empty.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t cells,
                                            std::size_t hanging = 0);

}  // namespace pawl::check::reporting
