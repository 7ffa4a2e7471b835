#pragma once
// What a sender's completions go to, and what it asks of it: the vocabulary of std::execution,
// without depending on an implementation.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

PAWL_BEGIN

// How a sender says what it completes with, as in
// completion_signatures<set_value_t(permit), set_error_t(error), set_stopped_t()>.
struct set_value_t {};
struct set_error_t {};
struct set_stopped_t {};
template <class... Signatures>
struct completion_signatures {};

// A receiver is told once, by one of the functions that the sender's completion_signatures name,
// called on an rvalue; none of them throws. It may destroy the operation there.
//
// It may have get_env() noexcept, whose result may have
//   get_scheduler(), which gives a pawl::scheduler*, where to complete (null, or none: inline), and
//   get_stop_token(), which gives any stop token: pawl::stop_token, std::stop_token, or another
//   one that names its callback_type. It is looked at when the operation starts, and no more when
//   it completes.
template <class Receiver>
concept receiver = std::move_constructible<Receiver> && requires(Receiver&& r, error e) {
  { std::move(r).set_stopped() } noexcept;
  { std::move(r).set_error(e) } noexcept;
};

namespace detail {

template <class Receiver, class Value>
inline constexpr bool takes_value = requires(Receiver&& r, Value&& v) {
  { std::move(r).set_value(std::forward<Value>(v)) } noexcept;
};
template <class Receiver>
inline constexpr bool takes_value<Receiver, void> = requires(Receiver&& r) {
  { std::move(r).set_value() } noexcept;
};

}  // namespace detail

// It takes this value; of void, none.
template <class Receiver, class Value>
concept receiver_of = receiver<Receiver> && detail::takes_value<Receiver, Value>;

namespace detail {

struct empty_environment {};

template <class Receiver>
auto environment_of(const Receiver& r) noexcept {
  if constexpr (requires { r.get_env(); }) {
    return r.get_env();
  } else {
    return empty_environment();
  }
}

template <class Environment>
scheduler* scheduler_in(const Environment& e) noexcept {
  if constexpr (requires {
                  { e.get_scheduler() } -> std::convertible_to<scheduler*>;
                }) {
    return e.get_scheduler();
  } else {
    return nullptr;
  }
}

template <class Environment>
auto stop_token_in(const Environment& e) noexcept {
  if constexpr (requires { e.get_stop_token(); }) {
    return e.get_stop_token();
  } else {
    return stop_token();
  }
}

template <class Receiver>
using stop_token_for = decltype(stop_token_in(environment_of(std::declval<const Receiver&>())));

}  // namespace detail

PAWL_END
