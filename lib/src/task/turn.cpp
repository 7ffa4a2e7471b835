#include <pawl/task/turn.hpp>

PAWL_BEGIN

namespace detail {

void turn::spend() noexcept {
  std::uint64_t& spent = thread_slot<turn>::get().spent;
  if (spent != none && !fault::operations_are_free) ++spent;
}

bool turn::is_spent(unsigned budget) noexcept {
  const std::uint64_t spent = thread_slot<turn>::get().spent;
  return spent != none && spent >= budget;
}

}  // namespace detail

PAWL_END
