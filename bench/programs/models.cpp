// The programs by which explorers are compared, as models: built once against the model backend,
// and once against the native one, with hooks. The lock of one of them waits in an event of the
// model backend, where the native one spins, which are two programs: a mutex takes its place.
#include <pawl/check/model.hpp>
#if defined(PAWL_BACKEND_MODEL)
#include <pawl/check/sync/mutex.hpp>
#else
#include <mutex>
#endif

#include <array>
#include <cstdlib>

#include <pawl/backend/backend.hpp>

#include "../checker/families.hpp"

namespace {

#if defined(PAWL_BACKEND_MODEL)
using pawl::check::mutex;
#else
using std::mutex;
#endif

template <std::size_t N>
void mutex_increments() {
  mutex held;
  int x = 0;
  std::array<pawl::thread, N> threads;
  for (pawl::thread& each : threads)
    each = pawl::thread([&] {
      held.lock();
      ++x;
      held.unlock();
    });
  for (pawl::thread& each : threads) each.join();
}

// All of them, or one: what a program has before main() is put back for each execution.
void add(const family& each) {
  const char* const only = std::getenv("PAWL_BENCH_PROGRAM");
  if (each.name.starts_with("lockinc") || (only != nullptr && each.name != only)) return;
  auto& made = *new pawl::check::model{};
  made.name = each.name;
  made.body = each.program;
  made.file = __FILE__;
  const pawl::check::registration added(made);
}

const bool registered = [] {
  for (const family& each : families()) add(each);
  add({"mutexinc 9", mutex_increments<9>, 362880, 0});
  return true;
}();

}  // namespace
