#pragma once
// Ownership of a lock of any kind, and access to a part of what it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/holding.hpp>

#include <cassert>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

// What the holder of a lock may do with the value: look at it, as others may at the same time, or
// change it. Who dies of an exception poisons if he may have left it half changed.
struct shared_access {
  static constexpr bool poisons = false;
};
struct exclusive_access {
  static constexpr bool poisons = true;
};

template <class Owner, class Access, class T>
class basic_mapped_guard;

template <class Guard>
class unlocked_guard;

// Throws: std::logic_error that says what was attempted with a guard.
[[noreturn]] void throw_holds_nothing(const char* attempted);

// A lock, owned: unlocked when the object is destroyed. It comes from locking only, so none can be
// forged.
//
// If the destructor runs because of an exception that was not in flight when the lock was granted,
// the lock gave access to change the value, and was made with on_unwind::poison, it is poisoned in
// the same step.
//
// Exceptions are counted, not told apart. So a lock that was granted while one unwound the stack of
// the granting thread, to a coroutine that resumes inline there, does not poison by a later one.
//
// Owner points to the lock, which must outlive its ownership unless that is a std::shared_ptr. Not
// synchronized: one such object is one thread's at a time, but may be passed on to another.
// Whatever happens while it is held happens before the return of the next lock that excludes it.
//
// Guard is the guard that derives from it; Access is one of the above.
template <class Guard, class Owner, class Access>
class [[nodiscard]] lock_ownership : public holding<Owner, Access::poisons> {
  using base = holding<Owner, Access::poisons>;

 public:
  // Effects: unlocks, exceptions or not; never poisons. Resumes inline what has no scheduler.
  // Throws: std::logic_error if *this holds no lock.
  void unlock() {
    if (owner_ == nullptr) throw_holds_nothing("unlock");
    note_access();
    this->give_back();
  }

  // Effects: leaves it locked, for force_unlock() and its relatives.
  void forget() && noexcept { static_cast<void>(this->disown()); }

  // Effects: gives up access to all but what f(*guard) refers to, f(value) if it is the value that
  //   the lock protects; *this holds nothing any more. If f throws, *this is as it was.
  // Returns: a mapped guard of that.
  template <class F>
  auto map(F&& f) && {
    auto& part = std::invoke(std::forward<F>(f), *guard());
    return narrowed_to(part);
  }

  // Effects: as map, for f that points to a part; if it is null, *this is given back.
  // Returns: tl::expected of a mapped guard, or else of *this.
  template <class F>
  auto try_map(F&& f) && {
    auto* const part = std::invoke(std::forward<F>(f), *guard());
    using expected = tl::expected<decltype(narrowed_to(*part)), Guard>;
    if (part == nullptr) return expected(tl::unexpect, std::move(guard()));
    return expected(narrowed_to(*part));
  }

 protected:
  using base::owner_;

  lock_ownership() noexcept = default;
  lock_ownership(Owner owner, held_permits held) noexcept : base(std::move(owner), held) {}
  lock_ownership(lock_ownership&&) noexcept = default;
  lock_ownership& operator=(lock_ownership&& other) noexcept {
    if (this != &other) note_access();
    base::operator=(std::move(other));
    return *this;
  }
  ~lock_ownership() { note_access(); }

  // Effects: for the checker, an access to all that the lock protects: when a guard begins to give
  //   access, and when it ends.
  void note_access() const noexcept {
    if (owner_ != nullptr) owner_->note_access(Access());
  }

  // Returns: a guard of the part; *this holds nothing any more.
  template <class T>
  auto narrowed_to(T& part) noexcept {
    using lock = typename std::pointer_traits<Owner>::element_type::lock_base;
    using owner = typename std::pointer_traits<Owner>::template rebind<lock>;
    return basic_mapped_guard<owner, Access, T>(hand_on(), this->held_, part);
  }

 private:
  Guard& guard() noexcept { return static_cast<Guard&>(*this); }
  Owner hand_on() noexcept { return fault::mapped_lock_kept ? owner_ : this->disown(); }
};

// A lock and a part of what it protects.
template <class Owner, class Access, class T>
class [[nodiscard]] basic_mapped_guard
    : public lock_ownership<basic_mapped_guard<Owner, Access, T>, Owner, Access> {
 public:
  // Holds nothing; so does a guard that was moved from, unlocked, forgotten or mapped.
  basic_mapped_guard() noexcept = default;

  // Precondition: *this holds the lock; so it is for all access.
  T& operator*() const noexcept {
    assert(*this && "there is no access without the lock");
    return *value_;
  }
  T* operator->() const noexcept { return std::addressof(**this); }

 private:
  template <class Guard, class OtherOwner, class OtherAccess>
  friend class lock_ownership;

  basic_mapped_guard(Owner owner, held_permits held, T& value) noexcept
      : lock_ownership<basic_mapped_guard, Owner, Access>(std::move(owner), held),
        value_(std::addressof(value)) {}

  T* value_ = nullptr;
};

}  // namespace detail

PAWL_END
