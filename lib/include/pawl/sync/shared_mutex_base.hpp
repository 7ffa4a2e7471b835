#pragma once
// A shared mutex, whatever it protects.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/lock_ownership.hpp>
#include <pawl/sync/recursion.hpp>
#include <pawl/sync/shared_permits.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/task/stop_token.hpp>

#include <cstdint>

PAWL_BEGIN

// Who is next when readers and writers wait.
enum class lock_policy : std::uint8_t {
  fair,              // who came first
  writer_preferring  // the writers, but for a reader now and then: see shared_mutex
};

// How a shared_mutex is made.
struct shared_mutex_options {
  lock_policy policy = lock_policy::fair;
  on_unwind unwinding = on_unwind::poison;  // of guards that give access to change the value
  count_t max_readers = shared_word::most_readers;
};

namespace detail {

template <class Grant>
class acquire_awaiter;

template <class Owner, bool Poisons>
class holding;

template <class Owner, class T>
class upgrading;

// The word and the queue, with the names of a lock.
class shared_mutex_base {
 public:
  using lock_base = shared_mutex_base;

  shared_mutex_base(const shared_mutex_base&) = delete;
  shared_mutex_base& operator=(const shared_mutex_base&) = delete;

  // Effects: who waits, and whoever comes, fails with `poisoned` until clear_poison(). Who has the
  //   lock keeps it.
  void poison() noexcept { core_.fail(shared_word::poisoned); }

  // Effects: unlocks after a guard was forgotten, as its unlock() would have: of a write_guard, of
  //   a read_guard, of an upgradable_guard.
  // Throws: std::logic_error if there is no such lock; nothing has changed.
  void force_unlock() { force_unlock(shared_word::writer, "force_unlock"); }
  void force_unlock_shared() { force_unlock(shared_word::reader, "force_unlock_shared"); }
  void force_unlock_upgrade() { force_unlock(shared_word::upgradable, "force_unlock_upgrade"); }

  // What was true at some moment during the call. What is being handed over is locked.
  [[nodiscard]] bool is_locked() const noexcept {
    const shared_word now = core_.look();
    return !now.is_free() || (now.has(shared_word::queued) && !now.has(shared_word::failed));
  }
  [[nodiscard]] bool is_locked_exclusively() const noexcept { return core_.look().is_written(); }
  [[nodiscard]] bool is_poisoned() const noexcept {
    return core_.look().has(shared_word::poisoned);
  }
  [[nodiscard]] bool has_waiters() const noexcept { return core_.look().has(shared_word::queued); }

  // Returns: how many readers have the lock, the upgradable one included.
  [[nodiscard]] count_t readers() const noexcept { return core_.look().readers(); }

  // Returns: how many may.
  [[nodiscard]] count_t max_readers() const noexcept { return core_.look().limit(); }

 protected:
  // Throws: std::invalid_argument if there may be no reader, or more than can be counted.
  constexpr explicit shared_mutex_base(shared_mutex_options options)
      : core_(checked(options.max_readers), flags_of(options)) {}
  ~shared_mutex_base() = default;

  // Effects: the uncontended lock. Returns: false if it has to be looked into: lock_slowly.
  bool try_lock_now(count_t unit) noexcept { return core_.try_take_now(unit); }

  // Effects: lock for a thread. Returns: granted, or why not; pending, if a try has to wait.
  [[gnu::cold, gnu::noinline]] verdict try_lock_slowly(count_t unit) noexcept;
  // Throws: std::logic_error, built with PAWL_DEBUG, if the calling thread waited for itself, or
  //   runs tasks and has to wait.
  [[gnu::cold, gnu::noinline]] verdict lock_slowly(count_t unit);
  verdict lock_slowly(count_t unit, stop_token token) noexcept;
  verdict lock_slowly_until(count_t unit, steady_clock::time_point deadline) noexcept;

  // Effects: locks exclusively, what is poisoned too, and ends the poison.
  verdict try_recover() noexcept { return core_.try_recover(shared_word::writer); }

  // For the checker: whoever has the lock looks at all that it protects, or changes it. So a writer
  // and somebody else who have it without one before the other are a data race.
  void note_access(exclusive_access) noexcept { access_.write({}); }
  void note_access(shared_access) noexcept { static_cast<void>(access_.read()); }

 private:
  template <class Grant>
  friend class acquire_awaiter;
  template <class Owner, bool Poisons>
  friend class holding;
  template <class Guard, class Owner, class Access>
  friend class lock_ownership;
  template <class Owner, class T, class Kind>
  friend class basic_shared_mutex_guard;

  struct protected_data {};

  static constexpr count_t checked(count_t max_readers) {
    if (max_readers == 0 || max_readers > shared_word::most_readers) {
      throw_reader_limit(max_readers);
    }
    return max_readers;
  }
  [[noreturn]] static void throw_reader_limit(count_t max_readers);

  static constexpr shared_word::rep flags_of(shared_mutex_options o) noexcept {
    return (o.unwinding == on_unwind::release ? shared_word::lenient : 0) |
           (o.policy == lock_policy::writer_preferring ? shared_word::writers_first : 0);
  }

  void force_unlock(count_t unit, const char* called);

  [[nodiscard]] wanted_lock wanted(count_t unit) const noexcept {
    return {"shared_mutex", this, unit, &shared_word::excludes};
  }

  synchronizer<shared_permits> core_;
  [[no_unique_address]] cell<protected_data> access_;
};

// Throws: std::logic_error that says what was attempted.
[[noreturn]] void throw_shared_mutex_locked(const char* attempted);

}  // namespace detail

PAWL_END
