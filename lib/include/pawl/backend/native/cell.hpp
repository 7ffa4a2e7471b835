#pragma once
// Native backend: plain shared data, at no cost.

#include <pawl/backend/namespace.hpp>

#include <type_traits>
#include <utility>

PAWL_BEGIN

// Plain (non-atomic) data that passes from one thread to another under the protection of some
// protocol. The native cell is just a T; the model's cell reports a data race whenever the
// protocol fails to order two conflicting accesses.
template <class T>
class cell {
 public:
  constexpr cell() noexcept(std::is_nothrow_default_constructible_v<T>) : value_() {}
  constexpr explicit cell(T value) noexcept(std::is_nothrow_move_constructible_v<T>)
      : value_(std::move(value)) {}
  cell(const cell&) = delete;
  cell& operator=(const cell&) = delete;

  // Effects: one plain read.
  [[nodiscard]] constexpr T read() const { return value_; }

  // Effects: one plain read, after which the value is not needed: the next access is a write. The
  //   model's cell wipes it, and counts a write.
  [[nodiscard]] T take() { return std::move(value_); }

  // Effects: one plain write.
  constexpr void write(T value) { value_ = std::move(value); }

  // Effects: f(T&), which counts as a write. Returns what f returns.
  template <class F>
  constexpr decltype(auto) with(F&& f) {
    return std::forward<F>(f)(value_);
  }

  // Effects: f(const T&), which counts as a read. Returns what f returns.
  template <class F>
  constexpr decltype(auto) with_read(F&& f) const {
    return std::forward<F>(f)(value_);
  }

 private:
  [[no_unique_address]] T value_;
};

static_assert(sizeof(cell<void*>) == sizeof(void*));

PAWL_END
