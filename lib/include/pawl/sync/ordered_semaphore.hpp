#pragma once
// A semaphore that knows its place in an order of locks.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/ordered.hpp>
#include <pawl/sync/semaphore.hpp>

#include <utility>

PAWL_BEGIN

// As Permit, of an ordered_semaphore. It is in the books of the order as long as it has permits to
// give back: others may wait for them. Whoever acquired is the holder, whichever thread or task the
// permit is moved to, until hand_over says otherwise.
template <class Permit>
class [[nodiscard]] basic_ordered_permit : Permit {
 public:
  // Owns nothing, of no semaphore; so does a permit that was moved from, released or forgotten.
  basic_ordered_permit() noexcept = default;
  basic_ordered_permit(basic_ordered_permit&&) noexcept = default;
  basic_ordered_permit& operator=(basic_ordered_permit&& other) noexcept {
    held_ = std::move(other.held_);
    Permit::operator=(std::move(other.bare()));
    return *this;
  }
  ~basic_ordered_permit() = default;  // out of the books first

  // For what makes permits: takes over one of a semaphore.
  basic_ordered_permit(Permit&& granted, const detail::ordered_lock& of, lock_holder who) noexcept
      : Permit(std::move(granted)),
        held_(count() != 0 ? detail::held_lock(of, who) : detail::held_lock()) {}
  basic_ordered_permit(Permit&& granted, detail::held_lock&& held) noexcept
      : Permit(std::move(granted)), held_(std::move(held)) {
    settle();
  }

  using Permit::operator bool;
  using Permit::count;

  // Effects: from now on `who` is the holder.
  void hand_over(lock_holder who) noexcept { held_.hand_over(who); }

  // Effects, return, throw: as those of Permit. What is split off has the same holder; so has what
  //   is merged in, from then on. Who forgets permits is not said to have them any more.
  [[nodiscard]] result<basic_ordered_permit> split(count_t k) {
    auto part = Permit::split(k);
    if (!part) return tl::unexpected<error>(part.error());
    auto held = fault::split_permit_unseen ? detail::held_lock() : held_.again();
    settle();
    return result<basic_ordered_permit>(tl::in_place, *std::move(part), std::move(held));
  }
  void merge(basic_ordered_permit&& other) {
    Permit::merge(std::move(other.bare()));
    if (this == &other) return;
    if (!held_) held_ = std::move(other.held_);
    other.held_.let_go();
  }
  count_t forget() && noexcept {
    held_.let_go();
    return std::move(bare()).forget();
  }
  void release() noexcept {
    held_.let_go();
    Permit::release();
  }

 private:
  Permit& bare() noexcept { return *this; }

  // Effects: takes it out of the books if nothing is left.
  void settle() noexcept {
    if (count() == 0) held_.let_go();
  }

  detail::held_lock held_;
};

using ordered_permit = basic_ordered_permit<permit>;
using owned_ordered_permit = basic_ordered_permit<owned_permit>;

template <class Permit>
struct detail::owned_acquire<basic_ordered_permit<Permit>>
    : detail::owned_ordered_acquire<basic_ordered_permit, Permit> {};

// A semaphore whose every acquire is checked against an order, before it waits. What a semaphore
// promises, it promises, too; the tries and acquire_all, which do not wait, are not checked.
//
// A permit is a lock as the order sees it: when none is left, who wants one waits for who has one.
// So who holds permits of a semaphore does not wait for more of it: of two who do, each may wait
// for the other. That is `recursion`; take them at once. 0 permits are no lock; but whoever
// acquires 0 waits in turn, and is checked. Of a semaphore as a signal, whose permits are forgotten
// by who acquired and released by others, nobody is a holder.
//
// It is made from its kind, and what a semaphore is made from.
//
// Throws, from all others: lock_order_violation, and nothing was acquired; nobody waits.
// With lock_checking::off it is a semaphore, in size as well.
template <lock_checking Mode = lock_checking::on>
class ordered_semaphore : public detail::ordered<semaphore, basic_ordered_permit> {
  using base = detail::ordered<semaphore, basic_ordered_permit>;

 public:
  static constexpr count_t max_permits = semaphore::max_permits;

