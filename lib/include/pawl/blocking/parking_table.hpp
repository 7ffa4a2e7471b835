#pragma once
// Where threads wait for locks of a byte: one table for the whole program, keyed by address.
//
// The blocking locks have no room for a queue, and don't use the synchronizer: this table is their
// core. A thread that waits is a node on its own stack, in the queue of a bucket; so nothing is
// allocated, and a lock costs nothing while nobody waits for it. Which bucket, the address says;
// objects that share one wait in the same list and are told apart by their address. (Filip Pizlo's
// idea, "Locking in WebKit", 2016.)

#include <pawl/backend/backend.hpp>
#include <pawl/task/stop_token.hpp>

#include <cstdint>
#include <optional>

PAWL_BEGIN

namespace detail {

class parking_bucket;
class parked_thread;

// How long a thread is willing to wait.
struct patience {
  stop_token token{};
  std::optional<steady_clock::time_point> deadline{};
};

// Why a thread waits no longer.
enum class unparked : std::uint8_t {
  not_yet,
  to_retry,     // somebody may have made room: look again
  handed_over,  // what it waited for is its own
  cancelled,    // it gave up: a stop request
  timed_out,    // it gave up: the deadline
};

// A thread that waits for an object. It lives on the stack of that thread, which queues it in the
// object's bucket, unlocks the bucket and calls wait(); any number of times.
//
// Ownership: while it is queued, all fields belong to whoever holds the lock of the bucket. Whoever
// takes it off the queue owns it until the unpark, which ends the wait.
class parked_thread {
 public:
  // Called when the wait for `object` was given up and is off the queue, with the bucket locked.
  using left_function = void (*)(parking_bucket& bucket, void* object) noexcept;

  parked_thread(void* object, left_function left) noexcept;
  parked_thread(const parked_thread&) = delete;
  parked_thread& operator=(const parked_thread&) = delete;

  // Effects: blocks until somebody wakes this thread, or its patience is exhausted. A wait that was
  //   moved to another object is not given up any more.
  // Precondition: it was queued by this thread, and the bucket is not locked by it.
  // Memory ordering: whatever happens before the waker unlocks the bucket happens before the
  //   return.
  unparked wait(const patience& limit = {}) noexcept;

  // How often it was woken and had to queue again. For the holder of the bucket's lock, or the
  // thread itself while it is not queued.
  [[nodiscard]] unsigned overtaken() const noexcept { return overtaken_.read(); }
  void count_overtaken() noexcept { overtaken_.write(overtaken_.read() + 1); }

  // Effects: from now on it waits for another object. Precondition: it is off the queue, not woken,
  //   and was not moved before; it will be queued in the bucket of `object`, or woken there.
  void move_to(const void* object) noexcept { awaited_.write(object); }

 private:
  friend class parking_bucket;
  friend class parked_list;

  unparked block(const patience& limit) noexcept;
  bool give_up(unparked why) noexcept;

  parker& parker_;
  void* const home_;
  const left_function left_;
  cell<const void*> awaited_;
  cell<parked_thread*> next_{nullptr};
  cell<parked_thread*> previous_{nullptr};
  cell<unparked> why_{unparked::not_yet};
  cell<unsigned> overtaken_{0};
};

// Threads that were taken off a queue, in that order.
class parked_list {
 public:
  void append(parked_thread& thread) noexcept;
  // Returns: the first, which is not in the list any more; null if it is empty.
  parked_thread* pop() noexcept;

 private:
  parked_thread* first_ = nullptr;
  parked_thread* last_ = nullptr;
};

// The bucket of an object, locked. When this object dies, the bucket is unlocked first, then those
// that wake() was called for are woken.
//
// The lock is spun for: it is held for a look through the queue, never across a wake-up or code of
// a user. Nobody holds two.
class parking_bucket {
 public:
  explicit parking_bucket(const void* object) noexcept;
  ~parking_bucket();
  parking_bucket(const parking_bucket&) = delete;
  parking_bucket& operator=(const parking_bucket&) = delete;

  // Effects: the thread is the last, or the first, that waits for what it waits for.
  void append(parked_thread& thread) noexcept;
  void prepend(parked_thread& thread) noexcept;

  // Returns: the thread that is first in line for the object, or next behind another one; null if
  //   there is none. Complexity: linear in the length of the queue.
  [[nodiscard]] parked_thread* first(const void* object) const noexcept;
  [[nodiscard]] parked_thread* behind(const parked_thread& thread,
                                      const void* object) const noexcept;

  void remove(parked_thread& thread) noexcept;

  // Effects: its wait ends so when the bucket is unlocked. Precondition: it is off the queue.
  void wake(parked_thread& thread, unparked why) noexcept;

 private:
  atomic<std::uintptr_t>& word_;
  parked_thread* head_;  // of a ring; null: nobody waits
  parked_list woken_;
};

// Returns: whether threads that wait for these wait in the same bucket.
[[nodiscard]] bool share_bucket(const void* one, const void* other) noexcept;

}  // namespace detail

PAWL_END
