// POSIX mutexes of the program.
#pragma once

#include <pthread.h>

#include "caller.hpp"

namespace pawl::check::instrumented {

enum class mutex_kind : std::uint8_t { normal, recursive, checked };
[[nodiscard]] mutex_kind kind_of(const pthread_mutex_t*);

// All return 0 or the error of the POSIX function. A thread that locks a normal mutex which it
// holds waits for ever; what POSIX leaves undefined is misuse.
int lock(const caller&, const pthread_mutex_t*);
int try_lock(const caller&, const pthread_mutex_t*);
int lock_until(const caller&, const pthread_mutex_t*, clockid_t, const timespec* deadline);
int unlock(const caller&, const pthread_mutex_t*);
int destroy(const caller&, const pthread_mutex_t*);
/// Effects: a new mutex, of the kind that the attributes say.
int begin_mutex(const caller&, pthread_mutex_t*, const pthread_mutexattr_t*);

/// Effects: unlocks it for a wait on a condition. Misuse: the caller does not hold it.
void unlock_to_wait(const caller&, const pthread_mutex_t*);

}  // namespace pawl::check::instrumented
