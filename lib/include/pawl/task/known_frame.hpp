#pragma once
// Where the frames of coroutines are, and who awaits whom: a build with PAWL_DEBUG knows it.

#include <pawl/backend/backend.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>

PAWL_BEGIN

namespace detail {

// A part of a coroutine's promise. A build with PAWL_DEBUG finds by it the coroutines that go on
// only after this one has ended, to tell of a task that waits for itself; otherwise it is nothing.
class known_frame {
 public:
#if defined(PAWL_BACKEND_DEBUG)
  static constexpr bool is_known = true;

  static void* operator new(std::size_t size);
  static void operator delete(void* frame, std::size_t size) noexcept;

  // (A frame that did not come from `new` is a part of another one.)
  known_frame() noexcept;

  // Effects: whose frame `by` is goes on after this coroutine has ended. Null: nobody knows who.
  void begin_inside(const known_frame* by) noexcept { outer_ = by; }

  // Returns: whether the address is in this frame, or in one that goes on only after it.
  [[nodiscard]] bool encloses(const void* address) const noexcept;

 private:
  std::uintptr_t low_ = 0;
  std::size_t size_ = 0;
  const known_frame* outer_ = nullptr;
#else
  static constexpr bool is_known = false;

  constexpr void begin_inside(const known_frame* /*by*/) noexcept {}
#endif
};

// Returns: the frame of the coroutine; null if its promise does not know.
template <class Promise>
const known_frame* known_frame_of(std::coroutine_handle<Promise> coroutine) noexcept {
  if constexpr (std::derived_from<Promise, known_frame>) {
    return &coroutine.promise();
  } else {
    return nullptr;
  }
}

}  // namespace detail

PAWL_END
