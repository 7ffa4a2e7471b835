#pragma once
// Ownership of what an acquire was granted.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/permit_store.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/unwinding.hpp>
#include <pawl/sync/waiter.hpp>

#include <memory>
#include <utility>

PAWL_BEGIN

namespace detail {

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

// Effects: gives back what is held, by the policy of the object if an exception unwinds it that was
//   not in flight when it was granted: all of ~holding that is not uncontended.
template <class Store>
[[gnu::cold, gnu::noinline]] void drop(synchronizer<Store>& core, held_permits held) noexcept;

// Returns: how many exceptions are in flight, as far as a Grant of now has to know. (Its `access`,
//   if it has one, says whether it may poison.)
template <class Grant>
unsigned exceptions_for() noexcept {
  if constexpr (requires { Grant::access::poisons; }) {
    return Grant::access::poisons ? uncaught_exceptions() : 0;
  } else {
    return uncaught_exceptions();
  }
}

// Whether it points to a lock, which whoever has it can't wait for.
template <class Owner>
concept owns_lock = requires { typename std::pointer_traits<Owner>::element_type::lock_base; };

// What permits and guards have in common: given back when the object is destroyed. Grants come from
// acquiring only, so none can be forged.
//
// Owner points to what has the synchronizer, its core_. If it does not poison, nobody asks whether
// exceptions are in flight. Not synchronized: one such object is one thread's at a time.
template <class Owner, bool Poisons = true>
class [[nodiscard]] holding {
 public:
  using owner_type = Owner;

  // Returns: whether *this holds anything.
  explicit operator bool() const noexcept { return owner_ != nullptr; }

  // Returns: the object that it is given back to, null if there is none.
  [[nodiscard]] const Owner& owner() const noexcept { return owner_; }

 protected:
  holding() noexcept = default;

  // Precondition: there is an owner.
  holding(Owner owner, held_permits held) noexcept : owner_(std::move(owner)), held_(held) {
    if (owner_ == nullptr) __builtin_unreachable();
    mark_.begin(std::addressof(*owner_), owns_lock<Owner> ? held.count() : 0);
  }

  holding(holding&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), held_(other.held_) {
    mark_.take(other.mark_);
  }

  // Effects: gives back what *this holds, then takes over.
  holding& operator=(holding&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    owner_ = std::exchange(other.owner_, nullptr);
    held_ = other.held_;
    mark_.take(other.mark_);
    return *this;
  }

  [[gnu::always_inline]] ~holding() {
    if (owner_ == nullptr) return;
    mark_.end();  // before others run here
    const bool released = (!Poisons || nothing_is_in_flight()) &&
                          owner_->core_.try_put_now(held_.count_if_granted_under_none());
    if (!released) [[unlikely]] {
      drop(owner_->core_, held_);
    }
  }

  // Effects: *this holds nothing any more. Returns: the owner.
  Owner disown() noexcept {
    mark_.end();
    return std::exchange(owner_, nullptr);
  }

  // Effects: as disown(). Returns: what was held.
  held_permits detach() noexcept {
    static_cast<void>(disown());
    return held_;
  }

  // Returns: what it is given back to. Precondition: there is an owner.
  [[nodiscard]] auto& core() const noexcept { return owner_->core_; }

  // Effects: gives back now, exceptions or not.
  void give_back() noexcept {
    if (const Owner owner = disown()) owner->core_.put(held_.count());
  }

  Owner owner_ = nullptr;
  held_permits held_;  // meaningless without owner

 private:
  [[no_unique_address]] ownership_mark mark_;
};

}  // namespace detail

PAWL_END
