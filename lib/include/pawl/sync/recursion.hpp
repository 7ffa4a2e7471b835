#pragma once
// Of who waits for a lock that he has himself, or blocks a thread that others need: a build with
// PAWL_DEBUG tells him.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/task/known_frame.hpp>

PAWL_BEGIN

namespace detail {

// A lock that somebody is about to wait for, without a limit. A guard that is on the stack of the
// waiting thread, or in the frame of the waiting coroutine, or in one that goes on only after that,
// is let go of by nobody meanwhile, but for who was given a reference to it: then it is told
// wrongly. If the guard excludes what is wanted, the wait has no end. (Who forgets a guard, for
// force_unlock, has none.) Guards elsewhere are nobody's: nothing is said of them.
class wanted_lock {
 public:
  // Returns: whether nobody gets `wanted` while somebody has `held`.
  using excludes = bool (*)(count_t held, count_t wanted) noexcept;

  constexpr wanted_lock(const char* name, const void* lock, count_t unit, excludes e) noexcept
      : name_(name), lock_(lock), unit_(unit), excludes_(e) {}

#if defined(PAWL_BACKEND_DEBUG)
  // Throws: std::logic_error if the calling thread, the awaiting coroutine would wait for itself.
  void refuse_thread() const;
  void refuse_task(const known_frame* awaiting) const;
#else
  constexpr void refuse_thread() const noexcept {}
  constexpr void refuse_task(const known_frame* /*awaiting*/) const noexcept {}
#endif

 private:
  [[maybe_unused]] const char* name_;
  [[maybe_unused]] const void* lock_;
  [[maybe_unused]] count_t unit_;
  [[maybe_unused]] excludes excludes_;
};

// Throws: std::logic_error, built with PAWL_DEBUG, if a scheduler runs tasks on the calling thread:
//   who is about to block it, without a limit, keeps them from going on.
#if defined(PAWL_BACKEND_DEBUG)
void refuse_to_block_tasks(const char* name);
#else
constexpr void refuse_to_block_tasks(const char* /*name*/) noexcept {}
#endif

// Effects: as take_blocking without a limit. Throws: as refuse_to_block_tasks, if it has to wait;
//   nothing has changed.
template <class Store>
verdict take_blocking_no_tasks(const char* name, synchronizer<Store>& core, count_t& n,
                               bool up_to) noexcept(!known_frame::is_known) {
  if constexpr (known_frame::is_known) {
    const verdict v = take(core, n, up_to);
    if (v != verdict::pending) return v;
    refuse_to_block_tasks(name);
  }
  return take_blocking(core, n, up_to);
}

}  // namespace detail

PAWL_END
