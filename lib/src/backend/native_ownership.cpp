#include <pawl/backend/namespace.hpp>

#if defined(PAWL_BACKEND_DEBUG)

#include <pawl/backend/backend.hpp>
#include <pawl/task/bit_lock.hpp>

#include <pthread.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

PAWL_BEGIN

namespace detail {

namespace {

// The address of a thread's is its name, too.
struct stack_bounds {
  std::uintptr_t low = 0, high = 0;
};

stack_bounds& own_stack() noexcept {
  stack_bounds& mine = thread_slot<stack_bounds>::get();
  pthread_attr_t attributes;
  if (mine.high != 0 || pthread_getattr_np(pthread_self(), &attributes) != 0) return mine;
  void* low = nullptr;
  std::size_t size = 0;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    mine.low = reinterpret_cast<std::uintptr_t>(low);
    mine.high = mine.low + size;
  }
  pthread_attr_destroy(&attributes);
  return mine;
}

// Marks of all threads: there are few at a time. Whoever ends one may be another thread than the
// one whose stack it is on.
struct known_mark {
  const ownership_mark* mark = nullptr;
  const void* of = nullptr;
  std::uint64_t unit = 0;
  const stack_bounds* whose = nullptr;  // null: it was on no stack of who began it
};
constinit std::array<known_mark, 1024> marks;
constinit std::size_t used = 0;  // those after have no mark
constinit bit_lock marks_lock;

known_mark forget(const ownership_mark* mark) noexcept {
  const bit_lock_guard guard(marks_lock);
  const auto end = marks.begin() + used;
  const auto found = std::find_if(marks.begin(), end, [mark](auto& m) { return m.mark == mark; });
  if (found == end) return {};
  const known_mark forgotten = *found;
  *found = marks[--used];
  return forgotten;
}

}  // namespace

void ownership_mark::begin(const void* of, std::uint64_t unit) noexcept {
  if (unit == 0) return;
  const stack_bounds& here = own_stack();
  const auto address = reinterpret_cast<std::uintptr_t>(this);
  const bool is_here = address >= here.low && address < here.high;
  const bit_lock_guard guard(marks_lock);
  if (used != marks.size()) marks[used++] = {this, of, unit, is_here ? &here : nullptr};
}

void ownership_mark::end() noexcept { static_cast<void>(forget(this)); }

void ownership_mark::take(ownership_mark& other) noexcept {
  const known_mark taken = forget(&other);
  begin(taken.of, taken.unit);
}

bool ownership_mark::any(const void* of, bool (*is_it)(const void* context, const known&) noexcept,
                         const void* context) noexcept {
  const stack_bounds* const here = &own_stack();
  const bit_lock_guard guard(marks_lock);
  return std::any_of(marks.begin(), marks.begin() + used, [&](const known_mark& m) {
    return m.of == of && is_it(context, {m.mark, m.unit, m.whose == here});
  });
}

}  // namespace detail

PAWL_END

#endif
