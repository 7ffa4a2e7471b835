#pragma once
// A mutex, whatever it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_ownership.hpp>
#include <pawl/sync/recursion.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/sync/unwinding.hpp>
#include <pawl/task/stop_token.hpp>

PAWL_BEGIN

namespace detail {

template <class Grant>
class acquire_awaiter;

template <class Owner, bool Poisons>
class holding;

// Throws: std::logic_error that says what was attempted.
[[noreturn]] void throw_locked(const char* attempted);
[[noreturn]] void throw_not_locked(const char* attempted);

// One permit and its queue, with the names of a lock.
class mutex_base {
 public:
  using lock_base = mutex_base;

  mutex_base(const mutex_base&) = delete;
  mutex_base& operator=(const mutex_base&) = delete;

  // Effects: who waits, and whoever comes, fails with `poisoned` until clear_poison(). The holder
  //   of the lock keeps it.
  void poison() noexcept { core_.fail(single_word::poisoned); }

  // Effects: unlocks after a guard was forgotten, as its unlock() would have.
  // Throws: std::logic_error if the mutex is not locked; nothing has changed.
  void force_unlock();

  // What was true at some moment during the call. A mutex that is being handed over is locked.
  [[nodiscard]] bool is_locked() const noexcept {
    const single_word now = core_.look();
    return now.available() == 0 || (now.has(single_word::queued) && !now.has(single_word::failed));
  }
  [[nodiscard]] bool is_poisoned() const noexcept {
    return core_.look().has(single_word::poisoned);
  }
  [[nodiscard]] bool has_waiters() const noexcept { return core_.look().has(single_word::queued); }

 protected:
  constexpr explicit mutex_base(on_unwind policy) noexcept
      : core_(1, policy == on_unwind::release ? single_word::lenient : 0) {}
  ~mutex_base() = default;

  // Effects: the uncontended lock. Returns: false if it has to be looked into: lock_slowly.
  bool try_lock_now() noexcept { return core_.try_take_now(1); }

  // Effects: lock for a thread. Returns: granted, or why not; pending, if a try has to wait.
  [[gnu::cold, gnu::noinline]] verdict try_lock_slowly() noexcept;
  // Throws: std::logic_error, built with PAWL_DEBUG, if the calling thread waited for itself, or
  //   runs tasks and has to wait.
  [[gnu::cold, gnu::noinline]] verdict lock_slowly();
  verdict lock_slowly(stop_token token) noexcept;
  verdict lock_slowly_until(steady_clock::time_point deadline) noexcept;

  // Effects: locks a poisoned mutex too, and ends the poison.
  verdict try_recover() noexcept { return core_.try_recover(1); }

  // For the checker: whoever holds the lock has access to all that it protects, from the grant to
  // the release. So two that hold it without one before the other are a data race.
  void note_access(exclusive_access) noexcept { access_.write({}); }

 private:
  template <class Grant>
  friend class acquire_awaiter;
  template <class Owner, bool Poisons>
  friend class holding;
  template <class Guard, class Owner, class Access>
  friend class lock_ownership;

  struct protected_data {};

  [[nodiscard]] wanted_lock wanted(count_t unit) const noexcept {
    return {"mutex", this, unit, [](count_t, count_t) noexcept { return true; }};
  }

  synchronizer<single_permit> core_;
  [[no_unique_address]] cell<protected_data> access_;
};

}  // namespace detail

PAWL_END
