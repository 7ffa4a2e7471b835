#pragma once
// What a coroutine hands down to the operations it awaits: its scheduler and its stop token.

#include <pawl/backend/backend.hpp>
#include <pawl/task/scheduler.hpp>
#include <pawl/task/stop_token.hpp>

#include <coroutine>

PAWL_BEGIN

// Any promise may take part by having `scheduler* get_scheduler() noexcept` and
// `stop_token get_stop_token() noexcept`; task's has both.

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

PAWL_END
