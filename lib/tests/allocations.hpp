#pragma once
// The test program counts its allocations: it replaces the global operator new.

#include <cstdint>

// Returns: how many allocations the calling thread has made.
std::uint64_t allocations() noexcept;
