#pragma once
// The programs by which explorers are compared, and what the anchor, GenMC 0.11, is published to
// take for them (RC11, one core, a machine of this kind).

#include <cstdint>
#include <span>
#include <string_view>

struct family {
  std::string_view name;
  void (*program)();
  std::uint64_t complete;  // executions, exactly; none blocked
  double anchor;           // executions per second of GenMC
};

std::span<const family> families();

// Larger ones, some of them without revisits, for several jobs; they have no anchor.
std::span<const family> wide_families();
// More than ten million executions.
family endless_family();
// Store buffering.
void tiny_program();
