// POSIX condition variables of the program.
#pragma once

#include "locks.hpp"

namespace pawl::check::instrumented {

// All return 0 or the error of the POSIX function. There are no spurious wake-ups.
int begin_condition(const caller&, const pthread_cond_t*);
int wait(const caller&, const pthread_cond_t*, const pthread_mutex_t*);
int wait_until(const caller&, const pthread_cond_t*, const pthread_mutex_t*, clockid_t,
               const timespec* deadline);
int notify_one(const caller&, const pthread_cond_t*);
int notify_all(const caller&, const pthread_cond_t*);
/// Misuse: a thread waits that was not notified.
int destroy(const caller&, const pthread_cond_t*);

}  // namespace pawl::check::instrumented
