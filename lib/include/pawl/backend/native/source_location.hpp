#pragma once
// Native backend: source locations cost nothing because they are nothing.

#include <pawl/backend/namespace.hpp>

PAWL_BEGIN

// Defaulted last parameter of operations whose call site the model reports
// (`source_location where = source_location::current()`). An empty class here, std::source_location
// in the model.
class source_location {
 public:
  static constexpr source_location current() noexcept { return {}; }
};

PAWL_END
