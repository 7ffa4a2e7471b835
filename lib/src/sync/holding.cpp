#include <pawl/sync/holding.hpp>
#include <pawl/sync/stores.hpp>

PAWL_BEGIN

template <class Store>
void detail::drop(synchronizer<Store>& core, held_permits held) noexcept {
  const bool is_unwinding = !held.were_in_flight(uncaught_exceptions());
  if (is_unwinding && Store::word::changes_value(held.count()) && !core.is_lenient()) {
    if (fault::poison_in_two_steps) core.fail(Store::word::poisoned);
    core.fail(Store::word::poisoned, fault::poison_keeps_lock ? 0 : held.count());
  } else {
    core.put(held.count());
  }
}

#define PAWL_INSTANTIATE(Store) \
  template void detail::drop(synchronizer<Store>& core, held_permits held) noexcept;
PAWL_FOR_EACH_STORE(PAWL_INSTANTIATE)
#undef PAWL_INSTANTIATE

PAWL_END
