#include <pawl/backend/namespace.hpp>

#if defined(PAWL_BACKEND_DEBUG)

#include <pawl/backend/backend.hpp>
#include <pawl/task/bit_lock.hpp>

#include <pthread.h>

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

// Marks on the stacks of threads, all of them: there are few at a time. Whoever ends one may be
// another thread than the one whose stack it is on.
struct known_mark {
  const ownership_mark* mark = nullptr;
  const void* of = nullptr;
  const stack_bounds* whose = nullptr;
};
constinit std::array<known_mark, 256> known;
constinit std::size_t used = 0;  // those after have no mark
constinit bit_lock known_lock;

known_mark* find(const ownership_mark* mark) noexcept {
  for (std::size_t i = 0; i < used; ++i) {
    if (known[i].mark == mark) return &known[i];
  }
  return nullptr;
}

const void* forget(const ownership_mark* mark) noexcept {
  const bit_lock_guard guard(known_lock);
  known_mark* const found = find(mark);
  if (found == nullptr) return nullptr;
  const void* const of = found->of;
  *found = known[--used];
  known[used] = {};
  return of;
}

}  // namespace

void ownership_mark::begin(const void* of) noexcept {
  const stack_bounds& here = own_stack();
  const auto address = reinterpret_cast<std::uintptr_t>(this);
  if (address < here.low || address >= here.high) return;
  const bit_lock_guard guard(known_lock);
  if (used != known.size()) known[used++] = {this, of, &here};
}

void ownership_mark::end() noexcept { forget(this); }

// What was somewhere else before stays unknown: somebody may have passed it on.
void ownership_mark::take(ownership_mark& other) noexcept {
  if (const void* const of = forget(&other)) begin(of);
}

bool ownership_mark::is_held_here(const void* of) noexcept {
  const stack_bounds& here = own_stack();
  const bit_lock_guard guard(known_lock);
  for (std::size_t i = 0; i < used; ++i) {
    if (known[i].of == of && known[i].whose == &here) return true;
  }
  return false;
}

}  // namespace detail

PAWL_END

#endif
