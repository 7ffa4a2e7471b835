// Locks of others in the standard's shape, where they have another one.
#pragma once

#include <absl/synchronization/mutex.h>

namespace peers {

// All that Abseil has would be three times as slow with its deadlock detector.
inline const bool has_no_deadlock_detector = [] {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return true;
}();

class absl_mutex {
 public:
  void lock() { mutex_.Lock(); }
  void unlock() { mutex_.Unlock(); }
  void lock_shared() { mutex_.ReaderLock(); }
  void unlock_shared() { mutex_.ReaderUnlock(); }

 private:
  friend class absl_condition;
  absl::Mutex mutex_;
};

class absl_condition {
 public:
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate holds) {
    while (!holds()) condition_.Wait(&lock.mutex()->mutex_);
  }
  void notify_one() { condition_.Signal(); }

 private:
  absl::CondVar condition_;
};

}  // namespace peers
