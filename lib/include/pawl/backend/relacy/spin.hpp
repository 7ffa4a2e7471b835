#pragma once
// Relacy backend: whoever spins yields, or Relacy would take it for a livelock.

#include <pawl/backend/relacy/atomic.hpp>
#include <pawl/backend/relacy/engine.hpp>

PAWL_BEGIN

inline void spin_hint() noexcept {}

inline void spin_at_length() noexcept {}

template <class T, class Pred>
void spin_briefly(const atomic<T>&, Pred) noexcept {}

template <class T, class Pred>
T spin_until(const atomic<T>& a, Pred p, memory_order o,
             source_location at = source_location::current()) {
  for (;;) {
    const T value = a.load(o, at);
    if (p(value)) return value;
    rl::yield(1, detail::debug_info(at));
  }
}

template <class T, class Pred, class Fn>
T spin_update(atomic<T>& a, Pred p, Fn f, memory_order o,
              source_location at = source_location::current()) {
  for (;;) {
    T value = a.load(memory_order_relaxed, at);
    if (p(value) && a.compare_exchange_strong(value, f(value), o, memory_order_relaxed, at)) {
      return value;
    }
    rl::yield(1, detail::debug_info(at));
  }
}

PAWL_END
