#pragma once
// A guard whose lock is let go for a while.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/holding.hpp>
#include <pawl/sync/lock_ownership.hpp>
#include <pawl/sync/mutex_guard.hpp>
#include <pawl/sync/shared_mutex_guard.hpp>

#include <coroutine>
#include <utility>

PAWL_BEGIN

namespace detail {

template <class Guard>
inline constexpr bool is_whole_guard = false;
template <class Owner, class T>
inline constexpr bool is_whole_guard<basic_mutex_guard<Owner, T>> = true;
template <class Owner, class T, class Kind>
inline constexpr bool is_whole_guard<basic_shared_mutex_guard<Owner, T, Kind>> = true;

}  // namespace detail

// What a lock can be let go of through, and be locked again as it was: a guard of a mutex or
// shared_mutex, owned or not, for reading, writing or upgradable; ordered_guard and tracked of one.
// Not a mapped one: when it comes back, the part may be gone.
template <class Guard>
concept whole_guard = detail::is_whole_guard<Guard>;

namespace detail {

// Meanwhile the guard holds nothing, and *this keeps the owner. (What has a guard and keeps books
// of it specializes this, and inherits the one of its guard.)
template <class Guard>
class unlocked_guard {
 public:
  using store_type = typename Guard::store_type;
  using core_type = synchronizer<store_type>;
  static constexpr count_t unit = Guard::unit;

  // Throws: std::logic_error if the guard holds no lock.
  explicit unlocked_guard(Guard& guard) : guard_(guard) {
    if (!guard) throw_holds_nothing("wait");
  }

  // Precondition: the guard holds the lock.
  core_type& core() const noexcept { return guard_.core(); }

  // Effects: nothing, if the calling thread, the coroutine, may wait for the lock again.
  // Throws, if there is an order of locks: lock_order_violation; nothing has changed.
  void admit() const noexcept {}
  template <class Promise>
  void admit(std::coroutine_handle<Promise> /*by*/) const noexcept {}

  // Effects: the guard holds nothing; the caller unlocks, and locks again: then it calls end(), or
  //   lose() if that failed.
  void begin() noexcept {
    guard_.note_access();
    owner_ = guard_.disown();
  }

  // Effects: the guard holds what the caller has locked again.
  void end() noexcept {
    guard_ = Guard(std::move(owner_), held_permits(unit, exceptions_for<Guard>()));
  }

  // Effects: the guard has lost the lock for good.
  void lose() const noexcept {}

 private:
  Guard& guard_;
  typename Guard::owner_type owner_ = nullptr;
};

}  // namespace detail

PAWL_END
