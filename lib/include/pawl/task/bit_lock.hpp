#pragma once
// A lock for a fixed number of steps.

#include <pawl/backend/backend.hpp>

#include <cstdint>

PAWL_BEGIN

namespace detail {

// One bit, held only for short pieces of our own code: never across user code, a wake-up, or a call
// that may block. Not fair.
class bit_lock {
 public:
  constexpr bit_lock() noexcept = default;
  bit_lock(const bit_lock&) = delete;
  bit_lock& operator=(const bit_lock&) = delete;

  void lock() noexcept {
    const auto is_free = [](std::uint8_t held) { return held == 0; };
    const auto take = [](std::uint8_t) { return std::uint8_t{1}; };
    // [bit_lock.1] acquire: sees what the last holder left; pairs with [bit_lock.2].
    spin_update(held_, is_free, take, memory_order_acquire);
  }

  void unlock() noexcept {
    // [bit_lock.2] release: hands over what the lock protects; pairs with [bit_lock.1].
    held_.store(0, memory_order_release);
  }

 private:
  atomic<std::uint8_t> held_{0};
};

// Holds the lock for its lifetime.
class bit_lock_guard {
 public:
  explicit bit_lock_guard(bit_lock& lock) noexcept : lock_(lock) { lock_.lock(); }
  ~bit_lock_guard() { lock_.unlock(); }
  bit_lock_guard(const bit_lock_guard&) = delete;
  bit_lock_guard& operator=(const bit_lock_guard&) = delete;

 private:
  bit_lock& lock_;
};

}  // namespace detail

PAWL_END
