#include <pawl/sync/shared_mutex.hpp>
#include <pawl/sync/take.hpp>

#include <stdexcept>
#include <string>

PAWL_BEGIN

#if !defined(PAWL_BACKEND_MODEL) && !defined(PAWL_BACKEND_RELACY)
static_assert(sizeof(shared_mutex<void>) <= 24);
static_assert(sizeof(shared_mutex<void*>) <= 32);
static_assert(sizeof(read_guard<void>) <= 16 && sizeof(mapped_read_guard<int>) <= 24);
static_assert(sizeof(upgradable_guard<void>) <= 16 && sizeof(write_guard<void>) <= 16);
#endif

namespace detail {

void throw_shared_mutex_locked(const char* attempted) {
  throw std::logic_error(std::string("shared_mutex: ") + attempted +
                         "() while it is locked; unlock it first");
}

void shared_mutex_base::throw_reader_limit(count_t max_readers) {
  throw std::invalid_argument("shared_mutex: max_readers is " + std::to_string(max_readers) +
                              ", but must be from 1 to " +
                              std::to_string(shared_word::most_readers));
}

void shared_mutex_base::force_unlock(count_t unit, const char* called) {
  if (core_.look().room_for(unit) != 0) {
    if (shared_word::changes_value(unit)) {
      note_access(exclusive_access());
    } else {
      note_access(shared_access());
    }
    if (core_.try_put(unit).outcome == verdict::granted) return;
  }
  throw std::logic_error(std::string("shared_mutex: ") + called +
                         "() while it is not so locked; call it once for each forgotten guard");
}

verdict shared_mutex_base::try_lock_slowly(count_t unit) noexcept {
  return take(core_, unit, false);
}

verdict shared_mutex_base::lock_slowly(count_t unit) {
  if constexpr (known_frame::is_known) {
    if (!is_poisoned()) wanted(unit).refuse_thread();
  }
  return take_blocking_no_tasks("shared_mutex", core_, unit, false);
}

verdict shared_mutex_base::lock_slowly(count_t unit, stop_token token) noexcept {
  return take_blocking(core_, unit, false, token);
}

verdict shared_mutex_base::lock_slowly_until(count_t unit,
                                             steady_clock::time_point deadline) noexcept {
  return take_blocking_until(core_, unit, false, deadline);
}

}  // namespace detail

PAWL_END
