// latch_instructions N: counts a latch of N + 1 down to 1, by one at a time. count_instructions.py
// counts what they execute.

#include <pawl/sync/latch.hpp>

#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto times = std::strtoul(argv[1], nullptr, 10);
  pawl::latch l(times + 1);
  for (unsigned long i = 0; i < times; ++i) l.count_down();
  return l.remaining() == 1 ? 0 : 1;
}
