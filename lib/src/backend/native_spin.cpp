#include <pawl/backend/native/limits.hpp>
#include <pawl/backend/native/spin.hpp>
#include <pawl/backend/native/thread.hpp>

PAWL_BEGIN

namespace detail {

void spin_backoff::wait() noexcept {
  if (pauses_ > limits::most_pauses) {
    this_thread::yield();
    return;
  }
  for (unsigned i = 0; i < pauses_; ++i) spin_hint();
  pauses_ *= 2;
}

}  // namespace detail

PAWL_END
