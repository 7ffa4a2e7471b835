// What threads have for themselves: values under keys, and objects to destroy.
#pragma once

#include "caller.hpp"

namespace pawl::check::instrumented {

/// Effects: destroys the thread_local objects of the running thread, the latest first.
void end_thread_locals(const caller&);
/// Effects: f(argument) is called when the running thread has destroyed these objects.
void call_at_thread_end(const caller&, void (*f)(void*), void* argument);
/// Effects: calls the destructors of the values that the running thread has under keys.
void end_values(const caller&);

// The keys of pthread_key_create() and tss_create().
[[nodiscard]] unsigned create_key(const caller&, void (*destructor)(void*));
/// Misuse: there is no such key.
void delete_key(const caller&, unsigned key);
[[nodiscard]] void* value_under(const caller&, unsigned key);
void set_value(const caller&, unsigned key, void* value);

}  // namespace pawl::check::instrumented
