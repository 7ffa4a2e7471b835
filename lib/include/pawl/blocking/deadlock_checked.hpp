#pragma once
// A lock that refuses a wait that would never end.

#include <pawl/backend/backend.hpp>
#include <pawl/blocking/mutex.hpp>
#include <pawl/task/stop_token.hpp>
#include <pawl/task/timer.hpp>

PAWL_BEGIN

namespace detail {

class watched_lock;

// What a thread waits for; null: nothing that it could be kept from for ever.
struct watched_thread {
  watched_lock* waits_for = nullptr;  // changes, and is read by others, under the detector's lock
};

// A lock that knows who has it.
class watched_lock {
 public:
  watched_lock(const watched_lock&) = delete;
  watched_lock& operator=(const watched_lock&) = delete;

 protected:
  constexpr watched_lock() noexcept = default;
  ~watched_lock() = default;

  // The calling thread waits for the lock, as long as this lives.
  class wait {
   public:
    // Throws: std::system_error, if the thread that has the lock waits, perhaps by way of others,
    //   for one that the calling thread has.
    explicit wait(watched_lock& lock);
    ~wait();
    wait(const wait&) = delete;
    wait& operator=(const wait&) = delete;

   private:
    watched_thread& me_;
  };

  void own() noexcept;
  bool own_if(bool locked) noexcept {
    if (locked) own();
    return locked;
  }
  // Throws: std::logic_error if it is not the calling thread that has it.
  void disown();

 private:
  static unsigned length_of_circle(const watched_lock& lock, const watched_thread& me) noexcept;

  atomic<watched_thread*> owner_{nullptr};  // written by the owner, after locking, before unlocking
};

}  // namespace detail

namespace blocking {

// A Mutex (mutex, fair_mutex) whose lock() throws where it would wait for ever, because its owner
// waits for the caller: at once, in the thread that closes the circle, and nothing is locked
// (DEADLOCK-SEEN). Nobody else is disturbed, and no wait is refused that could end (DEADLOCK-ONLY).
// Who locks twice is a circle of one.
//
// For finding mistakes; the program without them is the same with Mutex alone. Costs two stores and
// two words beside Mutex, and a lock of the whole program for each call that has to wait. Waits
// that a stop or a deadline ends are no part of a circle.
// Precondition: a thread unlocks what it has before it ends; nobody else may.
template <class Mutex = mutex>
class deadlock_checked : detail::watched_lock {
 public:
  constexpr deadlock_checked() noexcept = default;

  // Effects: as Mutex::lock(). Throws: std::system_error(resource_deadlock_would_occur).
  void lock() {
    if (!lock_.try_lock()) {
      const wait waiting(*this);
      lock_.lock();
    }
    own();
  }

  // The other members of Mutex.
  [[nodiscard]] bool lock(stop_token token) { return own_if(lock_.lock(token)); }
  [[nodiscard]] bool try_lock() noexcept { return own_if(lock_.try_lock()); }
  [[nodiscard]] bool try_lock_until(steady_clock::time_point deadline) {
    return own_if(lock_.try_lock_until(deadline));
  }
  [[nodiscard]] bool try_lock_for(steady_clock::duration timeout) {
    return own_if(lock_.try_lock_for(timeout));
  }
  [[nodiscard]] bool is_locked() const noexcept { return lock_.is_locked(); }
  [[nodiscard]] bool has_waiters() const noexcept { return lock_.has_waiters(); }

  // Effects: as Mutex::unlock(). Throws: std::logic_error if the calling thread does not have it;
  //   nothing has changed.
  void unlock() {
    disown();
    lock_.unlock();
  }

 private:
  Mutex lock_;
};

}  // namespace blocking

PAWL_END
