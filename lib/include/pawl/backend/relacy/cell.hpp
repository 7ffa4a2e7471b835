#pragma once
// Relacy backend: plain shared data whose every access Relacy checks for data races.

#include <pawl/backend/relacy/engine.hpp>

#include <ostream>
#include <type_traits>
#include <utility>

PAWL_BEGIN

namespace detail {

// A line of Relacy's history.
struct cell_event {
  const void* cell;
  bool is_write;

  void output(std::ostream& out) const {
    out << '<' << cell << "> plain " << (is_write ? "write" : "read");
  }
};

}  // namespace detail

// As rl::var, but of any type: those are initialised from 0 and printed.
template <class T>
class cell {
  using where = source_location;

 public:
  constexpr cell() : value_() { begin(); }
  constexpr explicit cell(T value) : value_(std::move(value)) { begin(); }
  cell(const cell&) = delete;
  cell& operator=(const cell&) = delete;
  constexpr ~cell() {
    if (!std::is_constant_evaluated()) rl::ctx().var_dtor(state_);
  }

  constexpr T read(where at = where::current()) const {
    access(false, at);
    return value_;
  }
  T take(where at = where::current()) {
    access(true, at);
    return std::move(value_);
  }
  constexpr void write(T value, where at = where::current()) {
    access(true, at);
    value_ = std::move(value);
  }
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

 private:
  constexpr void begin() {
    if (std::is_constant_evaluated()) return;
    state_ = rl::ctx().var_ctor();
    state_->init(*rl::ctx().threadx_);
  }
  constexpr void access(bool is_write, where at) const {
    if (!std::is_constant_evaluated()) check(is_write, at);
  }
  void check(bool is_write, where at) const {
    rl::context& c = rl::ctx();
    const rl::debug_info info = detail::debug_info(at);
    const bool ordered = is_write ? state_->store(*c.threadx_) : state_->load(*c.threadx_);
    if (c.collecting_history()) c.exec_log(info, detail::cell_event{this, is_write});
    if (!ordered) c.fail_test("data race detected", rl::test_result_data_race, info);
  }

  rl::var_data* state_ = nullptr;
  T value_;
};

PAWL_END
