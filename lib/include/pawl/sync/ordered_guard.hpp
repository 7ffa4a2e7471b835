#pragma once
// A lock that is in the books of an order, and access to what it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/backend/fault.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_order.hpp>
#include <pawl/sync/ordered.hpp>
#include <pawl/sync/unlocked_guard.hpp>

#include <coroutine>
#include <utility>

PAWL_BEGIN

// As Guard, a guard of a mutex or shared_mutex, of all or a part of the value. It is in the books
// of the order until it lets go. Whoever locked is the holder, whichever thread or task the guard
// is moved to, until hand_over says otherwise.
//
// Complexity: a small lock of the order for each move, too.
template <class Guard>
class [[nodiscard]] ordered_guard : Guard {
  static constexpr bool downgrades = requires(Guard g) { std::move(g).downgrade(); };
  static constexpr bool writes = requires(Guard g) { std::move(g).downgrade_to_upgradable(); };
  static constexpr bool upgrades = requires(Guard g) { g.try_upgrade(); };

 public:
  // Holds nothing; so does one that was moved from, unlocked, forgotten, mapped, upgraded or
  // downgraded.
  ordered_guard() noexcept = default;
  ordered_guard(ordered_guard&&) noexcept = default;
  ordered_guard& operator=(ordered_guard&& other) noexcept {
    held_ = std::move(other.held_);
    Guard::operator=(std::move(other.guard()));
    return *this;
  }
  ~ordered_guard() = default;  // out of the books first

  // For what makes guards: takes over one that holds a lock.
  ordered_guard(Guard&& guard, const detail::ordered_lock& of, lock_holder who) noexcept
      : Guard(std::move(guard)), held_(of, who) {}
  ordered_guard(Guard&& guard, detail::held_lock&& held) noexcept
      : Guard(std::move(guard)), held_(std::move(held)) {}

  using Guard::operator bool;
  using Guard::operator*;
  using Guard::operator->;

  // Effects: from now on `who` is the holder.
  void hand_over(lock_holder who) noexcept { held_.hand_over(who); }

  // Effects, throw: as those of Guard. Who forgets it is not said to have it any more.
  void unlock() {
    if (!fault::release_unseen) held_.let_go();
    Guard::unlock();
  }
  void forget() && noexcept {
    held_.let_go();
    std::move(guard()).forget();
  }

  // Effects, return, throw: as those of Guard; what they give is in the books in place of *this.
  template <class F>
  auto map(F&& f) && {
    return carried(std::move(guard()).map(std::forward<F>(f)));
  }
  template <class F>
  auto try_map(F&& f) && {
    return either(std::move(guard()).try_map(std::forward<F>(f)));
  }
  auto downgrade() &&
    requires downgrades
  {
    return carried(std::move(guard()).downgrade());
  }
  auto downgrade_to_upgradable() &&
    requires writes
  {
    return carried(std::move(guard()).downgrade_to_upgradable());
  }
  template <class F>
  auto downgrade_map(F&& f) &&
    requires writes
  {
    return carried(std::move(guard()).downgrade_map(std::forward<F>(f)));
  }
  template <class F>
  auto try_downgrade_map(F&& f) &&
    requires writes
  {
    return either(std::move(guard()).try_downgrade_map(std::forward<F>(f)));
  }

  // Effects, return: as those of Guard, an upgradable_guard. They wait for the readers, so they are
  //   checked as a lock() is: against all else that the caller holds; but try_upgrade().
  // Throw: lock_order_violation, and *this is as it was; std::logic_error if *this holds no lock.
  template <class... End>
  auto upgrade(End... end)
    requires upgrades
  {
    return start([&] { return Guard::upgrade(end...); });
  }
  auto upgrade_until(steady_clock::time_point deadline)
    requires upgrades
  {
    return start([&] { return Guard::upgrade_until(deadline); });
  }
  auto upgrade_for(steady_clock::duration timeout)
    requires upgrades
  {
    return start([&] { return Guard::upgrade_for(timeout); });
  }
  template <class... End>
  auto upgrade_blocking(End... end)
    requires upgrades
  {
    return block([&] { return Guard::upgrade_blocking(end...); });
  }
  auto upgrade_blocking_until(steady_clock::time_point deadline)
    requires upgrades
  {
    return block([&] { return Guard::upgrade_blocking_until(deadline); });
  }
  auto upgrade_blocking_for(steady_clock::duration timeout)
    requires upgrades
  {
    return block([&] { return Guard::upgrade_blocking_for(timeout); });
  }
  auto try_upgrade()
    requires upgrades
  {
    return enter(Guard::try_upgrade(), call());
  }

 private:
  template <class Mutex, class Op>
  friend class detail::observed_lock_awaiter;
  friend detail::unlocked_guard<ordered_guard>;
  using call = detail::ordered_call;

  Guard& guard() noexcept { return *this; }

  template <class Other>
  auto carried(Other other) noexcept {
    return ordered_guard<Other>(std::move(other), std::move(held_));
  }
  template <class Part>
  auto either(tl::expected<Part, Guard> narrowed) noexcept {
    using expected = tl::expected<ordered_guard<Part>, ordered_guard>;
    if (!narrowed) return expected(tl::unexpect, carried(std::move(narrowed.error())));
    return expected(tl::in_place, *std::move(narrowed), std::move(held_));
  }

  template <class Make>
  auto start(Make make) {
    return observed_lock_op<ordered_guard, decltype(make())>(*this, make);
  }
  template <class Wait>
  auto block(Wait wait) {
    const call by;
    admit(by);
    return enter(wait(), by);
  }

  void admit(const call& by) const {
    if (held_ && !fault::upgrade_unchecked) held_.check_more(by.who());
  }
  template <class Other>
  result<ordered_guard<Other>> enter(result<Other> upgraded, const call&) noexcept {
    if (!upgraded) return tl::unexpected<error>(upgraded.error());
    return result<ordered_guard<Other>>(tl::in_place, *std::move(upgraded), std::move(held_));
  }

  detail::held_lock held_;
};

namespace detail {

template <class Guard>
inline constexpr bool is_whole_guard<ordered_guard<Guard>> = is_whole_guard<Guard>;

// Out of the books while the lock is let go of. To lock again is to wait for it, with all else that
// the caller holds.
template <class Guard>
class unlocked_guard<ordered_guard<Guard>> : public unlocked_guard<Guard> {
 public:
  explicit unlocked_guard(ordered_guard<Guard>& guard)
      : unlocked_guard<Guard>(guard.guard()), held_(guard.held_) {}

  void admit() const { check(lock_holder::this_thread()); }
  template <class Promise>
  void admit(std::coroutine_handle<Promise> by) const {
    check(lock_holder::of(by));
  }

  void begin() noexcept {
    away_ = held_.leave();
    unlocked_guard<Guard>::begin();
  }
  void end() noexcept {
    unlocked_guard<Guard>::end();
    held_.come_back(away_);
  }

 private:
  void check(lock_holder who) const {
    if (held_ && !fault::relock_unchecked) held_.check_more(who);
  }

  held_lock& held_;
  held_lock::absent away_;
};

template <class Guard>
struct owned_acquire<ordered_guard<Guard>> : owned_ordered_acquire<ordered_guard, Guard> {};

}  // namespace detail

PAWL_END
