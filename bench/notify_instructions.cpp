// notify_instructions N: N times, one after the other, a notification that is stored, and the wait
// that takes it. count_instructions.py counts what they execute.

#include <pawl/sync/notify.hpp>
#include <pawl/task/sync_wait.hpp>

#include <cstdlib>

namespace {

pawl::task<> wait_repeatedly(pawl::notify& n, unsigned long times) {
  for (unsigned long i = 0; i < times; ++i) {
    n.notify_one();
    const auto notified = co_await n.wait();
    if (!notified) std::abort();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  pawl::notify n;
  pawl::sync_wait(wait_repeatedly(n, std::strtoul(argv[1], nullptr, 10)));
  return n.try_wait() ? 1 : 0;
}
