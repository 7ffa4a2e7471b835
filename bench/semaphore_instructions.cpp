// semaphore_instructions N: N times, one after the other, an uncontended acquire and its release.
// count_instructions.py counts what they execute.

#include <pawl/sync/semaphore.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cstdlib>

namespace {

pawl::task<> acquire_repeatedly(pawl::semaphore& s, unsigned long times) {
  for (unsigned long i = 0; i < times; ++i) {
    const auto held = co_await s.acquire(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  pawl::semaphore s(1);
  pawl::sync_wait(acquire_repeatedly(s, std::strtoul(argv[1], nullptr, 10)));
  return s.available_permits() == 1 ? 0 : 1;
}
