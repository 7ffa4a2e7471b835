#include <pawl/blocking/known_owner.hpp>

#if defined(PAWL_BACKEND_DEBUG)

#include <pawl/task/bit_lock.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

PAWL_BEGIN

namespace detail {

namespace {

// A thread by a number of its own: what belongs to one that has ended, and another may unlock, is
// not the next one's, which may have all its addresses. 0: it has none yet.
struct known_thread {
  std::uint64_t number = 0;
};

struct known_share {
  const void* lock = nullptr;
  known_owner::share which = 0;
  std::uint64_t owner = 0;  // the number of its thread
};

std::uint64_t this_thread_number() noexcept {
  std::uint64_t& mine = thread_slot<known_thread>::get().number;
  if (mine == 0) mine = next_number<known_thread>();
  return mine;
}

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
  const std::uint64_t me = this_thread_number();
  const bit_lock_guard guard(shares_lock);
  if (used != shares.size()) shares[used++] = {lock, which, me};
}

void known_owner::end(const void* lock, share which) noexcept {
  const std::uint64_t me = this_thread_number();
  const auto fits = [=](const known_share& s) { return s.lock == lock && s.which == which; };
  const bit_lock_guard guard(shares_lock);
  const bool was_mine =
      forget([&](const known_share& s) { return fits(s) && s.owner == me; }, false);
  if (!was_mine) forget(fits, true);
}

void known_owner::refuse(const void* lock, share any, const char* text) {
  const std::uint64_t me = this_thread_number();
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
