#pragma once
// A mutex that blocks threads, except the one that has it.

#include <pawl/backend/backend.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

#include <cstdint>

PAWL_BEGIN

namespace blocking {

// Has the members of std::recursive_timed_mutex. The thread that has it may lock it again, and
// unlocks it as often as it has locked it. Otherwise as mutex: order, memory ordering, allocation,
// complexity.
class recursive_mutex {
 public:
  // How often one thread may lock it at a time.
  static constexpr std::uint32_t max_depth = ~std::uint32_t{0};

  constexpr recursive_mutex() noexcept = default;
  recursive_mutex(const recursive_mutex&) = delete;
  recursive_mutex& operator=(const recursive_mutex&) = delete;

  // Precondition: as of mutex.
  ~recursive_mutex() = default;

  // Effects: blocks until the calling thread has the lock.
  // Throws: std::logic_error if it has it max_depth times; nothing has changed.
  void lock() {
    if (!lock_again()) {
      lock_.lock();
      own();
    }
  }

  // Effects: as above, but a stop request ends the wait. If the stop was requested before the call,
  //   nothing is locked. Returns: whether it is locked.
  [[nodiscard]] bool lock(stop_token token) {
    if (token.stop_requested()) return false;
    return lock_again() || own_if(lock_.lock(token));
  }

  // Returns: whether it is locked; not by another thread, that is.
  [[nodiscard]] bool try_lock() { return lock_again() || own_if(lock_.try_lock()); }

  // Effects: as lock(), but gives up at the deadline. Returns: whether it is locked.
  [[nodiscard]] bool try_lock_until(steady_clock::time_point deadline) {
    return lock_again() || own_if(lock_.try_lock_until(deadline));
  }
  [[nodiscard]] bool try_lock_for(steady_clock::duration timeout) {
    return try_lock_until(detail::deadline_after(timeout));
  }

  // Effects: takes back one lock; the last one wakes who has waited longest.
  // Throws: std::logic_error if the calling thread does not have it; nothing has changed.
  void unlock();

  // What was true at some moment during the call; what concerns the calling thread is exact.
  [[nodiscard]] bool is_locked() const noexcept { return lock_.is_locked(); }
  [[nodiscard]] bool is_mine() const noexcept {
    // [recursive.1] relaxed: a thread reads its own parker only if it wrote it itself.
    return owner_.load(memory_order_relaxed) == &parker::current();
  }

 private:
  bool lock_again();
  bool own_if(bool locked) noexcept {
    if (locked) own();
    return locked;
  }
  void own() noexcept;

  mutex lock_;
  std::uint32_t depth_ = 0;         // the owner's
  atomic<parker*> owner_{nullptr};  // written by the owner
};

}  // namespace blocking

PAWL_END
