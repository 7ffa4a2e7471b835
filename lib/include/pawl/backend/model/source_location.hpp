#pragma once
// Model backend: where an operation stands in the source.

#include <pawl/backend/namespace.hpp>

#include <source_location>

PAWL_BEGIN

using source_location = std::source_location;

PAWL_END
