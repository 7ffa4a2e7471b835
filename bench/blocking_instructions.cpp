// blocking_instructions N: N times, one after the other, an uncontended lock and its unlocking.
// count_instructions.py counts what they execute.

#include <pawl/blocking/mutex.hpp>

#include <cstdlib>
#include <mutex>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const unsigned long times = std::strtoul(argv[1], nullptr, 10);
  pawl::blocking::mutex m;
  for (unsigned long i = 0; i < times; ++i) {
    const std::lock_guard held(m);
  }
  return m.is_locked() ? 1 : 0;
}
