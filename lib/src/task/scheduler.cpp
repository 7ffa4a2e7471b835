#include <pawl/backend/ambient.hpp>
#include <pawl/task/scheduler.hpp>

PAWL_BEGIN

namespace {

struct driver {
  scheduler* by = nullptr;
};

}  // namespace

scheduler* current_scheduler() noexcept { return thread_slot<driver>::get().by; }

timer_service& timers_for(scheduler* where) noexcept {
  timer_service* const own = where != nullptr ? where->timers() : nullptr;
  return own != nullptr ? *own : fallback_timers();
}

namespace detail {

driving_scope::driving_scope(scheduler& by) noexcept : outer_(thread_slot<driver>::get().by) {
  thread_slot<driver>::get().by = &by;
}

driving_scope::~driving_scope() { thread_slot<driver>::get().by = outer_; }

}  // namespace detail

PAWL_END
