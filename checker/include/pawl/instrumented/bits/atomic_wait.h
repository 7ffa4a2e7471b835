// In place of libstdc++'s header: a wait for a change is the one load that ends it.
#ifndef _GLIBCXX_ATOMIC_WAIT_H
#define _GLIBCXX_ATOMIC_WAIT_H 1

#pragma GCC system_header

#include <bits/c++config.h>
#include <bits/functional_hash.h>
#include <bits/gthr.h>
#include <bits/pawl_waits.h>
#include <bits/std_mutex.h>
#include <ext/numeric_traits.h>

#define __cpp_lib_atomic_wait 201907L

namespace std _GLIBCXX_VISIBILITY(default) {
_GLIBCXX_BEGIN_NAMESPACE_VERSION

namespace __detail {
using __platform_wait_t = int;
static constexpr size_t __platform_wait_alignment = 4;

inline void __thread_yield() noexcept { __gthread_yield(); }

inline void __thread_relax() noexcept { __gthread_yield(); }
}  // namespace __detail

// __load reads with the order of the wait.
template <typename _Tp, typename _Load>
void __atomic_wait_address_v(const _Tp* __addr, _Tp __old, _Load __load) noexcept {
  for (;;) {
    __pawl_await_change(__addr, &__old, sizeof(_Tp));
    const auto __now = __load();
    if (__builtin_memcmp(&__now, &__old, sizeof(_Tp)) != 0) return;
  }
}

// Whoever waits sees the change.
template <typename _Tp>
void __atomic_notify_address(const _Tp*, bool) noexcept {}

_GLIBCXX_END_NAMESPACE_VERSION
}  // namespace std _GLIBCXX_VISIBILITY(default)
#endif  // _GLIBCXX_ATOMIC_WAIT_H
