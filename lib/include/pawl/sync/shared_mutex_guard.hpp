#pragma once
// Ownership of a shared_mutex that is locked in one of three ways, and access to what it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquire_op.hpp>
#include <pawl/sync/holding.hpp>
#include <pawl/sync/lock_ownership.hpp>
#include <pawl/sync/shared_mutex_base.hpp>
#include <pawl/sync/shared_permits.hpp>
#include <pawl/sync/take.hpp>
#include <pawl/sync/unwinding.hpp>
#include <pawl/task/stop_token.hpp>

#include <cassert>
#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class T>
class shared_mutex;

namespace detail {

template <class Grant>
struct owned_acquire;

// The three ways.
struct reading {
  using access = shared_access;
  static constexpr count_t unit = shared_word::reader;
  static constexpr const char* no_owner =
      "lock_shared_owned: a null pointer, but there must be a shared_mutex";
};
struct upgradable {
  using access = shared_access;
  static constexpr count_t unit = shared_word::upgradable;
  static constexpr const char* no_owner =
      "lock_upgrade_owned: a null pointer, but there must be a shared_mutex";
};
struct writing {
  using access = exclusive_access;
  static constexpr count_t unit = shared_word::writer;
  static constexpr const char* no_owner =
      "lock_owned: a null pointer, but there must be a shared_mutex";
};

// A lock, and all of what the shared_mutex protects: to look at, unless it is a write_guard.
template <class Owner, class T, class Kind>
class [[nodiscard]] basic_shared_mutex_guard
    : public lock_ownership<basic_shared_mutex_guard<Owner, T, Kind>, Owner,
                            typename Kind::access> {
  static constexpr bool writes = std::same_as<Kind, writing>;
  static constexpr bool upgrades = std::same_as<Kind, upgradable>;
  static constexpr bool downgrades = writes || upgrades;

  using value = std::conditional_t<writes, T, const T>;
  using read_guard = basic_shared_mutex_guard<Owner, T, reading>;
  using upgradable_guard = basic_shared_mutex_guard<Owner, T, upgradable>;
  using write_guard = basic_shared_mutex_guard<Owner, T, writing>;
  using upgrade_op = acquire_op<upgrading<Owner, T>>;
  using mode = acquire_terms::mode;

 public:
  using access = typename Kind::access;
  using store_type = shared_permits;
  static constexpr count_t unit = Kind::unit;

  // Holds nothing; so does a guard that was moved from, unlocked, forgotten, mapped, upgraded or
  // downgraded.
  basic_shared_mutex_guard() noexcept = default;

  // Precondition: *this holds the lock; so it is for all access.
  std::add_lvalue_reference_t<value> operator*() const noexcept
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

  // ---- write_guard, upgradable_guard ------------------------------------------------------------

  // Effects: others may read from now on, in turn: what waits behind a writer still does. No writer
  //   gets in before the result is unlocked (SHARED-DOWNGRADE). Resumes inline what has no
  //   scheduler. *this holds nothing any more.
  // Throws: std::logic_error if *this holds no lock.
  read_guard downgrade() &&
    requires downgrades
  {
    return this->template become<reading>("downgrade");
  }

  // ---- write_guard ------------------------------------------------------------------------------

  // Effects: as downgrade(), to a lock that may be upgraded again.
  upgradable_guard downgrade_to_upgradable() &&
    requires writes
  {
    return this->template become<upgradable>("downgrade_to_upgradable");
  }

  // Effects: as map(f), then downgrade: nobody else has access while f(const value&) runs. If f
  //   throws, *this is as it was.
  // Returns: a mapped guard for reading.
  template <class F>
  auto downgrade_map(F&& f) &&
    requires writes
  {
    const auto& part = std::invoke(std::forward<F>(f), std::as_const(**this));
    return std::move(*this).downgrade().narrowed_to(part);
  }

  // Effects: as downgrade_map, for f that points to a part; if it is null, *this is given back as
  //   it was.
  // Returns: tl::expected of a mapped guard for reading, or else of *this.
  template <class F>
  auto try_downgrade_map(F&& f) &&
    requires writes
  {
    const auto* const part = std::invoke(std::forward<F>(f), std::as_const(**this));
    using mapped = decltype(std::declval<read_guard>().narrowed_to(*part));
    using expected = tl::expected<mapped, write_guard>;
    if (part == nullptr) return expected(tl::unexpect, std::move(*this));
    return expected(std::move(*this).downgrade().narrowed_to(*part));
  }

  // ---- upgradable_guard -------------------------------------------------------------------------

  // Effects: waits for the readers to leave, before all others who wait (SHARED-UPGRADE), and
  //   becomes the writer: nobody writes between what *this has read and the result. *this holds
  //   nothing any more then; if it fails, it holds what it held. It is not to be touched meanwhile.
  // Returns: what to await: result<write_guard>; errors: cancelled, timed_out, poisoned.
  // Cancel safety: an upgrade that is cancelled leaves the lock as it was; who waits is let in as
  //   if it had not been tried.
  // Throws: std::logic_error if *this holds no lock.
  upgrade_op upgrade()
    requires upgrades
  {
    return {pointer_to_this(), shared_word::upgrade};
  }
  upgrade_op upgrade(stop_token token)
    requires upgrades
  {
    return {pointer_to_this(),
            {.count = shared_word::upgrade, .how = mode::stoppable, .token = token}};
  }
  upgrade_op upgrade_until(steady_clock::time_point deadline)
    requires upgrades
  {
    return {pointer_to_this(),
            {.count = shared_word::upgrade, .how = mode::timed, .deadline = deadline}};
  }
  upgrade_op upgrade_for(steady_clock::duration timeout)
    requires upgrades
  {
    return upgrade_until(deadline_after(timeout));
  }

  // Effects: as the upgrade of the same arguments, but blocks the calling thread.
  [[nodiscard]] result<write_guard> upgrade_blocking()
    requires upgrades
  {
    return upgraded(lock().lock_slowly(shared_word::upgrade));
  }
  [[nodiscard]] result<write_guard> upgrade_blocking(stop_token token)
    requires upgrades
  {
    return upgraded(lock().lock_slowly(shared_word::upgrade, token));
  }
  [[nodiscard]] result<write_guard> upgrade_blocking_until(steady_clock::time_point deadline)
    requires upgrades
  {
    return upgraded(lock().lock_slowly_until(shared_word::upgrade, deadline));
  }
  [[nodiscard]] result<write_guard> upgrade_blocking_for(steady_clock::duration timeout)
    requires upgrades
  {
    return upgrade_blocking_until(deadline_after(timeout));
  }

  // Effects: upgrades if there is no other reader, whoever waits.
  // Returns: the guard; would_block, poisoned.
  [[nodiscard]] result<write_guard> try_upgrade()
    requires upgrades
  {
    return upgraded(lock().try_lock_slowly(shared_word::upgrade));
  }

 private:
  friend class pawl::PAWL_BACKEND_NAMESPACE::shared_mutex<T>;
  friend granting<basic_shared_mutex_guard>;
  friend unlocked_guard<basic_shared_mutex_guard>;
  friend upgrading<Owner, T>;
  template <class Grant>
  friend struct owned_acquire;
  template <class OtherOwner, class U, class OtherKind>
  friend class basic_shared_mutex_guard;

  static constexpr const char* no_owner = Kind::no_owner;

  basic_shared_mutex_guard(Owner owner, held_permits held) noexcept
      : lock_ownership<basic_shared_mutex_guard, Owner, access>(std::move(owner), held) {
    this->note_access();
  }

  // Precondition, unless it throws: *this holds the lock.
  void require_lock(const char* called) const {
    if (!*this) throw_holds_nothing(called);
  }
  [[nodiscard]] shared_mutex_base& lock() const {
    require_lock("upgrade");
    return *this->owner_;
  }

  // Effects: gives back what a guard of the other kind does not need. The rest was never let go.
  template <class Other>
  basic_shared_mutex_guard<Owner, T, Other> become(const char* called) {
    require_lock(called);
    constexpr count_t surplus = unit - Other::unit;
    this->note_access();
    shared_mutex_base& lock = *this->owner_;
    basic_shared_mutex_guard<Owner, T, Other> other(this->disown(), this->held_.less(surplus));
    lock.core_.put(fault::downgrade_lets_go ? unit : surplus);
    return other;
  }

  typename upgrading<Owner, T>::owner_type pointer_to_this() {
    require_lock("upgrade");
    return {this};
  }

  [[nodiscard]] result<write_guard> upgraded(verdict v) {
    if (v == verdict::granted)
      return upgraded(held_permits(shared_word::upgrade, uncaught_exceptions()));
    if (v == verdict::pending) return failure(errc::would_block);
    return tl::unexpected<error>(refusal(v, 1));
  }

  // Effects: adds what was granted to what *this holds. Returns: who has it all.
  write_guard upgraded(held_permits added) noexcept {
    this->note_access();
    return write_guard(this->disown(), added.more(unit));
  }
};

// In the place of a guard: what an upgrade is granted goes to the guard that asked for it.
template <class Owner, class T>
class upgrading {
 public:
  using guard = basic_shared_mutex_guard<Owner, T, upgradable>;
  using store_type = shared_permits;

