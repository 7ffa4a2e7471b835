#pragma once
// Ownership of permits.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/permit_store.hpp>
#include <pawl/sync/unwinding.hpp>
#include <pawl/sync/waiter.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

class semaphore;

namespace detail {

template <class Permit>
class acquire_awaiter;

struct owned_acquire;

// How many permits, and how many exceptions were in flight when they were granted (usually none,
// which makes the word the number of permits).
class held_permits {
 public:
  constexpr held_permits() noexcept = default;
  constexpr held_permits(count_t count, unsigned exceptions) noexcept
      : bits_(count | count_t{exceptions < most ? exceptions : most} << shift) {}

  [[nodiscard]] constexpr count_t count() const noexcept {
    return bits_ & counting_word::max_permits;
  }

  // Returns: whether that many exceptions were in flight at the grant.
  [[nodiscard]] constexpr bool were_in_flight(unsigned exceptions) const noexcept {
    return bits_ >> shift >= (exceptions < most ? exceptions : most);
  }

  [[nodiscard]] constexpr held_permits more(count_t n) const noexcept {
    return held_permits(bits_ + n);
  }
  [[nodiscard]] constexpr held_permits less(count_t n) const noexcept {
    return held_permits(bits_ - n);
  }

  // Returns: count(), or, if exceptions were in flight, what no counting_word absorbs.
  [[nodiscard]] constexpr count_t count_if_granted_under_none() const noexcept { return bits_; }

 private:
  static constexpr unsigned shift = 48;
  static constexpr unsigned most = 127;  // more exceptions in flight are not told apart

  constexpr explicit held_permits(count_t bits) noexcept : bits_(bits) {}

  count_t bits_ = 0;
};

// Permits of one semaphore, owned: given back when the object is destroyed. They come from
// acquiring only, so none can be forged.
//
// If the destructor runs because of an exception that was not in flight when the permit was
// acquired, and the semaphore was made with on_unwind::poison, it poisons the semaphore instead.
//
// Owner is semaphore* (the semaphore must outlive the permit) or std::shared_ptr<semaphore>. Not
// synchronized: one permit object is one thread's at a time. What happens before the release of a
// permit happens before the return of the acquire that takes it (SEM-HB).
//
// Complexity: O(1), without a look at the semaphore, but for what gives permits back (destruction,
//   assignment, release), which costs what semaphore::release does.
template <class Owner>
class [[nodiscard]] basic_permit {
 public:
  using owner_type = Owner;

  // Owns nothing, of no semaphore; so does a permit that was moved from, released or forgotten.
  basic_permit() noexcept = default;

  basic_permit(basic_permit&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), held_(other.held_) {}

  // Effects: releases what *this holds, then takes over.
  basic_permit& operator=(basic_permit&& other) noexcept {
    if (this == &other) return *this;
    release();
    owner_ = std::exchange(other.owner_, nullptr);
    held_ = other.held_;
    return *this;
  }

  // Effects: as release(), or poisons the semaphore (see above).
  ~basic_permit() {
    if (owner_ == nullptr) return;
    const bool released =
        nothing_is_in_flight() && owner_->core_.try_put_now(held_.count_if_granted_under_none());
    if (!released) [[unlikely]] {
      drop();
    }
  }

  // Returns: how many permits *this holds; 0 is possible for an owner, too.
  [[nodiscard]] count_t count() const noexcept { return owner_ != nullptr ? held_.count() : 0; }

  // Returns: whether *this belongs to a semaphore.
  explicit operator bool() const noexcept { return owner_ != nullptr; }

  // Returns: the semaphore, null if there is none.
  [[nodiscard]] const Owner& owner() const noexcept { return owner_; }

  // Effects: moves k of the permits into the result.
  // Returns: that; exceeds_limit{k, count()} if k > count(), and nothing has changed.
  result<basic_permit> split(count_t k);

  // Effects: moves all permits of `other` into *this; nothing if `other` belongs to no semaphore.
  // Throws: std::invalid_argument if it belongs to another semaphore; std::length_error if the sum
  //   exceeds max_permits. Then nothing has changed.
  void merge(basic_permit&& other);

  // Effects: the permits are never given back. Returns: how many there were.
  count_t forget() && noexcept {
    const count_t forgotten = count();
    owner_ = nullptr;
    return forgotten;
  }

  // Effects: gives the permits back now, exceptions or not. Resumes inline what has no scheduler.
  void release() noexcept {
    if (const Owner owner = std::exchange(owner_, nullptr)) owner->release(held_.count());
  }

 private:
  friend class pawl::PAWL_BACKEND_NAMESPACE::semaphore;
  friend owned_acquire;
  friend acquire_awaiter<basic_permit>;

  // Precondition: there is an owner.
  basic_permit(Owner owner, held_permits held) noexcept : owner_(std::move(owner)), held_(held) {
    if (owner_ == nullptr) __builtin_unreachable();
  }

  // A fresh grant.
  basic_permit(Owner owner, count_t count) noexcept
      : basic_permit(std::move(owner), held_permits(count, uncaught_exceptions())) {}

  [[gnu::cold, gnu::noinline]] void drop() noexcept;

  Owner owner_ = nullptr;
  held_permits held_;  // meaningless without owner
};

}  // namespace detail

extern template class detail::basic_permit<semaphore*>;
extern template class detail::basic_permit<std::shared_ptr<semaphore>>;

using permit = detail::basic_permit<semaphore*>;
using owned_permit = detail::basic_permit<std::shared_ptr<semaphore>>;

PAWL_END
