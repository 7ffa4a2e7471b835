#pragma once
// A shared_mutex that knows its place in an order of locks.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/ordered.hpp>
#include <pawl/sync/ordered_guard.hpp>
#include <pawl/sync/shared_mutex.hpp>

#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class T>
using ordered_read_guard = ordered_guard<read_guard<T>>;
template <class T>
using ordered_upgradable_guard = ordered_guard<upgradable_guard<T>>;
template <class T>
using ordered_write_guard = ordered_guard<write_guard<T>>;

template <class T>
using owned_ordered_read_guard = ordered_guard<owned_read_guard<T>>;
template <class T>
using owned_ordered_upgradable_guard = ordered_guard<owned_upgradable_guard<T>>;
template <class T>
using owned_ordered_write_guard = ordered_guard<owned_write_guard<T>>;

// A shared_mutex<T> whose every lock, of each of the three kinds, and every upgrade is checked
// against an order, before it waits. What a shared_mutex<T> promises, it promises, too; what does
// not wait, the tries and clear_poison, is not checked.
//
// The three ways have one place in the order: readers do not exclude one another, but a writer that
// waits between them makes each wait for the other. So a reader that reads again, as it might wait
// for itself, is convicted of recursion.
//
// It is made from its kind, and what a shared_mutex<T> is made from.
//
// Throws, from all others: lock_order_violation, and nothing was locked; nobody waits.
// With lock_checking::off it is a shared_mutex<T>, in size as well.
template <class T = void, lock_checking Mode = lock_checking::on>
class ordered_shared_mutex : public detail::ordered<shared_mutex<T>, ordered_guard> {
  using base = detail::ordered<shared_mutex<T>, ordered_guard>;
  using base::of_;

 public:
  using guard = ordered_write_guard<T>;
  using shared_guard = ordered_read_guard<T>;
  using upgrade_guard = ordered_upgradable_guard<T>;
  using owned_guard = owned_ordered_write_guard<T>;  // see lock_owned, lock_shared_owned
  using owned_shared_guard = owned_ordered_read_guard<T>;
  using owned_upgrade_guard = owned_ordered_upgradable_guard<T>;

  template <class... Args>
    requires std::is_constructible_v<shared_mutex<T>, Args...>
  explicit ordered_shared_mutex(const lock_kind& kind, Args&&... args)
      : base(kind, std::forward<Args>(args)...) {}

  // Effects, return: as those of shared_mutex<T>; `end` is nothing, or a stop_token.
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

  template <class... End>
  auto lock_shared(End... end) noexcept {
    return this->start([&] { return of_.lock_shared(end...); });
  }
  auto lock_shared_until(steady_clock::time_point deadline) noexcept {
    return this->start([&] { return of_.lock_shared_until(deadline); });
  }
  auto lock_shared_for(steady_clock::duration timeout) noexcept {
    return this->start([&] { return of_.lock_shared_for(timeout); });
  }
  template <class... End>
  [[nodiscard]] result<shared_guard> lock_shared_blocking(End... end) {
    return this->block([&] { return of_.lock_shared_blocking(end...); });
  }
  [[nodiscard]] result<shared_guard> lock_shared_blocking_until(steady_clock::time_point deadline) {
    return this->block([&] { return of_.lock_shared_blocking_until(deadline); });
  }
  [[nodiscard]] result<shared_guard> lock_shared_blocking_for(steady_clock::duration timeout) {
    return this->block([&] { return of_.lock_shared_blocking_for(timeout); });
  }
  [[nodiscard]] result<shared_guard> try_lock_shared() noexcept {
    return this->enter(of_.try_lock_shared());
  }

  template <class... End>
  auto lock_upgrade(End... end) noexcept {
    return this->start([&] { return of_.lock_upgrade(end...); });
  }
  auto lock_upgrade_until(steady_clock::time_point deadline) noexcept {
    return this->start([&] { return of_.lock_upgrade_until(deadline); });
  }
  auto lock_upgrade_for(steady_clock::duration timeout) noexcept {
    return this->start([&] { return of_.lock_upgrade_for(timeout); });
  }
  template <class... End>
  [[nodiscard]] result<upgrade_guard> lock_upgrade_blocking(End... end) {
    return this->block([&] { return of_.lock_upgrade_blocking(end...); });
  }
  [[nodiscard]] result<upgrade_guard> lock_upgrade_blocking_until(
      steady_clock::time_point deadline) {
    return this->block([&] { return of_.lock_upgrade_blocking_until(deadline); });
  }
  [[nodiscard]] result<upgrade_guard> lock_upgrade_blocking_for(steady_clock::duration timeout) {
    return this->block([&] { return of_.lock_upgrade_blocking_for(timeout); });
  }
  [[nodiscard]] result<upgrade_guard> try_lock_upgrade() noexcept {
    return this->enter(of_.try_lock_upgrade());
  }

  void force_unlock() { of_.force_unlock(); }
  void force_unlock_shared() { of_.force_unlock_shared(); }
  void force_unlock_upgrade() { of_.force_unlock_upgrade(); }
  [[nodiscard]] bool is_locked() const noexcept { return of_.is_locked(); }
  [[nodiscard]] bool is_locked_exclusively() const noexcept { return of_.is_locked_exclusively(); }
  [[nodiscard]] count_t readers() const noexcept { return of_.readers(); }
  [[nodiscard]] count_t max_readers() const noexcept { return of_.max_readers(); }
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
class ordered_shared_mutex<T, lock_checking::off> : public shared_mutex<T> {
 public:
  template <class... Args>
    requires std::is_constructible_v<shared_mutex<T>, Args...>
  constexpr explicit ordered_shared_mutex(const lock_kind&, Args&&... args)
      : shared_mutex<T>(std::forward<Args>(args)...) {}
};

static_assert(sizeof(ordered_shared_mutex<void*, lock_checking::off>) ==
              sizeof(shared_mutex<void*>));

PAWL_END
