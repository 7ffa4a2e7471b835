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
#include <deque>
#include <vector>

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

std::vector<family> programs() {
  std::vector<family> all = families();
  std::erase_if(all, [](const family& each) { return each.name.starts_with("lockinc"); });
  all.push_back({"mutexinc 9", mutex_increments<9>, 362880, 0});
  return all;
}

const bool registered = [] {
  static const std::vector<family> all = programs();
  static std::deque<pawl::check::model> models;
  for (const family& each : all) {
    pawl::check::model& m = models.emplace_back();
    m.name = each.name;
    m.body = each.program;
    m.file = __FILE__;
    const pawl::check::registration add(m);
  }
  return true;
}();

}  // namespace
