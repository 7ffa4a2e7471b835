#pragma once
// Native backend: the only ways in which library code may spin.

#include <pawl/backend/namespace.hpp>
#include <pawl/backend/native/atomic.hpp>
#include <pawl/backend/native/limits.hpp>

PAWL_BEGIN

// Tells the processor that this is a spin loop.
inline void spin_hint() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  asm volatile("yield" ::: "memory");
#endif
}

// Effects: none, but that one or two microseconds pass, or what so many pauses take elsewhere.
inline void spin_at_length() noexcept {
  for (unsigned i = 0; i < limits::most_pauses; ++i) spin_hint();
}

namespace detail {

// Backs off inside a spin loop: a few pauses, doubling, then the processor is offered to the
// thread we wait for, which may have been descheduled in its critical section.
class spin_backoff {
 public:
  void wait() noexcept;

 private:
  unsigned pauses_ = 1;
};

}  // namespace detail

// Effects: none, but that time passes: looks at `a` now and then, until p(value) holds or to queue
//   and be woken would take no longer. What holds then is for the caller to find out.
// Memory ordering: none.
template <class T, class Pred>
void spin_briefly(const atomic<T>& a, Pred p) noexcept {
  detail::spin_backoff backoff;
  for (unsigned looks = 0; looks < limits::most_looks; ++looks) {
    backoff.wait();
    if (p(a.load(memory_order_relaxed))) return;
  }
}

// Effects: reads `a` until p(value) holds. Only for waits of bounded length: what is waited for is
//   done by a thread that runs a fixed number of steps, none of them user code.
// Returns: the first value read for which p holds.
// Memory ordering: every load has order o.
template <class T, class Pred>
T spin_until(const atomic<T>& a, Pred p, memory_order o) {
  for (detail::spin_backoff backoff;; backoff.wait()) {
    T value = a.load(o);
    if (p(value)) return value;
  }
}

// Effects: waits until p(value), then replaces that value by f(value), in one atomic step. The
//   wait is bounded as for spin_until. p and f may be called more than once.
// Returns: the value replaced.
// Memory ordering: the read-modify-write has order o.
template <class T, class Pred, class Fn>
T spin_update(atomic<T>& a, Pred p, Fn f, memory_order o) {
  // A failed exchange publishes nothing and its value is judged again, so relaxed suffices.
  T value = a.load(memory_order_relaxed);
  for (detail::spin_backoff backoff;;) {
    if (!p(value)) {
      backoff.wait();
      value = a.load(memory_order_relaxed);
    } else if (a.compare_exchange_weak(value, f(value), o, memory_order_relaxed)) {
      return value;
    }
  }
}

PAWL_END
