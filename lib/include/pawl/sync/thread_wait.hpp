#pragma once
// A thread that waits.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/wait.hpp>

PAWL_BEGIN

namespace detail {

// Lives on the stack of the waiting thread, which parks. Use: one of the functions, once.
template <class Store>
class thread_wait final : public wait<Store> {
 public:
  thread_wait(synchronizer<Store>& core, count_t weight, bool up_to) noexcept;

  // Effects: takes a place in the queue and blocks until there is a verdict. What this resumes
  //   inline runs before the thread parks.
  // Returns: the verdict; weight() is what was granted.
  verdict block() noexcept;
  verdict block(stop_token token) noexcept;
  verdict block_until(steady_clock::time_point deadline) noexcept;

 private:
  static void wake(work_item& self) noexcept;

  void park() noexcept;
  verdict resumed() noexcept;

  parker& parker_;
};

}  // namespace detail

PAWL_END
