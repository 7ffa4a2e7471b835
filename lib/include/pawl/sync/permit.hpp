#pragma once
// Ownership of permits.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/unwinding.hpp>
#include <pawl/sync/waiter.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

class semaphore;
template <class Permit>
class acquire_op;

namespace detail {

struct owned_acquire;

// Permits of one semaphore, owned: given back when the object is destroyed. They come from
// acquiring only, so none can be forged.
//
// If the destructor runs because of an exception that was not in flight when the permit was
// acquired, and the semaphore was made with on_unwind::poison, it poisons the semaphore instead.
//
// Owner is semaphore* (the semaphore must outlive the permit) or std::shared_ptr<semaphore>. Not
// synchronized: one permit object is one thread's at a time. What happens before the release of a
// permit happens before the return of the acquire that takes it (SEM-HB).
template <class Owner>
class [[nodiscard]] basic_permit {
 public:
  using owner_type = Owner;

  // Owns nothing, of no semaphore; so does a permit that was moved from, released or forgotten.
  basic_permit() noexcept = default;

  basic_permit(basic_permit&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)),
        count_(other.count_),
        exceptions_(other.exceptions_) {}

  // Effects: releases what *this holds, then takes over.
  basic_permit& operator=(basic_permit&& other) noexcept {
    if (this == &other) return *this;
    release();
    owner_ = std::exchange(other.owner_, nullptr);
    count_ = other.count_;
    exceptions_ = other.exceptions_;
    return *this;
  }

  // Effects: as release(), or poisons the semaphore (see above).
  ~basic_permit() {
    if (owner_ == nullptr) return;
    if (uncaught_exceptions() > exceptions_) [[unlikely]] {
      unwind();
    } else {
      owner_->release(count_);
    }
  }

  // Returns: how many permits *this holds; 0 is possible for an owner, too.
  count_t count() const noexcept { return owner_ != nullptr ? count_ : 0; }

  // Returns: whether *this belongs to a semaphore.
  explicit operator bool() const noexcept { return owner_ != nullptr; }

  // Returns: the semaphore, null if there is none.
  const Owner& owner() const noexcept { return owner_; }

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
    if (const Owner owner = std::exchange(owner_, nullptr)) owner->release(count_);
  }

 private:
  friend class pawl::PAWL_BACKEND_NAMESPACE::semaphore;
  friend owned_acquire;
  friend acquire_op<basic_permit>;

  basic_permit(Owner owner, count_t count, unsigned exceptions) noexcept
      : owner_(std::move(owner)), count_(count), exceptions_(exceptions) {}

  // A fresh grant.
  basic_permit(Owner owner, count_t count) noexcept
      : basic_permit(std::move(owner), count, uncaught_exceptions()) {}

  [[gnu::cold, gnu::noinline]] void unwind() noexcept;

  Owner owner_ = nullptr;
  std::uint64_t count_ : 48 = 0;       // meaningless without owner
  std::uint64_t exceptions_ : 16 = 0;  // in flight when the permits were granted
};

}  // namespace detail

extern template class detail::basic_permit<semaphore*>;
extern template class detail::basic_permit<std::shared_ptr<semaphore>>;

using permit = detail::basic_permit<semaphore*>;
using owned_permit = detail::basic_permit<std::shared_ptr<semaphore>>;

PAWL_END
