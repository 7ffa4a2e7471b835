// In place of libstdc++'s header: what std::future waits for.
#ifndef _GLIBCXX_ATOMIC_FUTEX_H
#define _GLIBCXX_ATOMIC_FUTEX_H 1

#pragma GCC system_header

#include <bits/chrono.h>
#include <bits/pawl_waits.h>
#include <atomic>

#ifndef _GLIBCXX_ALWAYS_INLINE
#define _GLIBCXX_ALWAYS_INLINE inline __attribute__((__always_inline__))
#endif

namespace std _GLIBCXX_VISIBILITY(default) {
_GLIBCXX_BEGIN_NAMESPACE_VERSION

template <unsigned _Waiter_bit = 0x80000000>
class __atomic_futex_unsigned {
  atomic<unsigned> _M_data;

  const volatile unsigned* _M_address() const {
    return reinterpret_cast<const volatile unsigned*>(&_M_data);
  }

 public:
  explicit __atomic_futex_unsigned(unsigned __data) : _M_data(__data) {}

  _GLIBCXX_ALWAYS_INLINE unsigned _M_load(memory_order __mo) { return _M_data.load(__mo); }

  _GLIBCXX_ALWAYS_INLINE unsigned _M_load_when_not_equal(unsigned __val, memory_order __mo) {
    return __pawl_await_other(_M_address(), __val, int(__mo));
  }

  _GLIBCXX_ALWAYS_INLINE void _M_load_when_equal(unsigned __val, memory_order __mo) {
    __pawl_await_equal(_M_address(), __val, int(__mo));
  }

  // Returns false iff a timeout occurred.
  template <typename _Rep, typename _Period>
  _GLIBCXX_ALWAYS_INLINE bool _M_load_when_equal_for(
      unsigned __val, memory_order __mo, const chrono::duration<_Rep, _Period>& __rtime) {
    const auto __ns = chrono::__detail::ceil<chrono::nanoseconds>(__rtime);
    return __pawl_await_equal_for(_M_address(), __val, int(__mo), __ns.count());
  }

  // Returns false iff a timeout occurred.
  template <typename _Clock, typename _Duration>
  _GLIBCXX_ALWAYS_INLINE bool _M_load_when_equal_until(
      unsigned __val, memory_order __mo, const chrono::time_point<_Clock, _Duration>& __atime) {
    return _M_load_when_equal_for(__val, __mo, __atime - _Clock::now());
  }

  _GLIBCXX_ALWAYS_INLINE void _M_store_notify_all(unsigned __val, memory_order __mo) {
    _M_data.store(__val, __mo);
  }
};

_GLIBCXX_END_NAMESPACE_VERSION
}  // namespace std _GLIBCXX_VISIBILITY(default)

#endif
