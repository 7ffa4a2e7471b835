// sender_instructions N: N times, one after the other, an uncontended lock by a sender, connected
// and started, and its unlocking. count_instructions.py counts what they execute.

#include <pawl/interop/sender.hpp>
#include <pawl/sync/mutex.hpp>

#include <cstdlib>

namespace {

// Unlocks at once.
struct receiver {
  unsigned long* times;

  void set_value(pawl::mutex_guard<unsigned long>) && noexcept { ++*times; }
  void set_stopped() && noexcept {}
  void set_error(const pawl::error&) && noexcept {}
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const unsigned long times = std::strtoul(argv[1], nullptr, 10);
  pawl::mutex<unsigned long> m;
  unsigned long locked = 0;
  for (unsigned long i = 0; i < times; ++i) {
    auto op = pawl::as_sender([&m]() noexcept { return m.lock(); }).connect(receiver{&locked});
    op.start();
  }
  return locked == times && !m.is_locked() ? 0 : 1;
}
