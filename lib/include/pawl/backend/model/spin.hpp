#pragma once
// Model backend: waiting for a value is one await of the engine, never a loop.

#include <pawl/backend/model/atomic.hpp>

PAWL_BEGIN

inline void spin_hint() noexcept {}

inline void spin_at_length() noexcept {}

template <class T, class Pred>
void spin_briefly(const atomic<T>&, Pred) noexcept {}

template <class T, class Pred>
T spin_until(const atomic<T>& a, Pred p, memory_order o,
             source_location at = source_location::current()) {
  return detail::from_word<T>(detail::rt::await(a.object(), detail::to_predicate<T>(p), o, at));
}

template <class T, class Pred, class Fn>
T spin_update(atomic<T>& a, Pred p, Fn f, memory_order o,
              source_location at = source_location::current()) {
  return detail::from_word<T>(detail::rt::await_update(a.object(), detail::to_predicate<T>(p),
                                                       detail::to_update<T>(f), o, at));
}

PAWL_END
