#pragma once
// Ownership of a lock, and access to what it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/holding.hpp>
#include <pawl/sync/single_permit.hpp>

#include <cassert>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class T>
class mutex;

namespace detail {

class mutex_base;

template <class Owner, class T>
class basic_mapped_mutex_guard;

template <class Grant>
struct granting;

template <class Grant>
struct owned_acquire;

// Throws: std::logic_error that says what was attempted.
[[noreturn]] void throw_locked(const char* attempted);
[[noreturn]] void throw_not_locked(const char* attempted);

// The lock of a mutex, owned: unlocked when the object is destroyed. It comes from locking only, so
// none can be forged.
//
// If the destructor runs because of an exception that was not in flight when the lock was granted,
// and the mutex was made with on_unwind::poison, the mutex is poisoned in the same step.
//
// Owner points to the mutex, which must outlive the lock unless that is a std::shared_ptr. Not
// synchronized: one such object is one thread's at a time, but may be passed on to another.
// Whatever happens while it is held happens before the return of the next lock (MUTEX-HB).
//
// Guard is the guard that derives from it.
template <class Guard, class Owner>
class [[nodiscard]] mutex_ownership : public holding<Owner> {
 public:
  // Effects: unlocks, exceptions or not; never poisons. Resumes inline what has no scheduler.
  // Throws: std::logic_error if *this holds no lock.
  void unlock() {
    if (owner_ == nullptr) throw_not_locked("unlock");
    end_access();
    this->give_back();
  }

  // Effects: leaves the mutex locked, for force_unlock().
  void forget() && noexcept { static_cast<void>(this->disown()); }

  // Effects: gives up access to all but what f(*guard) refers to, f(value) if it is the value that
  //   the mutex protects; *this holds nothing any more. If f throws, *this is as it was.
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
  using holding<Owner>::owner_;

  mutex_ownership() noexcept = default;
  mutex_ownership(Owner owner, held_permits held) noexcept
      : holding<Owner>(std::move(owner), held) {}
  mutex_ownership(mutex_ownership&&) noexcept = default;
  mutex_ownership& operator=(mutex_ownership&& other) noexcept {
    if (this != &other) end_access();
    holding<Owner>::operator=(std::move(other));
    return *this;
  }
  ~mutex_ownership() { end_access(); }

 private:
  using owner_of_parts = typename std::pointer_traits<Owner>::template rebind<mutex_base>;

  Guard& guard() noexcept { return static_cast<Guard&>(*this); }

  // Returns: a guard of the part; *this holds nothing any more.
  template <class T>
  basic_mapped_mutex_guard<owner_of_parts, T> narrowed_to(T& part) noexcept {
    return {hand_on(), this->held_, part};
  }
  Owner hand_on() noexcept { return fault::mapped_lock_kept ? owner_ : this->disown(); }

  void end_access() noexcept {
    if (owner_ != nullptr) owner_->note_access();
  }
};

// A lock and a part of what the mutex protects.
template <class Owner, class T>
class [[nodiscard]] basic_mapped_mutex_guard
    : public mutex_ownership<basic_mapped_mutex_guard<Owner, T>, Owner> {
 public:
  // Holds nothing; so does a guard that was moved from, unlocked, forgotten or mapped.
  basic_mapped_mutex_guard() noexcept = default;

  // Precondition: *this holds the lock; so it is for all access.
  T& operator*() const noexcept {
    assert(*this && "there is no access without the lock");
    return *value_;
  }
  T* operator->() const noexcept { return std::addressof(**this); }

 private:
  template <class Guard, class OtherOwner>
  friend class mutex_ownership;

  basic_mapped_mutex_guard(Owner owner, held_permits held, T& value) noexcept
      : mutex_ownership<basic_mapped_mutex_guard, Owner>(std::move(owner), held),
        value_(std::addressof(value)) {}

  T* value_ = nullptr;
};

// A lock and all of what the mutex protects.
template <class Owner, class T>
class [[nodiscard]] basic_mutex_guard : public mutex_ownership<basic_mutex_guard<Owner, T>, Owner> {
  using reference = std::add_lvalue_reference_t<T>;

 public:
  using store_type = single_permit;

  // Holds nothing; so does a guard that was moved from, unlocked, forgotten or mapped.
  basic_mutex_guard() noexcept = default;

  // Precondition: *this holds the lock; so it is for all access.
  reference operator*() const noexcept
    requires(!std::is_void_v<T>)
  {
    assert(*this && "there is no access without the lock");
    return this->owner_->value_;
  }
  auto operator->() const noexcept
    requires(!std::is_void_v<T>)
  {
    return std::addressof(**this);
  }

 private:
  friend class pawl::PAWL_BACKEND_NAMESPACE::mutex<T>;
  friend granting<basic_mutex_guard>;
  template <class Grant>
  friend struct owned_acquire;

  static constexpr const char* no_owner = "lock_owned: there is no mutex";

  basic_mutex_guard(Owner owner, held_permits held) noexcept
      : mutex_ownership<basic_mutex_guard, Owner>(std::move(owner), held) {
    this->owner_->note_access();
  }
};

}  // namespace detail

template <class T>
using mutex_guard = detail::basic_mutex_guard<mutex<T>*, T>;
template <class T>
using owned_mutex_guard = detail::basic_mutex_guard<std::shared_ptr<mutex<T>>, T>;

// `mapped_mutex_guard<T>`: whatever the mutex protects, this part of it is a T.
template <class T>
using mapped_mutex_guard = detail::basic_mapped_mutex_guard<detail::mutex_base*, T>;
template <class T>
using owned_mapped_mutex_guard =
    detail::basic_mapped_mutex_guard<std::shared_ptr<detail::mutex_base>, T>;

PAWL_END
