#pragma once
// Model backend: plain shared data whose every access is checked for data races.

#include <pawl/backend/model/source_location.hpp>
#include <pawl/backend/namespace.hpp>
#include <pawl/check/runtime.hpp>

#include <cstring>
#include <type_traits>
#include <utility>

PAWL_BEGIN

template <class T>
class cell {
  using where = source_location;

 public:
  constexpr cell(where at = where::current()) : value_() { begin(at); }
  constexpr explicit cell(T value, where at = where::current()) : value_(std::move(value)) {
    begin(at);
  }
  cell(const cell&) = delete;
  cell& operator=(const cell&) = delete;
  constexpr ~cell() {
    if (std::is_constant_evaluated()) return;
    ::pawl::check::rt::plain_end(state_, where::current());
    if constexpr (std::is_trivially_destructible_v<T>) wipe();
  }

  constexpr T read(where at = where::current()) const {
    access(false, at);
    return value_;
  }
  T take(where at = where::current()) {
    access(true, at);
    T value = std::move(value_);
    if constexpr (std::is_trivially_copyable_v<T>) wipe();
    return value;
  }
  constexpr void write(T value, where at = where::current()) {
    access(true, at);
    value_ = std::move(value);
  }
  // Effects: that is what the latest write wrote; no access of its own.
  constexpr void settle(T value) { value_ = std::move(value); }
  template <class F>
  constexpr decltype(auto) with(F&& f, where at = where::current()) {
    access(true, at);
    return std::forward<F>(f)(value_);
  }
  template <class F>
  constexpr decltype(auto) with_read(F&& f, where at = where::current()) const {
    access(false, at);
    return std::forward<F>(f)(value_);
  }

  const void* address() const noexcept { return &state_; }  // What check::name() names.

 private:
  constexpr void begin(where at) noexcept {
    if (!std::is_constant_evaluated()) ::pawl::check::rt::plain_begin(state_, at);
  }
  constexpr void access(bool write, where at) const {
    if (std::is_constant_evaluated()) return;
    if (write)
      ::pawl::check::rt::plain_write(state_, at);
    else
      ::pawl::check::rt::plain_read(state_, at);
  }

  // Effects: nobody can go on with what was here, nor can it tell one state from another. The
  //   barrier keeps compilers from leaving it out.
  void wipe() noexcept {
    std::memset(static_cast<void*>(&value_), wiped_byte, sizeof value_);
    __asm__ volatile("" : : "r"(&value_) : "memory");
  }

  static constexpr int wiped_byte = 0xdd;

  mutable ::pawl::check::rt::plain_object state_;
  T value_;
};

PAWL_END
