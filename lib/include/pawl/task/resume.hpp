#pragma once
// How the library resumes coroutines.

#include <pawl/backend/backend.hpp>
#include <pawl/task/trampoline.hpp>
#include <pawl/task/unhandled.hpp>
#include <pawl/task/work_item.hpp>

#include <coroutine>

// Symmetric transfer needs tail calls, which gcc does not make under sanitizers or unoptimised
// (there only with -foptimize-sibling-calls): then the trampoline takes over, and bounds the stack.
#if !defined(PAWL_SYMMETRIC_TRANSFER)
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
#define PAWL_SYMMETRIC_TRANSFER 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PAWL_SYMMETRIC_TRANSFER 0
#else
#define PAWL_SYMMETRIC_TRANSFER 1
#endif
#else
#define PAWL_SYMMETRIC_TRANSFER 1
#endif
#endif

PAWL_BEGIN

// Effects: resumes the coroutine. An exception that leaves it (its promise rethrows) goes to
//   on_unhandled.
inline void resume(std::coroutine_handle<> coroutine) noexcept {
  try {
    coroutine.resume();
  } catch (...) {
    on_unhandled(std::current_exception());
  }
}

// Resumes a coroutine when it runs.
struct resume_item : work_item {
  explicit resume_item(std::coroutine_handle<> c = {}) noexcept
      : work_item(&resume_coroutine), coroutine(c) {}

  cell<std::coroutine_handle<>> coroutine;

 private:
  // Resuming may destroy the item.
  static void resume_coroutine(work_item& self) noexcept {
    resume(static_cast<resume_item&>(self).coroutine.read());
  }
};

namespace detail {

// Passes control from a suspended coroutine to another one, as the last act of an await_suspend:
// `result await_suspend(…) { …; return transfer_.to(other); }`. Lives in the awaiting coroutine.
class transfer {
 public:
#if PAWL_SYMMETRIC_TRANSFER
  using result = std::coroutine_handle<>;

  result to(std::coroutine_handle<> other) noexcept { return other; }
#else
  using result = void;

  // This object may be gone when the call returns.
  result to(std::coroutine_handle<> other) noexcept {
    item_.coroutine.write(other);
    run_inline(item_);
  }

 private:
  resume_item item_;
#endif
};

}  // namespace detail

PAWL_END
