#pragma once
// What the models of the blocking locks share. Which bucket of the parking table an object has, its
// address says; the table has two under the checker.

#include <pawl/blocking/mutex.hpp>
#include <pawl/blocking/parking_table.hpp>

#include "../support.hpp"

namespace models {

// Objects of which two share a bucket, or don't, whatever their addresses are.
template <class T>
class pair_of {
 public:
  explicit pair_of(bool sharing) {
    for (T& each : objects_) {
      if (&each != first_ && pawl::detail::share_bucket(first_, &each) == sharing) second_ = &each;
    }
    require(second_ != nullptr, "no object has the bucket that is needed");
  }
  T& first() { return *first_; }
  T& second() { return *second_; }

 private:
  static constexpr int enough = 8;

  T objects_[enough];
  T* const first_ = &objects_[0];
  T* second_ = nullptr;
};

// What a lock protects, counted up by everybody who has it.
class entries {
 public:
  // Precondition: the caller has the lock.
  void count() { entered_.write(entered_.read() + 1); }
  [[nodiscard]] unsigned counted() const { return entered_.read(); }

 private:
  pawl::cell<unsigned> entered_{0};
};

template <class Mutex>
void enter(Mutex& m, entries& inside) {
  m.lock();
  inside.count();
  m.unlock();
}

// Unlocks if it is locked. Returns: whether it was.
template <class Mutex>
bool leave_if(bool locked, Mutex& m, entries& inside) {
  if (locked) {
    inside.count();
    m.unlock();
  }
  return locked;
}

// Nobody has the lock or waits for it, and so many had it.
template <class Mutex>
void require_idle(const Mutex& m, const entries& inside, unsigned expected) {
  require(!m.is_locked() && !m.has_waiters(), "BYTE-PARKED: idle, but its word says otherwise");
  require(inside.counted() == expected);
}

}  // namespace models