  explicit ordered_semaphore(const lock_kind& kind, count_t permits,
                             on_unwind policy = on_unwind::poison) noexcept
      : base(kind, permits, policy) {}

  // Effects, return: as those of semaphore; `end` is nothing, or a stop_token.
  template <class... End>
  auto acquire(count_t n = 1, End... end) noexcept {
    return this->start([&] { return of_.acquire(n, end...); });
  }
  auto acquire_until(count_t n, steady_clock::time_point deadline) noexcept {
    return this->start([&] { return of_.acquire_until(n, deadline); });
  }
  auto acquire_for(count_t n, steady_clock::duration timeout) noexcept {
    return this->start([&] { return of_.acquire_for(n, timeout); });
  }
  template <class... End>
  [[nodiscard]] result<ordered_permit> acquire_blocking(count_t n = 1, End... end) {
    return this->block([&] { return of_.acquire_blocking(n, end...); });
  }
  [[nodiscard]] result<ordered_permit> acquire_blocking_until(count_t n,
                                                              steady_clock::time_point deadline) {
    return this->block([&] { return of_.acquire_blocking_until(n, deadline); });
  }
  [[nodiscard]] result<ordered_permit> acquire_blocking_for(count_t n,
                                                            steady_clock::duration timeout) {
    return this->block([&] { return of_.acquire_blocking_for(n, timeout); });
  }
  [[nodiscard]] result<ordered_permit> try_acquire(count_t n = 1) noexcept {
    return this->enter(of_.try_acquire(n));
  }

  template <class... End>
  auto acquire_up_to(count_t n, End... end) noexcept {
    return this->start([&] { return of_.acquire_up_to(n, end...); });
  }
  auto acquire_up_to_until(count_t n, steady_clock::time_point deadline) noexcept {
    return this->start([&] { return of_.acquire_up_to_until(n, deadline); });
  }
  auto acquire_up_to_for(count_t n, steady_clock::duration timeout) noexcept {
    return this->start([&] { return of_.acquire_up_to_for(n, timeout); });
  }
  template <class... End>
  [[nodiscard]] result<ordered_permit> acquire_up_to_blocking(count_t n, End... end) {
    return this->block([&] { return of_.acquire_up_to_blocking(n, end...); });
  }
  [[nodiscard]] result<ordered_permit> acquire_up_to_blocking_until(
      count_t n, steady_clock::time_point deadline) {
    return this->block([&] { return of_.acquire_up_to_blocking_until(n, deadline); });
  }
  [[nodiscard]] result<ordered_permit> acquire_up_to_blocking_for(count_t n,
                                                                  steady_clock::duration timeout) {
    return this->block([&] { return of_.acquire_up_to_blocking_for(n, timeout); });
  }
  [[nodiscard]] result<ordered_permit> try_acquire_up_to(count_t n) noexcept {
    return this->enter(of_.try_acquire_up_to(n));
  }

  // Returns: as that of semaphore.
  ordered_permit acquire_all() noexcept {
    return ordered_permit(of_.acquire_all(), lock_, lock_holder::this_thread());
  }

  // As those of semaphore: none of them waits.
  void release(count_t n = 1) noexcept { of_.release(n); }
  result<void> try_release(count_t n = 1) noexcept { return of_.try_release(n); }
  count_t forget_permits(count_t n) noexcept { return of_.forget_permits(n); }
  void shrink(count_t n) noexcept { of_.shrink(n); }
  void close() noexcept { of_.close(); }
  [[nodiscard]] bool is_closed() const noexcept { return of_.is_closed(); }
  [[nodiscard]] count_t available_permits() const noexcept { return of_.available_permits(); }
};

template <>
class ordered_semaphore<lock_checking::off> : public semaphore {
 public:
  constexpr explicit ordered_semaphore(const lock_kind&, count_t permits,
                                       on_unwind policy = on_unwind::poison) noexcept
      : semaphore(permits, policy) {}
};

ordered_semaphore(const lock_kind&, count_t) -> ordered_semaphore<>;
ordered_semaphore(const lock_kind&, count_t, on_unwind) -> ordered_semaphore<>;

static_assert(sizeof(ordered_semaphore<lock_checking::off>) == sizeof(semaphore));

PAWL_END
