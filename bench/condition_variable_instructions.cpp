// condition_variable_instructions N: N times, one after the other, a notification that finds nobody
// who waits, with the mutex locked for it. count_instructions.py counts what they execute.

#include <pawl/sync/condition_variable.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cstdlib>

namespace {

pawl::task<> notify_repeatedly(pawl::condition_variable& changed, pawl::mutex<int>& m,
                               unsigned long times) {
  for (unsigned long i = 0; i < times; ++i) {
    const auto held = co_await m.lock();
    if (!held || changed.notify_one()) std::abort();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  pawl::condition_variable changed;
  pawl::mutex<int> m(0);
  pawl::sync_wait(notify_repeatedly(changed, m, std::strtoul(argv[1], nullptr, 10)));
  return changed.has_waiters() ? 1 : 0;
}
