// A lock that is one atomic variable.
#pragma once

#include <pawl/backend/backend.hpp>

namespace pawl::check::tests {

class spin_lock {
 public:
  void lock() {
    spin_update(held_, [](bool h) { return !h; }, [](bool) { return true; }, memory_order_acquire);
  }
  bool try_lock() {
    bool expected = false;
    return held_.compare_exchange_strong(expected, true, memory_order_acquire,
                                         memory_order_relaxed);
  }
  void unlock() { held_.store(false, memory_order_release); }

 private:
  atomic<bool> held_{false};
};

}  // namespace pawl::check::tests
