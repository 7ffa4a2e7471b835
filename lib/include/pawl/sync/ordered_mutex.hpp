#pragma once
// A mutex that knows its place in an order of locks.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/mutex.hpp>
#include <pawl/sync/ordered.hpp>
#include <pawl/sync/ordered_guard.hpp>

#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class T>
using ordered_mutex_guard = ordered_guard<mutex_guard<T>>;
template <class T>
using owned_ordered_mutex_guard = ordered_guard<owned_mutex_guard<T>>;

// A mutex<T> whose every lock is checked against an order, before it waits. What a mutex<T>
// promises, it promises, too; try_lock and clear_poison, which do not wait, are not checked.
//
// It is made from its kind, and what a mutex<T> is made from.
//
// Throws, from all others: lock_order_violation, and nothing was locked; nobody waits.
// With lock_checking::off it is a mutex<T>, in size as well.
template <class T = void, lock_checking Mode = lock_checking::on>
class ordered_mutex : public detail::ordered<mutex<T>, ordered_guard> {
  using base = detail::ordered<mutex<T>, ordered_guard>;
  using base::of_;

 public:
  using guard = ordered_mutex_guard<T>;
  using owned_guard = owned_ordered_mutex_guard<T>;  // see lock_owned

  template <class... Args>
    requires std::is_constructible_v<mutex<T>, Args...>
  explicit ordered_mutex(const lock_kind& kind, Args&&... args)
      : base(kind, std::forward<Args>(args)...) {}

  // Effects, return: as those of mutex<T>; `end` is nothing, or a stop_token.
  template <class... End>
  auto lock(End... end) noexcept {
    return this->start([&] { return of_.lock(end...); });
  }
  auto lock_until(steady_clock::time_point deadline) noexcept {
    return this->start([&] { return of_.lock_until(deadline); });
  }
  auto lock_for(steady_clock::duration timeout) noexcept {
    return this->start([&] { return of_.lock_for(timeout); });
  }
  template <class... End>
  [[nodiscard]] result<guard> lock_blocking(End... end) {
    return this->block([&] { return of_.lock_blocking(end...); });
  }
  [[nodiscard]] result<guard> lock_blocking_until(steady_clock::time_point deadline) {
    return this->block([&] { return of_.lock_blocking_until(deadline); });
  }
  [[nodiscard]] result<guard> lock_blocking_for(steady_clock::duration timeout) {
    return this->block([&] { return of_.lock_blocking_for(timeout); });
  }
  [[nodiscard]] result<guard> try_lock() noexcept { return this->enter(of_.try_lock()); }
  result<guard> clear_poison() noexcept { return this->enter(of_.clear_poison()); }

  void force_unlock() { of_.force_unlock(); }
  [[nodiscard]] bool is_locked() const noexcept { return of_.is_locked(); }
  template <class U = T>
    requires std::is_object_v<U>
  U& unguarded() & {
    return of_.unguarded();
  }
  template <class U = T>
    requires std::is_object_v<U>
  U&& unguarded() && {
    return std::move(of_).unguarded();
  }
};

template <class T>
class ordered_mutex<T, lock_checking::off> : public mutex<T> {
 public:
  template <class... Args>
    requires std::is_constructible_v<mutex<T>, Args...>
  constexpr explicit ordered_mutex(const lock_kind&, Args&&... args)
      : mutex<T>(std::forward<Args>(args)...) {}
};

static_assert(sizeof(ordered_mutex<void*, lock_checking::off>) == sizeof(mutex<void*>));

PAWL_END
