#pragma once
// The programs by which explorers are compared, and what the anchor, GenMC 0.11, is published to
// take for them (RC11, one core, a machine of this kind).

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct family {
  std::string name;
  std::function<void()> program;
  std::uint64_t complete;  // executions, exactly; none blocked
  double anchor;           // executions per second of GenMC
};

std::vector<family> families();
