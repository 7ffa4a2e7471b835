#pragma once
// A word or a number, or nothing: as std::optional, for the steps that change words.

#include <pawl/backend/namespace.hpp>

#include <optional>

PAWL_BEGIN

// Two plain members, which compilers keep in registers. Of an optional's union g++ 12 makes copies
// in memory, written in parts and read as a whole, for which processors wait: in the middle of each
// step that enters a queue.
template <class T>
class maybe {
 public:
  constexpr maybe(std::nullopt_t) noexcept {}  // NOLINT(google-explicit-constructor)
  constexpr maybe(T value) noexcept            // NOLINT(google-explicit-constructor)
      : value_(value), has_value_(true) {}

  [[nodiscard]] constexpr bool has_value() const noexcept { return has_value_; }
  constexpr explicit operator bool() const noexcept { return has_value_; }

  // Precondition: there is one.
  constexpr const T& operator*() const noexcept { return value_; }
  constexpr const T* operator->() const noexcept { return &value_; }

  [[nodiscard]] constexpr T value_or(T other) const noexcept { return has_value_ ? value_ : other; }

  friend constexpr bool operator==(maybe, maybe) noexcept = default;

 private:
  T value_{};
  bool has_value_ = false;
};

PAWL_END
