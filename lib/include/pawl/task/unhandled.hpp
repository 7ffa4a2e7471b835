#pragma once
// Exceptions that nobody is left to receive.

#include <pawl/backend/backend.hpp>

#include <exception>

PAWL_BEGIN

// Receives an exception that left a resumed coroutine, or a task whose join_handle was dropped.
// Everything of pawl's is in a consistent state when it is called, on the thread that ran into it.
using unhandled_handler = void (*)(std::exception_ptr) noexcept;

// Effects: replaces the process-wide handler; null restores the default, which terminates with the
//   exception as the current one, so that its text is printed.
// Returns: the handler replaced, null if it was the default.
// Memory ordering: happens before the calls of the handler, and before its replacement's return
//   (UNHANDLED-HB).
unhandled_handler set_unhandled_handler(unhandled_handler handler) noexcept;

// Effects: calls the handler.
void on_unhandled(std::exception_ptr exception) noexcept;

PAWL_END
