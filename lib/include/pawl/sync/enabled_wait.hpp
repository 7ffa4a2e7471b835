#pragma once
// A wait that has its place before it is awaited.

#include <pawl/backend/backend.hpp>
#include <pawl/error.hpp>
#include <pawl/sync/acquisition.hpp>
#include <pawl/sync/coroutine_wait.hpp>
#include <pawl/sync/notifications.hpp>
#include <pawl/sync/synchronizer.hpp>
#include <pawl/task/context.hpp>

#include <coroutine>
#include <optional>
#include <utility>

PAWL_BEGIN

class notify;

namespace detail {

class enabled_awaiter;

}  // namespace detail

// What notify::enable gives: a place in the queue, for a condition to be looked at before it is
// awaited: `auto place = n.enable(); if (!ready()) co_await std::move(place);` misses nothing that
// happens in between. Not synchronized: one such object is one thread's at a time.
//
// Returns of co_await: result<void>; errors: cancelled, timed_out.
// Cancel safety: destroying it, awaited or not, gives the place up; a notification that it had got,
//   but for a broadcast, is passed on.
class [[nodiscard]] enabled_wait {
 public:
  enabled_wait(enabled_wait&&) = delete;
  enabled_wait& operator=(enabled_wait&&) = delete;

  // Effects: gives up the place, and passes on what was not delivered. May resume others inline.
  ~enabled_wait();

  // Returns: whether awaiting it would not wait. Once true, it stays so.
  // Memory ordering: if true, what happened before the notification happened before this call.
  [[nodiscard]] bool is_notified() const noexcept;

  // Precondition: it was not awaited before.
  auto operator co_await() && noexcept;

 private:
  friend class notify;
  friend class detail::enabled_awaiter;

  using terms = detail::acquire_terms;

  enabled_wait(synchronizer<notifications>& core, terms asked_for) noexcept;

  bool suspend(std::coroutine_handle<> by, scheduler* where) noexcept;
  result<void> finish() noexcept;

  synchronizer<notifications>& core_;
  terms terms_;
  std::optional<count_t> got_;  // what ended the wait before it had to queue
  std::optional<detail::coroutine_wait<notifications>> wait_;
};

namespace detail {

class [[nodiscard]] enabled_awaiter {
 public:
  explicit enabled_awaiter(enabled_wait& w) noexcept : wait_(w) {}
  enabled_awaiter(const enabled_awaiter&) = delete;
  enabled_awaiter& operator=(const enabled_awaiter&) = delete;

  bool await_ready() noexcept { return wait_.got_.has_value(); }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> by) noexcept {
    return wait_.suspend(by, scheduler_of(by));
  }
  result<void> await_resume() noexcept { return wait_.finish(); }

 private:
  enabled_wait& wait_;
};

}  // namespace detail

inline auto enabled_wait::operator co_await() && noexcept { return detail::enabled_awaiter(*this); }

PAWL_END
