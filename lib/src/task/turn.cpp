#include <pawl/task/turn.hpp>

PAWL_BEGIN

namespace detail {

void turn::spend() noexcept {
  unsigned& spent = thread_slot<turn>::get().spent;
  if (spent < most && !fault::operations_are_free) ++spent;
}

bool turn::is_counted() noexcept { return thread_slot<turn>::get().spent != none; }

bool turn::is_spent(unsigned budget) noexcept {
  const unsigned spent = thread_slot<turn>::get().spent;
  return spent != none && spent >= budget;
}

}  // namespace detail

PAWL_END
