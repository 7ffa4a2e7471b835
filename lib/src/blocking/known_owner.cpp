#include <pawl/blocking/known_owner.hpp>

#if defined(PAWL_BACKEND_DEBUG)

#include <pawl/task/bit_lock.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

PAWL_BEGIN

namespace detail {

namespace {

struct known_lock {
  const void* lock = nullptr;
  const parker* owner = nullptr;  // stands for its thread
};

constinit std::array<known_lock, 256> known;
constinit std::size_t used = 0;
constinit bit_lock known_lock_lock;

known_lock* find(const void* lock) noexcept {
  known_lock* const end = known.data() + used;
  known_lock* const at =
      std::find_if(known.data(), end, [lock](const known_lock& k) { return k.lock == lock; });
  return at == end ? nullptr : at;
}

}  // namespace

void known_owner::begin(const void* lock) noexcept {
  const bit_lock_guard guard(known_lock_lock);
  if (used != known.size()) known[used++] = {lock, &parker::current()};
}

void known_owner::end(const void* lock) noexcept {
  const bit_lock_guard guard(known_lock_lock);
  if (known_lock* const found = find(lock)) *found = known[--used];
}

void known_owner::refuse(const void* lock) {
  const bit_lock_guard guard(known_lock_lock);
  const known_lock* const found = find(lock);
  if (found != nullptr && found->owner == &parker::current()) {
    throw std::logic_error("lock() by the thread that has the lock already");
  }
}

}  // namespace detail

PAWL_END

#endif
