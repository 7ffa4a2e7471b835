#include <pawl/task/known_frame.hpp>

#if defined(PAWL_BACKEND_DEBUG)

#include <new>
#include <utility>

PAWL_BEGIN

namespace detail {

namespace {

// From the allocation of a frame to the making of the promise in it.
struct new_frame {
  std::uintptr_t low = 0;
  std::size_t size = 0;
};

}  // namespace

void* known_frame::operator new(std::size_t size) {
  void* const frame = ::operator new(size);
  thread_slot<new_frame>::get() = {reinterpret_cast<std::uintptr_t>(frame), size};
  return frame;
}

void known_frame::operator delete(void* frame, std::size_t size) noexcept {
  ::operator delete(frame, size);
}

known_frame::known_frame() noexcept {
  const new_frame mine = std::exchange(thread_slot<new_frame>::get(), {});
  if (reinterpret_cast<std::uintptr_t>(this) - mine.low >= mine.size) return;
  low_ = mine.low;
  size_ = mine.size;
}

bool known_frame::encloses(const void* address) const noexcept {
  const auto looked_for = reinterpret_cast<std::uintptr_t>(address);
  for (const known_frame* at = this; at != nullptr; at = at->outer_) {
    if (looked_for - at->low_ < at->size_) return true;
  }
  return false;
}

}  // namespace detail

PAWL_END

#endif
