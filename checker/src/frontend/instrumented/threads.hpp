// POSIX threads of the program, as threads of the model.
#pragma once

#include <functional>

#include "caller.hpp"

namespace pawl::check::instrumented {

/// What a pthread_t is: the number of the thread, and one. 0: no thread.
using thread_handle = unsigned long;
[[nodiscard]] constexpr thread_handle handle_of(rt::thread_id t) { return t + thread_handle{1}; }

/// Misuse: there is none; "thread 1 joins a thread that was never created", or what it does.
[[nodiscard]] rt::thread_id thread_of(const caller&, thread_handle, std::string_view does);

struct start_options {
  bool detached = false;
  bool twin = false;  ///< It is identical to the one that was started just before.
};
/// Effects: starts a thread; *out, from before it begins: what it is.
void start_thread(const caller&, thread_handle* out, void* (*body)(void*), void* argument,
                  start_options);
/// Effects: waits for the thread to end, which has this result. Returns: 0, or EDEADLK if
///   it is the running one. Misuse: it can't be joined.
int join_thread(const caller&, thread_handle, void*& result);
/// Misuse: it is detached or joined already.
void detach_thread(const caller&, thread_handle);
/// Effects: unwinds the running thread, which ends with this result.
[[noreturn]] void exit_thread(const caller&, void* result);

/// Effects: the first thread runs `body`, and then what is to be done when the program ends; before
/// that, all other threads end if `body` ends by exit_thread().
void run_first_thread(const std::function<void()>& body);

}  // namespace pawl::check::instrumented
