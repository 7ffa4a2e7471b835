#include <pawl/sync/mutex.hpp>
#include <pawl/sync/take.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(mutex<void>) <= 16);
static_assert(sizeof(mutex<void*>) <= 24);
static_assert(sizeof(mutex_guard<void>) <= 16 && sizeof(mapped_mutex_guard<int>) <= 24);
#endif

namespace detail {

void throw_locked(const char* attempted) {
  throw std::logic_error(std::string("mutex: ") + attempted +
                         "() while it is locked; unlock it first");
}

void throw_not_locked(const char* attempted) {
  throw std::logic_error(std::string("mutex: ") + attempted +
                         "() while it is not locked; call it once for each forgotten guard");
}

void mutex_base::force_unlock() {
  if (!is_locked()) throw_not_locked("force_unlock");
  note_access(exclusive_access());
  if (core_.try_put(1).outcome != verdict::granted) throw_not_locked("force_unlock");
}

verdict mutex_base::try_lock_slowly() noexcept {
  count_t one = 1;
  return take(core_, one, false);
}

verdict mutex_base::lock_slowly() {
  if constexpr (known_frame::is_known) {
    if (!is_poisoned()) wanted(1).refuse_thread();
  }
  count_t one = 1;
  return take_blocking_no_tasks("mutex", core_, one, false);
}

verdict mutex_base::lock_slowly(stop_token token) noexcept {
  count_t one = 1;
  return take_blocking(core_, one, false, token);
}

verdict mutex_base::lock_slowly_until(steady_clock::time_point deadline) noexcept {
  count_t one = 1;
  return take_blocking_until(core_, one, false, deadline);
}

}  // namespace detail

PAWL_END
