// shared_mutex_instructions N: N times, one after the other, an uncontended lock to read and its
// unlocking. count_instructions.py counts what they execute.

#include <pawl/sync/shared_mutex.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cstdlib>

namespace {

pawl::task<> read_repeatedly(pawl::shared_mutex<unsigned long>& m, unsigned long times) {
  for (unsigned long i = 0; i < times; ++i) {
    const auto held = co_await m.lock_shared();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  pawl::shared_mutex<unsigned long> m;
  pawl::sync_wait(read_repeatedly(m, std::strtoul(argv[1], nullptr, 10)));
  return m.is_locked() ? 1 : 0;
}
