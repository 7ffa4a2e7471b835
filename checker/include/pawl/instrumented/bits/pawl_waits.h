// What the headers of this folder ask of the checker. They take the place of the library's own,
// whose waits count waiters, spin, and call the kernel: here each is one event, that waits.
#ifndef PAWL_INSTRUMENTED_WAITS
#define PAWL_INSTRUMENTED_WAITS 1

#pragma GCC system_header

extern "C" {

/// The next atomic load of these bytes by the calling thread waits until it reads something else.
void __pawl_await_change(const volatile void* at, const void* old, unsigned long size) noexcept;

/// Waits until *at == value, with this memory order; at most so many nanoseconds. Returns: false if
/// the time has passed.
void __pawl_await_equal(const volatile unsigned* at, unsigned value, int order) noexcept;
bool __pawl_await_equal_for(const volatile unsigned* at, unsigned value, int order,
                            long nanoseconds) noexcept;
unsigned __pawl_await_other(const volatile unsigned* at, unsigned value, int order) noexcept;

/// A semaphore, latch or barrier lies at `at`, where it keeps the number that it began with.
void __pawl_semaphore_acquire(const long* at) noexcept;
bool __pawl_semaphore_try_acquire(const long* at) noexcept;
bool __pawl_semaphore_acquire_for(const long* at, long nanoseconds) noexcept;
void __pawl_semaphore_release(const long* at, long n, long most) noexcept;
void __pawl_semaphore_end(const long* at) noexcept;

void __pawl_latch_count_down(const int* at, long n) noexcept;
void __pawl_latch_wait(const int* at) noexcept;
bool __pawl_latch_try_wait(const int* at) noexcept;
void __pawl_latch_end(const int* at) noexcept;

/// Returns: the phase. With `completes`, whether the caller is the last one and has to complete it.
unsigned long __pawl_barrier_arrive(const long* at, long n, bool drops, bool* completes) noexcept;
void __pawl_barrier_complete(const long* at) noexcept;
void __pawl_barrier_wait(const long* at, unsigned long phase, bool with_completion) noexcept;
void __pawl_barrier_end(const long* at) noexcept;
}

#endif
