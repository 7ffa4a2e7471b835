#include <pawl/backend/native/ambient.hpp>

#include <algorithm>

PAWL_BEGIN

namespace {

scheduler& choose_ambient() {
  scheduler* const here = current_scheduler();
  return here != nullptr ? *here : default_pool();
}

}  // namespace

thread_pool& default_pool() {
  static thread_pool& pool = *new thread_pool(std::max(1u, thread::hardware_concurrency()));
  return pool;
}

ambient_scheduler::ambient_scheduler() : where_(choose_ambient()) {}

timer_service& fallback_timers() noexcept { return *default_pool().timers(); }

PAWL_END
