#pragma once
// What is thrown out of the coroutines of a model.

#include <pawl/backend/backend.hpp>
#include <pawl/task/unhandled.hpp>

#include <exception>

namespace models {

inline constinit pawl::atomic<unsigned> unhandled{0};

// Counts what is thrown out of coroutines, while it lives.
class unhandled_counter {
 public:
  unhandled_counter() { pawl::set_unhandled_handler(&count); }
  ~unhandled_counter() { pawl::set_unhandled_handler(nullptr); }

  // Waits for the first, whose coroutine has ended then.
  void wait() const {
    pawl::spin_until(unhandled, [](unsigned n) { return n == 1; }, pawl::memory_order_acquire);
  }

 private:
  static void count(std::exception_ptr) noexcept {
    unhandled.fetch_add(1, pawl::memory_order_release);
  }
};

}  // namespace models
