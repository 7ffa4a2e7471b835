#pragma once
// Native backend: thread-local values.

#include <pawl/backend/namespace.hpp>

#include <type_traits>

PAWL_BEGIN

// The calling thread's one value of type T: the type is the key, so T is a class made for the
// purpose. Each thread starts with T{}, which must be a constant expression; nothing runs at
// thread exit. A coroutine may resume on another thread: never keep the reference across an await.
template <class T>
class thread_slot {
 public:
  static T& get() noexcept {
    static_assert(std::is_trivially_destructible_v<T>, "a slot is dropped, not destroyed");
    return value_;
  }

 private:
  static inline constinit thread_local T value_{};
};

PAWL_END
