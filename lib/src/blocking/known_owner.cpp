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

struct known_share {
  const void* lock = nullptr;
  known_owner::share which = 0;
  const parker* owner = nullptr;  // stands for its thread
};

constinit std::array<known_share, 256> shares;
constinit std::size_t used = 0;
constinit bit_lock shares_lock;

// Effects: forgets those, the first or all. Returns: whether there were any.
template <class F>
bool forget(F those, bool all) noexcept {
  const std::size_t before = used;
  for (std::size_t i = 0; i < used && (all || used == before);) {
    if (those(shares[i])) {
      shares[i] = shares[--used];
    } else {
      ++i;
    }
  }
  return used != before;
}

}  // namespace

void known_owner::begin(const void* lock, share which) noexcept {
  const bit_lock_guard guard(shares_lock);
  if (used != shares.size()) shares[used++] = {lock, which, &parker::current()};
}

void known_owner::end(const void* lock, share which) noexcept {
  const parker* const me = &parker::current();
  const auto fits = [=](const known_share& s) { return s.lock == lock && s.which == which; };
  const bit_lock_guard guard(shares_lock);
  const bool was_mine =
      forget([&](const known_share& s) { return fits(s) && s.owner == me; }, false);
  if (!was_mine) forget(fits, true);
}

void known_owner::refuse(const void* lock, share any, const char* text) {
  const parker* const me = &parker::current();
  const bit_lock_guard guard(shares_lock);
  const auto end = shares.begin() + used;
  const bool is_mine = std::any_of(shares.begin(), end, [=](const known_share& s) {
    return s.lock == lock && (s.which & any) != 0 && s.owner == me;
  });
  if (is_mine) throw std::logic_error(text);
}

}  // namespace detail

PAWL_END

#endif
