#pragma once
// What a coroutine hands down to the operations it awaits: its scheduler, its stop token and its
// budget.

#include <pawl/backend/backend.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>

PAWL_BEGIN

// Any promise may take part by having `scheduler* get_scheduler() noexcept`,
// `stop_token get_stop_token() noexcept` and `unsigned get_budget() noexcept`; task's has all.

// Returns: where the coroutine is to be resumed; null (its promise does not say): inline.
template <class Promise>
scheduler* scheduler_of(std::coroutine_handle<Promise> coroutine) noexcept {
  if constexpr (requires { coroutine.promise().get_scheduler(); }) {
    return coroutine.promise().get_scheduler();
  } else {
    return nullptr;
  }
}

// Returns: the token that stops the coroutine; one that never stops if its promise has none.
template <class Promise>
stop_token stop_token_of(std::coroutine_handle<Promise> coroutine) noexcept {
  if constexpr (requires { coroutine.promise().get_stop_token(); }) {
    return coroutine.promise().get_stop_token();
  } else {
    return {};
  }
}

// Returns: how many operations a turn has for the coroutine (see cooperative); the usual number if
//   its promise does not say.
template <class Promise>
unsigned budget_of(std::coroutine_handle<Promise> coroutine) noexcept {
  if constexpr (requires { coroutine.promise().get_budget(); }) {
    return coroutine.promise().get_budget();
  } else {
    return limits::budget;
  }
}

PAWL_END
