#pragma once
// What a lock protects.

#include <pawl/backend/backend.hpp>

#include <utility>

PAWL_BEGIN

namespace detail {

// A value in the lock itself; nothing, if T is void.
template <class T>
struct protected_value {
  template <class... Args>
  constexpr explicit protected_value(Args&&... args) : value_(std::forward<Args>(args)...) {}
  T value_;
};
template <>
struct protected_value<void> {};

}  // namespace detail

PAWL_END
