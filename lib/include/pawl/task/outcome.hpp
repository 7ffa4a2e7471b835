#pragma once
// Where a coroutine leaves what it ended with.

#include <pawl/backend/backend.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

PAWL_BEGIN

namespace detail {

// At first empty, then a value or an exception. Written by the coroutine, read by whoever it hands
// its end to.
template <class Stored>
class outcome_cell {
 public:
  void unhandled_exception() noexcept {
    state_.with([](state& s) { s.template emplace<thrown>(std::current_exception()); });
  }

  // Returns: the exception, unless it was taken; null if there is none.
  [[nodiscard]] std::exception_ptr exception() const noexcept {
    return state_.with_read([](const state& s) {
      const auto* const e = std::get_if<thrown>(&s);
      return e != nullptr ? *e : std::exception_ptr();
    });
  }

 protected:
  template <class... Args>
  void store(Args&&... args) {
    state_.with([&](state& s) { s.template emplace<returned>(std::forward<Args>(args)...); });
  }

  // Returns: the value, moved out. Throws: the exception. Precondition: not empty.
  Stored take_stored() {
    return state_.with([](state& s) -> Stored {
      if (auto* const e = std::get_if<thrown>(&s)) std::rethrow_exception(std::move(*e));
      return std::move(std::get<returned>(s));
    });
  }

 private:
  using state = std::variant<std::monostate, Stored, std::exception_ptr>;
  static constexpr std::size_t returned = 1;
  static constexpr std::size_t thrown = 2;

  cell<state> state_;
};

// The base of promises whose coroutine returns T. take() gives what it returned, or throws what
// left it, once.
template <class T>
class outcome : public outcome_cell<T> {
 public:
  template <class U = T>
    requires std::constructible_from<T, U>
  void return_value(U&& value) noexcept(std::is_nothrow_constructible_v<T, U>) {
    this->store(std::forward<U>(value));
  }
  T take() { return this->take_stored(); }
};

template <class T>
class outcome<T&> : public outcome_cell<T*> {
 public:
  void return_value(T& value) noexcept { this->store(std::addressof(value)); }
  T& take() { return *this->take_stored(); }
};

struct returned_nothing {};

template <>
class outcome<void> : public outcome_cell<returned_nothing> {
 public:
  void return_void() noexcept { store(); }
  void take() { take_stored(); }
};

}  // namespace detail

PAWL_END
