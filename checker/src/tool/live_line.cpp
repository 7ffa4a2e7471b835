#include "tool/live_line.hpp"

#include <ostream>

#include "report/canvas.hpp"
#include "report/utf8.hpp"

namespace pawl::check::tool {

void live_line::show(std::string_view text) {
  if (!terminal_.live) return;
  // One cell less than the width: a full line would make some terminals scroll.
  const std::string line = reporting::cut(text, terminal_.style.columns - 1);
  *terminal_.stream << "\r\x1b[K" << reporting::encode(terminal_.style, line) << std::flush;
  shown_ = true;
}

void live_line::clear() {
  if (shown_) *terminal_.stream << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace pawl::check::tool
