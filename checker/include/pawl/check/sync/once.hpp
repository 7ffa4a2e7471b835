// call_once with the interface of std, for programs that run under the checker.
#pragma once

#include <pawl/check/sync/words.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace pawl::check {

namespace sync {

// A once_flag is one word, t = thread + 1:
//
//   word     state                  changed by
//   0        not called             anyone who begins, to t
//   t        t is calling           t: its function returns, to `called`, or throws, to 0
//   called   a call has returned    nobody
//
// Who begins, and who finds it called, acquires what the end of the call before released.

/// Effects: waits while another thread is calling. Returns: true if the caller has to call; it is
/// then the one that does, until end_call(). A thread that is calling waits for ever.
[[nodiscard]] bool begin_call(rt::atomic_object&, site);
/// Effects: ends the call; if it has not returned, the next one may call.
void end_call(rt::atomic_object&, bool returned, site);

}  // namespace sync

/// As std::once_flag.
class once_flag {
 public:
  constexpr once_flag(sync::site at = sync::site::current()) noexcept
      : object_{.show = rt::show_as::once} {
    if (!std::is_constant_evaluated()) rt::atomic_begin(object_, at);
  }
  once_flag(const once_flag&) = delete;
  once_flag& operator=(const once_flag&) = delete;
  ~once_flag() { rt::atomic_end(object_, sync::site::current()); }

  [[nodiscard]] rt::atomic_object& object() noexcept { return object_; }

 private:
  rt::atomic_object object_;  // The first member, so that name() of the flag names it.
};

namespace sync {

/// A flag, and the place of the call that it is passed to.
struct placed_flag {
  placed_flag(once_flag& f, site where = site::current()) : flag(f), at(where) {}
  once_flag& flag;
  site at;
};

}  // namespace sync

/// As std::call_once.
/// Effects: calls f(args...) unless a call with this flag has returned; waits while another thread
///   is calling. From inside the function itself it waits for ever: a deadlock.
/// Errors: what f throws leaves call_once; the next caller calls again.
/// Memory ordering: the end of each call synchronises with the beginning of the next one, and the
///   end of the one that returns with all that find it done, in one event that only reads.
template <class F, class... Args>
void call_once(sync::placed_flag once, F&& f, Args&&... args) {
  rt::atomic_object& o = once.flag.object();
  if (!sync::begin_call(o, once.at)) return;
  try {
    std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
  } catch (...) {
    sync::end_call(o, false, once.at);
    throw;
  }
  sync::end_call(o, true, once.at);
}

}  // namespace pawl::check
