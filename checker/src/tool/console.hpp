// Where a run prints.
#pragma once

#include <iosfwd>

#include "report/style.hpp"

namespace pawl::check::tool {

/// One output stream and how to write to it.
struct terminal {
  std::ostream* stream;
  reporting::text_style style;
  bool live = false;  ///< Lines may be overwritten.
};

struct console {
  terminal out, error;
};

}  // namespace pawl::check::tool
