#pragma once
// A mutex that knows its place in an order of locks.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/observed_mutex.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

// Observes who holds the lock, and refuses what is against the order.
class order_keeper {
 public:
  class call {
   public:
    call() noexcept : who_(lock_holder::this_thread()) {}
    template <class Promise>
    explicit call(std::coroutine_handle<Promise> by) noexcept : who_(lock_holder::of(by)) {}

    void waits() const noexcept {}

   private:
    friend order_keeper;
    lock_holder who_;
  };

  class held {
   public:
    held() noexcept = default;
    held(order_keeper& by, const call& call) noexcept : lock_(&by.lock_) { hand_over(call.who_); }

    void hand_over(lock_holder who) noexcept { lock_->kind().order().acquired(*lock_, who); }
    void let_go() noexcept { lock_->kind().order().released(*lock_); }

   private:
    ordered_lock* lock_ = nullptr;
  };

  explicit order_keeper(const lock_kind& kind) noexcept : lock_(kind) {}

  // Throws: lock_order_violation.
  void admit(const call& by) { kind().order().check(lock_, by.who_); }

  [[nodiscard]] const lock_kind& kind() const noexcept { return lock_.kind(); }

 private:
  ordered_lock lock_;
};

}  // namespace detail

enum class lock_checking : std::uint8_t { off, on };

// It is in the books of the order until it lets go. Whoever locked is the holder, whichever thread
// or task the guard is moved to, until hand_over says otherwise.
template <class T>
using ordered_mutex_guard = observed_mutex_guard<detail::order_keeper, T>;

// A mutex<T> whose every lock is checked against an order, before it waits. What a mutex<T>
// promises, it promises, too; try_lock and clear_poison, which do not wait, are not checked.
//
// It is made from its kind, and what a mutex<T> is made from.
//
// Throws, from all others: lock_order_violation, and nothing was locked; nobody waits.
// With lock_checking::off it is a mutex<T>, in size as well.
template <class T = void, lock_checking Mode = lock_checking::on>
class ordered_mutex : public observed_mutex<detail::order_keeper, T> {
  using base = observed_mutex<detail::order_keeper, T>;

 public:
  using base::base;

  [[nodiscard]] const lock_kind& kind() const noexcept { return this->observer().kind(); }
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