  // Leads through the guard to the lock.
  struct owner_type {
    using element_type = guard;
    shared_mutex_base* operator->() const noexcept { return &subject->lock(); }
    guard* subject;
  };

 private:
  friend granting<upgrading>;

  static auto finish(owner_type asked, held_permits added) noexcept {
    return asked.subject->upgraded(added);
  }
};

template <class Owner, class T>
struct granting<upgrading<Owner, T>> {
  using outcome = result<basic_shared_mutex_guard<Owner, T, writing>>;
  static outcome make(typename upgrading<Owner, T>::owner_type asked, held_permits added) noexcept {
    return upgrading<Owner, T>::finish(asked, added);
  }
};

}  // namespace detail

template <class T>
using read_guard = detail::basic_shared_mutex_guard<shared_mutex<T>*, T, detail::reading>;
template <class T>
using upgradable_guard = detail::basic_shared_mutex_guard<shared_mutex<T>*, T, detail::upgradable>;
template <class T>
using write_guard = detail::basic_shared_mutex_guard<shared_mutex<T>*, T, detail::writing>;

template <class T>
using owned_read_guard =
    detail::basic_shared_mutex_guard<std::shared_ptr<shared_mutex<T>>, T, detail::reading>;
template <class T>
using owned_upgradable_guard =
    detail::basic_shared_mutex_guard<std::shared_ptr<shared_mutex<T>>, T, detail::upgradable>;
template <class T>
using owned_write_guard =
    detail::basic_shared_mutex_guard<std::shared_ptr<shared_mutex<T>>, T, detail::writing>;

// Whatever the shared_mutex protects, this part of it is a T.
template <class T>
using mapped_read_guard =
    detail::basic_mapped_guard<detail::shared_mutex_base*, detail::shared_access, const T>;
template <class T>
using mapped_write_guard =
    detail::basic_mapped_guard<detail::shared_mutex_base*, detail::exclusive_access, T>;
template <class T>
using owned_mapped_read_guard =
    detail::basic_mapped_guard<std::shared_ptr<detail::shared_mutex_base>, detail::shared_access,
                               const T>;
template <class T>
using owned_mapped_write_guard =
    detail::basic_mapped_guard<std::shared_ptr<detail::shared_mutex_base>, detail::exclusive_access,
                               T>;

PAWL_END
