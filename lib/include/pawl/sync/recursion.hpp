#pragma once
// Of who waits for a lock that he has himself: a build with PAWL_DEBUG tells him.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/waiter.hpp>
#include <pawl/task/known_frame.hpp>

PAWL_BEGIN

namespace detail {

// A lock that somebody is about to wait for, without a limit. Nobody else can let go of a guard
// that is on the stack of the waiting thread, or in the frame of the waiting coroutine, or in one
// that goes on only after that: if the guard excludes what is wanted, the wait has no end. Guards
// elsewhere are nobody's: nothing is said of them.
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

}  // namespace detail

PAWL_END
